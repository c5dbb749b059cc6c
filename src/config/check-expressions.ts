import { compileExpression } from '../expression/expression.ts';
import { ExpressionProblem } from '../expression/problem.ts';
import { expressionScope } from './cells.ts';
import { typeText } from './column-type.ts';
import type { TableMapping } from './mapping.ts';
import type { Source } from './source.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext, WrittenExpression } from './resolve-context.ts';
import type { Column } from './table.ts';

/** Every expression of a mapping against the names that it may use; a problem is told at its place in the text. */
export function checkExpressions(
  context: MappingContext,
  mapping: { readonly source: Source; readonly tables: readonly TableMapping[] },
): void {
  const { file, expressions, sink } = context;
  for (const expression of expressions) {
    const scope = expressionScope(mapping, placeOf(expression, mapping.tables));
    try {
      const { kind } = compileExpression(expression.text, scope, expression.wanted);
      reportKind(kind, expression, context);
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      const { message, offset, suggestion, unknown } = error;
      // Fields are named as the author writes them.
      const prefix = expression.text.startsWith('source.', offset) ? 'source.' : '';
      const near =
        unknown === null
          ? null
          : didYouMean(
              `${prefix}${unknown.name}`,
              unknown.known.map((name) => `${prefix}${name}`),
            );
      const said = `The expression is wrong: ${message}.`;
      sink.report('expression', file.yaml.inText(expression.path, offset), said, suggestion ?? near);
    }
  }
}

const FITS: Readonly<Record<string, readonly Column['type']['kind'][]>> = {
  integer: ['integer', 'bigint', 'numeric', 'float', 'string', 'text', 'enum', 'json'],
  number: ['integer', 'bigint', 'numeric', 'float', 'string', 'text', 'enum', 'json'],
  boolean: ['boolean', 'string', 'text', 'enum', 'json'],
  date: ['date', 'timestamp', 'string', 'text'],
  timestamp: ['date', 'timestamp', 'string', 'text'],
};

/** A value that no record could ever give to its column; a text may turn out to be anything. */
function reportKind(kind: string, { path, into }: WrittenExpression, { file, sink }: MappingContext): void {
  if (into === null || FITS[kind]?.includes(into.type.kind) !== false) return;
  const said = `The expression gives ${/^[aeiou]/u.test(kind) ? 'an' : 'a'} ${kind}, but "${into.name}" is ${typeText(into.type)}.`;
  sink.report('expression', file.yaml.inText(path, 0), said);
}

function placeOf(
  { at }: WrittenExpression,
  tables: readonly TableMapping[],
): { readonly table: TableMapping; readonly column: string | null } | null {
  const table = tables.find((mapped) => mapped.table.name === at?.table);
  return at === null || table === undefined ? null : { table, column: at.column };
}
