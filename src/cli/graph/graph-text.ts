import type { Strength } from '../../plan/need.ts';
import type { Box, Diagram, DrawnNeed } from './diagram.ts';
import { type Span, lanesFor } from './lanes.ts';

/** Colours a piece of the line that begins at a step; gives it back unchanged where there are no colours. */
export type PaintLane = (text: string, ordinal: number) => string;

interface Row {
  readonly text: string;
  /** The step whose lane begins here. */
  readonly port: number | null;
  /** The steps whose lanes lead here. */
  readonly joins: readonly number[];
  readonly strength: Strength;
}

const ARROWS: Readonly<Record<Strength, { readonly head: string; readonly line: string; readonly means: string }>> = {
  must: { head: '▶', line: '─', means: 'needs it' },
  waits: { head: '▷', line: '╌', means: 'waits, and is linked by itself' },
  may: { head: '▹', line: '┄', means: 'does without, or makes one' },
};

/**
 * The order as text: a line a step and one for each of its reasons, with lines from each step to those that need it.
 * @param paint  colours, or not
 */
export function graphText(diagram: Diagram, paint: PaintLane): string {
  const rows = rowsOf(diagram);
  const spans = spansOf(rows);
  const lanes = lanesFor(spans);
  const gutter = new Gutter(spans, lanes, paint);
  const lines = rows.map((row, index) => `${gutter.beside(row, index)}${row.text}`.trimEnd());
  const means = legend(rows);
  return `${[...lines, ...(means === '' ? [] : ['', means])].join('\n')}\n`;
}

function rowsOf({ bands }: Diagram): readonly Row[] {
  const boxes = bands.flatMap(({ boxes: own }) => own);
  const widths = {
    name: Math.max(0, ...boxes.map(({ mapping }) => mapping.length)),
    ordinal: String(boxes.length).length,
  };
  const plain = { port: null, joins: [], strength: 'must' as const };
  return bands.flatMap(({ phase, boxes: own }, index): Row[] => [
    ...(index === 0 ? [] : [{ ...plain, text: '' }]),
    { ...plain, text: phase },
    ...own.flatMap((box): Row[] => [
      { ...plain, text: `  ${stepText(box, widths)}`, port: box.isNeeded ? box.ordinal : null },
      ...box.needs.map((need) => ({
        port: null,
        joins: need.parents,
        strength: need.strength,
        text: `${need.parents.length === 0 ? '↻' : ARROWS[need.strength].head} ${' '.repeat(widths.ordinal + 1)}${needText(need)}`,
      })),
    ]),
  ]);
}

function stepText(box: Box, widths: { readonly name: number; readonly ordinal: number }): string {
  const { ordinal, mapping, source, tables, kind } = box;
  const what = kind === 'read' ? `${source} → ${tables.join(', ')}` : `links of ${tables.join(', ')}`;
  return `${String(ordinal).padStart(widths.ordinal)} ${mapping.padEnd(widths.name)}  ${what}`;
}

function needText({ label, target, parents, isOwn, late }: DrawnNeed): string {
  const where = target === '' ? '' : ` → ${target}`;
  const own = isOwn && parents.length === 0 ? ', its own rows' : '';
  return `${label}${where}${own}${late === null ? '' : `, ${late}`}`;
}

function spansOf(rows: readonly Row[]): readonly Span[] {
  return rows.flatMap(({ port }) => {
    if (port === null) return [];
    const touched = rows.flatMap((row, index) => (row.port === port || row.joins.includes(port) ? [index] : []));
    return [{ id: port, first: Math.min(...touched), last: Math.max(...touched) }];
  });
}

/** The lines on the left of the rows; lane 0 stands on the right, next to the text. */
class Gutter {
  readonly #spans: readonly Span[];
  readonly #lanes: ReadonlyMap<number, number>;
  readonly #paint: PaintLane;
  readonly #width: number;

  constructor(spans: readonly Span[], lanes: ReadonlyMap<number, number>, paint: PaintLane) {
    this.#spans = spans;
    this.#lanes = lanes;
    this.#paint = paint;
    this.#width = Math.max(-1, ...lanes.values()) + 1;
  }

  beside({ port, joins, strength }: Row, index: number): string {
    const joined = new Set(port === null ? joins : [port]);
    const line = port === null ? ARROWS[strength].line : '─';
    let text = '';
    let across: number | null = null;
    for (let lane = this.#width - 1; lane >= 0; lane--) {
      const span = this.#at(lane, index);
      const meets = span !== undefined && joined.has(span.id);
      const mark =
        span === undefined ? (across === null ? ' ' : line) : meets ? corner(span, index, across !== null) : '│';
      text += this.#coloured(mark, span?.id ?? across);
      if (meets) across = span.id;
      text += across === null ? ' ' : this.#coloured(line, across);
    }
    return text;
  }

  #at(lane: number, index: number): Span | undefined {
    return this.#spans.find(({ id, first, last }) => this.#lanes.get(id) === lane && first <= index && index <= last);
  }

  #coloured(mark: string, id: number | null): string {
    return id === null || mark === ' ' ? mark : this.#paint(mark, id);
  }
}

/** How a lane meets a line to the right; `across` when that line comes from a lane further left. */
function corner({ first, last }: Span, index: number, across: boolean): string {
  if (index === first) return across ? '┬' : '╭';
  if (index === last) return across ? '┴' : '╰';
  return across ? '┼' : '├';
}

function legend(rows: readonly Row[]): string {
  const used = Object.entries(ARROWS).filter(([strength]) =>
    rows.some((row) => row.joins.length > 0 && row.strength === strength),
  );
  return used.map(([, { head, means }]) => `${head} ${means}`).join('   ');
}
