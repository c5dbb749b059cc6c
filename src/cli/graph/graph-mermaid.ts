import type { Strength } from '../../plan/need.ts';
import type { Box, Diagram, DrawnNeed } from './diagram.ts';

const ARROWS: Readonly<Record<Strength, string>> = { must: '-->', waits: '-.->', may: '-.->' };

/** The order as a Mermaid flowchart: a subgraph for each phase; what can wait, or do without, has a dotted arrow. */
export function graphMermaid({ bands }: Diagram): string {
  const boxes = bands.flatMap(({ boxes: own }) => own);
  return `${[
    'flowchart TB',
    ...bands.flatMap(({ phase, boxes: own }, index) => [
      `  subgraph phase${index + 1}[${quoted(phase)}]`,
      ...own.map((box) => `    ${nodeId(box.ordinal)}[${quoted(boxText(box))}]`),
      '  end',
    ]),
    ...boxes.flatMap((box) => box.needs.flatMap((need) => arrows(box, need))),
  ].join('\n')}\n`;
}

function boxText({ ordinal, mapping, kind, source, tables }: Box): string {
  const what = kind === 'read' ? `${source} → ${tables.join(', ')}` : 'links what was read before';
  return `${ordinal} ${mapping}\n${what}`;
}

function arrows({ ordinal }: Box, { label, parents, isOwn, strength }: DrawnNeed): readonly string[] {
  const from = isOwn && parents.length === 0 ? [ordinal] : parents;
  return from.map((parent) => `  ${nodeId(parent)} ${ARROWS[strength]}|${quoted(label)}| ${nodeId(ordinal)}`);
}

function nodeId(ordinal: number): string {
  return `step${ordinal}`;
}

/** Mermaid's own way to write what would end a text; entities keep Markdown and HTML from meaning anything. */
function quoted(text: string): string {
  const safe = text
    .replaceAll('#', '#35;')
    .replaceAll('&', '#amp;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('`', '#96;');
  return `"${safe.replaceAll('\n', '<br>')}"`;
}
