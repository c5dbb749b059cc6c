import type { Strength } from '../../plan/need.ts';
import { counted } from '../text.ts';
import type { Diagram } from './diagram.ts';
import { type Layout, layoutOf, type PlacedBox, SIZES } from './svg-layout.ts';
import { SVG_STYLE } from './svg-style.ts';

const CORNER = 6;

/**
 * The order as a picture: a band for each phase, a box for each step, and from each step a line to all that need it.
 * One file without scripts or links; it follows the reader's light or dark page.
 * @param title  what is drawn, for people who see it and for those who have it read to them
 */
export function graphSvg(diagram: Diagram, title: string): string {
  const layout = layoutOf(diagram);
  const { width, height, bands, boxes } = layout;
  const what = `${counted(boxes.length, 'step')} in ${counted(bands.length, 'phase')}`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(spoken(diagram))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    `<text class="title" x="${SIZES.margin}" y="34">${escaped(title)}</text>`,
    `<text class="dim end" x="${width - SIZES.margin}" y="34">${what}</text>`,
    ...bands.map(
      ({ phase, y, height: tall }) =>
        `<rect class="band" x="${SIZES.margin}" y="${y}" width="${width - 2 * SIZES.margin}" height="${tall}" rx="8"/>` +
        `<text class="phase dim" x="${SIZES.margin + 14}" y="${y + 21}">${escaped(phase)}</text>`,
    ),
    ...trunks(layout),
    ...layout.arrows.flatMap((arrow) => arrowMarks(arrow, layout)),
    ...ports(layout),
    ...boxes.map(boxMark),
    ...legend(layout),
    '</svg>',
  ].join('\n')}\n`;
}

/** The same in sentences. */
function spoken({ bands }: Diagram): string {
  return bands
    .map(({ phase, boxes }) => {
      const steps = boxes.map(({ ordinal, mapping, needs }) => {
        const parents = [...new Set(needs.flatMap((need) => need.parents))].toSorted((a, b) => a - b);
        return `${ordinal} ${mapping}${parents.length === 0 ? '' : ` after ${parents.join(', ')}`}`;
      });
      return `Phase ${phase}: ${steps.join('; ')}.`;
    })
    .join(' ');
}

function trunks({ lanes }: Layout): readonly string[] {
  return lanes.map(
    ({ x, top, bottom, colour }) => `<path class="line s${colour}" d="M${x} ${top + CORNER}V${bottom - CORNER}"/>`,
  );
}

/** From each step to its lane. */
function ports({ lanes, edge }: Layout): readonly string[] {
  return lanes.map(({ x, portY, top, bottom, colour }) => {
    const path = branch({ x, y: portY, top, bottom }, edge);
    return (
      `<path class="under" d="M${edge + 6} ${portY}H${x - CORNER - 3}"/>` +
      `<path class="line s${colour}" d="${path}"/><circle class="f${colour}" cx="${edge}" cy="${portY}" r="4"/>`
    );
  });
}

function arrowMarks({ y, strength, lanes }: Layout['arrows'][number], { edge }: Layout): readonly string[] {
  const tip = edge + 1;
  const [outermost] = lanes;
  const nearest = lanes.at(-1);
  if (outermost === undefined || nearest === undefined) return [];
  const style = strength === 'must' ? '' : ` ${strength}`;
  const lines = lanes.map((lane, index) => {
    const to = lanes[index + 1]?.x ?? tip + 7;
    const dot =
      y > lane.top && y < lane.bottom ? `<circle class="f${lane.colour}" cx="${lane.x}" cy="${y}" r="3"/>` : '';
    return `<path class="line s${lane.colour}${style}" d="${branch({ x: lane.x, y, top: lane.top, bottom: lane.bottom }, to)}"/>${dot}`;
  });
  const head = `M${tip} ${y}l8 -4.5v9z`;
  const fill = strength === 'must' ? `f${nearest.colour}` : 'hollow';
  return [
    `<path class="under" d="M${tip + 9} ${y}H${outermost.x - CORNER - 3}"/>`,
    ...lines,
    `<path class="line s${nearest.colour} ${fill}" stroke-linejoin="round" style="stroke-width:1.4" d="${head}"/>`,
  ];
}

/** From `to` along `y` to the lane; round where the lane ends there. */
function branch(
  { x, y, top, bottom }: { readonly x: number; readonly y: number; readonly top: number; readonly bottom: number },
  to: number,
): string {
  if (y <= top) return `M${to} ${y}H${x - CORNER}Q${x} ${y} ${x} ${y + CORNER}`;
  if (y >= bottom) return `M${to} ${y}H${x - CORNER}Q${x} ${y} ${x} ${y - CORNER}`;
  return `M${to} ${y}H${x}`;
}

function boxMark({ box, x, y, width, height, lines, needs }: PlacedBox): string {
  const first = y + SIZES.padding + 13;
  const right = x + width - 12;
  return [
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<circle class="badge" cx="${x + 22}" cy="${first - 5}" r="12"/>`,
    `<text class="place dim" x="${x + 22}" y="${first - 1}">${box.ordinal}</text>`,
    `<text class="name" x="${x + SIZES.indent}" y="${first}">${escaped(box.mapping)}</text>`,
    ...lines.map(
      (line, index) =>
        `<text class="mono dim" x="${x + SIZES.indent}" y="${first + (index + 1) * SIZES.line}">${escaped(line)}</text>`,
    ),
    ...needs.map(
      ({ need, text, y: at }) =>
        `<text class="mono end" x="${right}" y="${at + 4}"><title>${escaped(need.label)}</title>${escaped(text.label)}` +
        `<tspan class="dim">${escaped(text.rest)}</tspan></text>`,
    ),
  ].join('');
}

const MEANINGS: readonly (readonly [Strength, string])[] = [
  ['must', 'needs it'],
  ['waits', 'waits, and is linked by itself'],
  ['may', 'does without, or makes one'],
];

function legend({ height, arrows, edge }: Layout): readonly string[] {
  const y = height - 20;
  let x = SIZES.margin + 14;
  return MEANINGS.filter(([strength]) => arrows.some((arrow) => arrow.strength === strength)).map(
    ([strength, says]) => {
      const style = strength === 'must' ? '' : ` ${strength}`;
      const mark =
        `<path class="line plain${style}" d="M${x + 9} ${y}H${x + 36}"/>` +
        `<path class="line plain ${strength === 'must' ? 'solid' : 'page'}" stroke-linejoin="round" d="M${x} ${y}l8 -4.5v9z"/>` +
        `<text class="dim" x="${x + 44}" y="${y + 4}">${says}</text>`;
      x += 44 + says.length * 5.9 + 30;
      return edge > 0 ? mark : '';
    },
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
