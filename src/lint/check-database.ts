import type { Problem } from '../config/problem.ts';
import type { Table } from '../config/table.ts';
import type { YamlFile } from '../config/yaml-file.ts';
import { finding } from './rules.ts';

/** Why a load would fail in the tables as they are, or lose rows to quarantine that are good. */
export interface TableFinding {
  readonly severity: 'error' | 'warning';
  readonly table: string;
  readonly column: string | null;
  readonly message: string;
}

/** What was found of the tables in the database, at the table files that say otherwise. */
export function databaseProblems(
  findings: readonly TableFinding[],
  tables: ReadonlyMap<string, Table>,
  files: readonly YamlFile[],
): readonly Problem[] {
  return findings.map(({ table, column, message, severity }) => {
    const path = tables.get(table)?.file ?? `mappings/tables/${table}.yaml`;
    const yaml = files.find(({ file }) => file === path);
    const place = yaml?.keyAt(column === null ? ['table'] : ['columns', column]);
    const problem = finding('database-differs', place ?? { file: path, line: 1, column: 1 }, message);
    return { ...problem, severity };
  });
}
