import type { Expression } from '../expression/expression.ts';
import { READ_TEXT } from '../expression/read-value.ts';
import type { ExpressionValues } from '../expression/scope.ts';
import type { ExpressionNames } from './cells.ts';

/** A value on its way to a column; a symbol where the row keeps what it has. */
type Cell = string | null | symbol;

/** The record that expressions are computed for: one object for all records, pointed at the one at hand. */
export interface RecordAtHand {
  /** In the order of the source's fields. */
  values: readonly string[];
  /** Of root and extensions; those that are not read yet may be missing. */
  cells: readonly Cell[];
  /** Of the child table at hand; empty elsewhere. */
  row: readonly Cell[];
  /** The day of the run, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * Lets an expression see the record at hand. A column that keeps what its row has is null to it.
 * @param unchecked  true where cells are not checked yet: what is not of its column's type is null
 */
export function bindExpression(
  expression: Pick<Expression, 'columns' | 'fields'>,
  names: ExpressionNames,
  at: RecordAtHand,
  unchecked: boolean,
): ExpressionValues {
  const columns = expression.columns.map((name) => {
    const cell = names.cells.get(name);
    const kind = names.columns[name];
    if (cell === undefined || kind === undefined) throw new RangeError(`an expression passed with the name ${name}`);
    return { ...cell, read: READ_TEXT[kind] };
  });
  const fields = expression.fields.map((path) => names.fields.indexOf(path));
  return {
    column: (_name, place) => {
      const column = columns[place];
      if (column === undefined) return null;
      const value = at[column.in === 'row' ? 'row' : 'cells'][column.place];
      if (typeof value !== 'string' || value === '') return null;
      return unchecked && column.read(value) === undefined ? null : value;
    },
    field: (_path, place) => at.values[fields[place] ?? -1] || null,
    get today() {
      return at.today;
    },
  };
}
