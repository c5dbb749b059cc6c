import type { CheckedFile } from './checked-file.ts';
import { typeText } from './column-type.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { TableFile } from './schema/table.ts';
import { type Column, soleKey, type Table } from './table.ts';

/** Foreign keys of a table file against the tables that they name. */
export function checkReferences(
  { yaml, value }: CheckedFile<TableFile>,
  tables: ReadonlyMap<string, Table>,
  sink: ProblemSink,
): void {
  for (const { name, references, type } of tables.get(value.table)?.columns ?? []) {
    if (references === null || !Object.hasOwn(value.columns, name)) continue;
    const wrong = (message: string, suggestion: string | null = null): void =>
      sink.report('unknown-reference', yaml.at(['columns', name, 'references']), message, suggestion);
    const target = tables.get(references.table);
    if (target === undefined) {
      wrong(`There is no table "${references.table}".`, didYouMean(references.table, tables.keys()));
      continue;
    }
    const column = target.columns.find((candidate) => candidate.name === references.column);
    if (column === undefined) {
      wrong(
        `The table "${target.name}" has no column "${references.column}".`,
        didYouMean(
          references.column,
          target.columns.map((other) => other.name),
        ),
      );
    } else if (column.name !== soleKey(target) && !isUnique(target, column.name)) {
      wrong(
        `"${references.table}.${references.column}" is not unique, so nothing can refer to it.`,
        'Mark it `unique: true`.',
      );
    } else if (!comparable(type.kind, column.type.kind)) {
      wrong(
        `"${name}" is ${typeText(type)}, but "${references.table}.${references.column}" is ${typeText(column.type)}.`,
      );
    }
  }
}

/** True when one row at most holds a value of this column. */
export function isUnique(table: Table, column: string): boolean {
  return column === soleKey(table) || table.unique.some((set) => set.length === 1 && set[0] === column);
}

/** True when values of one kind can be compared with and written to the other. */
export function comparable(a: Column['type']['kind'], b: Column['type']['kind']): boolean {
  return family(a) === family(b);
}

function family(kind: Column['type']['kind']): string {
  if (kind === 'string' || kind === 'enum') return 'text';
  return kind === 'bigint' ? 'integer' : kind;
}
