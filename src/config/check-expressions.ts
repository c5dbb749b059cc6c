import { compileExpression } from '../expression/expression.ts';
import { ExpressionProblem } from '../expression/problem.ts';
import { expressionScope } from './cells.ts';
import type { Source, TableMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext, WrittenExpression } from './resolve-context.ts';

/** Every expression of a mapping against the names that it may use; a problem is told at its place in the text. */
export function checkExpressions(
  { file, expressions, sink }: MappingContext,
  mapping: { readonly source: Source; readonly tables: readonly TableMapping[] },
): void {
  for (const expression of expressions) {
    const scope = expressionScope(mapping, placeOf(expression, mapping.tables));
    try {
      compileExpression(expression.text, scope, expression.wanted);
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

function placeOf(
  { at }: WrittenExpression,
  tables: readonly TableMapping[],
): { readonly table: TableMapping; readonly column: string | null } | null {
  const table = tables.find((mapped) => mapped.table.name === at?.table);
  return at === null || table === undefined ? null : { table, column: at.column };
}
