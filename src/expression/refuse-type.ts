import { isList, isNumeric, type Type, typeText } from './kinds.ts';
import { ExpressionProblem } from './problem.ts';
import type { Node } from './tree.ts';

interface Refused {
  readonly wanted: Type;
  /** The whole expression, to show what to write instead. */
  readonly text: string;
}

/** `a date is needed here, this is text`, with what to write instead where a function turns one into the other. */
export function refuseType(node: Node | undefined, type: Type, { wanted, text }: Refused): ExpressionProblem {
  const { start, end } = node ?? { start: 0, end: 0 };
  const turned = turn(type, wanted, text.slice(start, end));
  return new ExpressionProblem(`${typeText(wanted)} is needed here, and this is ${typeText(type)}`, start, {
    length: end - start,
    ...(turned === null ? {} : { suggestion: `Write ${turned}.` }),
  });
}

/** The part as it would be of the other type; null where nothing turns one into the other. */
export function turn(from: Type, to: Type, part: string): string | null {
  if (isList(from) || isList(to) || from === 'null' || to === 'null' || to === 'json') return null;
  if (to === 'text') return `text(${part})`;
  if (from === 'text' || (isDay(from) && isDay(to))) return `${to}(${part})`;
  return isNumeric(from) && to === 'integer' ? `round(${part})` : null;
}

function isDay(type: Type): boolean {
  return type === 'date' || type === 'timestamp';
}
