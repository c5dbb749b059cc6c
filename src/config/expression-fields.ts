import { parse } from '../expression/parse.ts';
import { ExpressionProblem } from '../expression/problem.ts';
import type { Node } from '../expression/tree.ts';

/** A field that an expression takes from the source. */
export interface ExpressionField {
  /** `Email`, `Account.Name`. */
  readonly field: string;
  /** Of its first character after `source.`, into the text. */
  readonly offset: number;
}

/** What an expression asks of the source; nothing where it does not parse, which is told elsewhere. */
export function expressionFields(text: string): readonly ExpressionField[] {
  try {
    return fieldsIn(parse(text));
  } catch (error) {
    if (error instanceof ExpressionProblem) return [];
    throw error;
  }
}

function fieldsIn(node: Node): readonly ExpressionField[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
      return fieldAt(node) ?? fieldsIn(node.of);
    case 'call':
      return node.args.flatMap(fieldsIn);
    case 'method':
      return [node.of, ...node.args].flatMap(fieldsIn);
    case 'list':
      return node.items.flatMap(fieldsIn);
    case 'choice':
      return [node.condition, node.yes, node.no].flatMap(fieldsIn);
    case 'logic':
    case 'binary':
      return [node.left, node.right].flatMap(fieldsIn);
    case 'unary':
      return fieldsIn(node.of);
  }
}

/** A chain of names that begins with `source`; null for any other. */
function fieldAt(node: Node): readonly ExpressionField[] | null {
  const names: string[] = [];
  let at = node;
  let offset = node.start;
  while (at.kind === 'member') {
    names.unshift(at.name);
    offset = at.at;
    at = at.of;
  }
  return at.kind === 'name' && at.name === 'source' ? [{ field: names.join('.'), offset }] : null;
}
