import type { Box, Diagram, DrawnNeed } from './diagram.ts';
import { lanesFor } from './lanes.ts';
import { LANE_COLOURS } from './svg-style.ts';

/** A diagram with a place for everything, in pixels from the top left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly PlacedBand[];
  readonly boxes: readonly PlacedBox[];
  readonly lanes: readonly PlacedLane[];
  readonly arrows: readonly PlacedArrow[];
  /** Where the boxes end and the lanes begin. */
  readonly edge: number;
}

interface PlacedBand {
  readonly phase: string;
  readonly y: number;
  readonly height: number;
}

export interface PlacedBox {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What is read and which tables are written, broken into lines. */
  readonly lines: readonly string[];
  readonly needs: readonly { readonly need: DrawnNeed; readonly text: NeedText; readonly y: number }[];
}

export interface NeedText {
  readonly label: string;
  /** What follows the label, less important. */
  readonly rest: string;
}

/** The line that begins at a step and runs past all steps that need it. */
interface PlacedLane {
  readonly ordinal: number;
  /** Place in the list of colours; neighbours in the order have different ones. */
  readonly colour: number;
  readonly x: number;
  /** Where it leaves its step. */
  readonly portY: number;
  readonly top: number;
  readonly bottom: number;
}

/** The lines from lanes to one need, outermost lane first. */
interface PlacedArrow {
  readonly strength: DrawnNeed['strength'];
  readonly y: number;
  readonly lanes: readonly PlacedLane[];
}

export const SIZES = { margin: 20, line: 18, padding: 10, gap: 8, bandHead: 32, bandGap: 12, indent: 44, header: 56 };
/** Of a character of the text in boxes; fonts of one width differ by little. */
const CHARACTER = 6.65;
const NAME_CHARACTER = 8.2;
const LANE = 14;
const FIRST_LANE = 26;
const LINE_LENGTH = 40;
const LEGEND = 44;

export function layoutOf(diagram: Diagram): Layout {
  const drafts = diagram.bands.map(({ phase, boxes }) => ({ phase, drafts: boxes.map(draftOf) }));
  const all = drafts.flatMap(({ drafts: own }) => own);
  const names = Math.max(0, ...all.map(({ nameWidth }) => nameWidth));
  const reasons = Math.max(0, ...all.map(({ needsWidth }) => needsWidth));
  const x = SIZES.margin + 14;
  const width = SIZES.indent + names + 28 + reasons + 16;
  let y = SIZES.header;
  const bands: PlacedBand[] = [];
  const boxes: PlacedBox[] = [];
  for (const { phase, drafts: own } of drafts) {
    const top = y;
    y += SIZES.bandHead;
    for (const draft of own) {
      boxes.push(placed(draft, { x, y, width }));
      y += draft.height + SIZES.gap;
    }
    y += SIZES.padding - SIZES.gap + 4;
    bands.push({ phase, y: top, height: y - top });
    y += SIZES.bandGap;
  }
  const edge = x + width;
  const lanes = placeLanes(boxes, edge);
  const byStep = new Map(lanes.map((lane) => [lane.ordinal, lane]));
  const arrows = boxes.flatMap(({ needs }) =>
    needs.map(({ need, y: at }) => ({
      strength: need.strength,
      y: at,
      lanes: need.parents.flatMap((parent) => byStep.get(parent) ?? []).toSorted((a, b) => b.x - a.x),
    })),
  );
  const right = Math.max(edge + FIRST_LANE, ...lanes.map(({ x: lane }) => lane)) + 16 + SIZES.margin;
  return { width: Math.ceil(right), height: y - SIZES.bandGap + LEGEND, bands, boxes, lanes, arrows, edge };
}

interface Draft {
  readonly box: Box;
  readonly lines: readonly string[];
  readonly texts: readonly NeedText[];
  readonly nameWidth: number;
  readonly needsWidth: number;
  readonly height: number;
}

function draftOf(box: Box): Draft {
  const lines =
    box.kind === 'read' ? broken(`${box.source} → ${box.tables.join(', ')}`) : ['links what was read before'];
  const texts = box.needs.map((need) => needText(need, box));
  const rows = Math.max(1 + lines.length, box.needs.length + (box.isNeeded ? 1 : 0));
  return {
    box,
    lines,
    texts,
    nameWidth: Math.max(box.mapping.length * NAME_CHARACTER, ...lines.map((line) => line.length * CHARACTER)),
    needsWidth: Math.max(0, ...texts.map(({ label, rest }) => (label.length + rest.length) * CHARACTER)),
    height: rows * SIZES.line + 2 * SIZES.padding - 2,
  };
}

function placed(
  { box, lines, texts, height }: Draft,
  place: { readonly x: number; readonly y: number; readonly width: number },
): PlacedBox {
  const needs = box.needs.flatMap((need, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ need, text, y: place.y + SIZES.padding + (index + 0.5) * SIZES.line - 1 }];
  });
  return { box, ...place, height, lines, needs };
}

function placeLanes(boxes: readonly PlacedBox[], edge: number): readonly PlacedLane[] {
  const spans = boxes
    .filter(({ box }) => box.isNeeded)
    .map(({ box, y, height }) => {
      const portY = y + height - SIZES.padding - SIZES.line / 2 + 1;
      const reached = boxes.flatMap(({ needs }) =>
        needs.filter(({ need }) => need.parents.includes(box.ordinal)).map(({ y: at }) => at),
      );
      return { id: box.ordinal, portY, first: Math.min(portY, ...reached), last: Math.max(portY, ...reached) };
    });
  const lanes = lanesFor(spans);
  return spans.map(({ id, portY, first, last }, index) => ({
    ordinal: id,
    colour: index % LANE_COLOURS.length,
    x: edge + FIRST_LANE + (lanes.get(id) ?? 0) * LANE,
    portY,
    top: first,
    bottom: last,
  }));
}

/** The column alone where no other need of the step has one of that name. */
function needText({ label, target, isOwn, late }: DrawnNeed, { needs }: Box): NeedText {
  const column = /^[^. ]+\.(?<column>\S+)(?<more>.*)$/u.exec(label)?.groups;
  const short = column === undefined ? label : `${column['column'] ?? ''}${column['more'] ?? ''}`;
  const isPlain = needs.filter((other) => other.label.endsWith(`.${short}`)).length < 2;
  const where = target === '' ? '' : ` → ${target}`;
  const own = isOwn ? ' ↻' : '';
  return { label: isPlain ? short : label, rest: `${where}${late === null ? '' : `, ${late}`}${own}` };
}

/** Breaks a list after commas. */
function broken(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<=,) /u)) {
    const line = lines.at(-1);
    if (line !== undefined && `${line} ${word}`.length <= LINE_LENGTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
