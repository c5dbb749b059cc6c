import type { LinkLookup } from '../config/link.ts';
import type { Problem } from '../config/problem.ts';
import { soleKey, type Table } from '../config/table.ts';
import { linkColumns } from '../plan/need.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** Links that read the whole parent table for each record, because nothing leads to the row. */
export function linkIndexProblems({ mapping }: LintedMapping, tables: ReadonlyMap<string, Table>): readonly Problem[] {
  return linkColumns(mapping).flatMap(({ column, link }) =>
    link.lookups
      .flatMap(searched)
      .filter(({ table, by }) => !leadsTo(tables.get(table), by))
      .map(({ table, by }) => {
        const said = `Nothing leads to a row of "${table}" by "${by}": each record would read the whole table.`;
        return finding('link-index', column.position, said, `Add \`index: true\` to the column in its table file.`);
      }),
  );
}

function searched({ byTable, by, aliases }: LinkLookup): readonly { readonly table: string; readonly by: string }[] {
  return [{ table: byTable, by }, ...(aliases === null ? [] : [{ table: aliases.table, by: aliases.by }])];
}

function leadsTo(table: Table | undefined, name: string): boolean {
  if (table === undefined) return true;
  const indexes = [...table.unique, ...table.indexes, table.primaryKey];
  const column = table.columns.find((candidate) => candidate.name === name);
  return column?.index === true || soleKey(table) === name || indexes.some(([first]) => first === name);
}
