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
  const tree = treeOf(text);
  return tree === null ? [] : fieldsIn(tree);
}

/** Whether an expression says something else on another day. */
export function asksForToday(text: string): boolean {
  const tree = treeOf(text);
  return tree !== null && namesToday(tree);
}

function treeOf(text: string): Node | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ExpressionProblem) return null;
    throw error;
  }
}

function namesToday(node: Node): boolean {
  return (node.kind === 'name' && node.name === 'today') || partsOf(node).some(namesToday);
}

function fieldsIn(node: Node): readonly ExpressionField[] {
  return (node.kind === 'member' ? fieldAt(node) : null) ?? partsOf(node).flatMap(fieldsIn);
}

function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
    case 'unary':
      return [node.of];
    case 'call':
      return node.args;
    case 'method':
      return [node.of, ...node.args];
    case 'list':
      return node.items;
    case 'choice':
      return [node.condition, node.yes, node.no];
    case 'logic':
    case 'binary':
      return [node.left, node.right];
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
