import { bindExpression, type RecordAtHand } from '../config/bind-expression.ts';
import { cellName, expressionScope } from '../config/cells.ts';
import type { Alternative, ColumnMapping, Input, Mapping, TableMapping } from '../config/mapping.ts';
import { compileExpression } from '../expression/expression.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { BoundFunctions } from '../plugin/bind-functions.ts';
import { inputReader, type ResolverAnswers, resolverUses, useKey } from './resolve-inputs.ts';

/** What the readers of a mapping share. */
export interface TransformContext {
  readonly mapping: Mapping;
  readonly functions: Pick<BoundFunctions, 'transform'> | null;
  /** Pointed at the record that is being read. */
  readonly at: RecordAtHand & { answers: ResolverAnswers };
}

/** The column that a reader fills. */
export interface CellPlace {
  readonly table: TableMapping;
  readonly column: ColumnMapping;
}

/** Gives the raw value of an input; '' only where the author wrote it. */
export type ReadInput = (values: readonly string[], report: CellReport) => string | null;

/** `first_of` is read by its alternatives. */
export function compileInput(input: Alternative['input'], place: CellPlace, context: TransformContext): ReadInput {
  switch (input.kind) {
    case 'fields':
      return compileFields(input);
    case 'constant': {
      const { value } = input;
      return () => value;
    }
    case 'expression':
      return compileExpressionInput(input.text, place, context);
    case 'resolved':
      return compileResolved(input, context);
  }
}

function compileFields({ indexes, join }: Extract<Input, { readonly kind: 'fields' }>): ReadInput {
  const [first, ...others] = indexes;
  if (first === undefined) throw new RangeError('an input without fields passed the schema');
  if (others.length === 0) return (values) => values[first] || null;
  if (join !== null) {
    return (values) =>
      indexes
        .map((index) => values[index])
        .filter(isThere)
        .join(join) || null;
  }
  return (values) => {
    for (const index of indexes) {
      const value = values[index];
      if (isThere(value)) return value;
    }
    return null;
  };
}

function isThere(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

/** A record that it cannot be computed for is refused: no policy of the column says what its value should be. */
function compileExpressionInput(text: string, { table, column }: CellPlace, context: TransformContext): ReadInput {
  const names = expressionScope(context.mapping, { table, column: column.column.name });
  const expression = compileExpression(text, names, 'value');
  const values = bindExpression(expression, names, context.at, true);
  const name = cellName(table, column);
  return (_record, report) => {
    try {
      return expression.evaluate(values) || null;
    } catch {
      report.reject('TRANSFORM_FAILED', name, null, 'expr');
      return null;
    }
  };
}

function compileResolved(
  input: Extract<Input, { readonly kind: 'resolved' }>,
  { mapping, at }: TransformContext,
): ReadInput {
  const read = inputReader(input);
  const question = resolverUses(mapping).findIndex((use) => useKey(use) === useKey(input));
  return (values) => {
    const asked = read(values);
    return asked === null ? null : at.answers[question]?.get(asked.key) || null;
  };
}

/** The field that a report names for a value, where it is one's. */
export function fieldOf(input: Input): string | null {
  if (input.kind === 'fields' || input.kind === 'resolved') return input.paths[0] ?? null;
  const first = input.kind === 'first_of' ? input.alternatives[0] : undefined;
  return first === undefined ? null : fieldOf(first.input);
}
