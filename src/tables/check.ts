import type { Project } from '../config/project.ts';
import type { Column, Table } from '../config/table.ts';
import { typeText } from '../config/column-type.ts';
import type { Database } from '../database/database.ts';
import { type LiveColumn, type LiveTable, readCatalogue } from './catalogue.ts';
import { type TableUse, tableUses } from './table-use.ts';
import { typeFit } from './type-fit.ts';

/** Why a load would fail, or lose rows to quarantine that are good. */
export interface TableProblem {
  readonly code:
    | 'missing_table'
    | 'missing_column'
    | 'type_too_small'
    | 'type_differs'
    | 'null_refused'
    | 'nothing_fills'
    | 'computed'
    | 'key_not_unique'
    | 'no_right';
  readonly severity: 'error' | 'warning';
  readonly table: string;
  readonly column: string | null;
  /** Mappings that it concerns. */
  readonly mappings: readonly string[];
  readonly message: string;
}

/**
 * Holds what the mappings write against the tables that are there. Changes nothing.
 * @param known  the tables, where somebody has just read them
 */
export async function checkTables(
  database: Database,
  project: Pick<Project, 'mappings' | 'tables'>,
  known: ReadonlyMap<string, LiveTable> | null = null,
): Promise<readonly TableProblem[]> {
  const live = known ?? (await readCatalogue(database, database.schema));
  return tableUses(project.mappings, project.tables).flatMap((use) => checkUse(use, live.get(use.table.name)));
}

function checkUse(use: TableUse, live: LiveTable | undefined): TableProblem[] {
  if (live === undefined) {
    return [problem(use, 'missing_table', null, `The table ${use.table.name} is not in the database.`)];
  }
  return [
    ...missingRights(use, live),
    ...use.table.columns.flatMap((column) => checkColumn(use, column, live.columns.get(column.name))),
    ...[...live.columns.values()].flatMap((column) => unfilled(use, column)),
    ...use.keys.flatMap((key) => checkKey(use, key, live)),
  ];
}

function missingRights(use: TableUse, live: LiveTable): TableProblem[] {
  const missing = [...use.rights].filter((right) => !live.rights[right]);
  if (missing.length === 0) return [];
  const message = `The user of this connection may not ${missing.join(', ')} on ${use.table.name}.`;
  return [problem(use, 'no_right', null, message)];
}

/** Types without `=`: of json there is jsonb, which has one. */
const NOT_COMPARABLE = new Set(['json', 'xml', 'point', 'polygon']);

function isUnknown(value: string, { labels }: LiveColumn): boolean {
  return labels !== null && !labels.includes(value);
}

/** Only columns that a load touches: what else the file says is `db diff`'s. */
function checkColumn(use: TableUse, column: Column, live: LiveColumn | undefined): TableProblem[] {
  if (!use.touched.has(column.name)) return [];
  const name = `${use.table.name}.${column.name}`;
  if (live === undefined) return [problem(use, 'missing_column', column.name, `${name} is not in the database.`)];
  const wanted = typeText(column.type);
  const problems: TableProblem[] = [];
  const fit = typeFit(column.type, live.type);
  if (fit === 'narrower') {
    const message = `${name} is ${live.type}, too small for ${wanted}.`;
    problems.push(problem(use, 'type_too_small', column.name, message));
  } else if (fit === 'other') {
    const said = column.type.dbType ?? wanted;
    const message = `${name} is ${live.type} and not ${said}. If that is meant, write \`db_type\` in ${use.table.file}.`;
    problems.push(problem(use, 'type_differs', column.name, message));
  }
  if (NOT_COMPARABLE.has(live.type)) {
    const message = `${name} is ${live.type}, which PostgreSQL cannot compare, so a change in it would not be seen.`;
    problems.push(problem(use, 'type_differs', column.name, message));
  }
  const missing = column.type.kind === 'enum' ? column.type.values.filter((value) => isUnknown(value, live)) : [];
  if (missing.length > 0) {
    const message = `${name} is the enum ${live.type}, which has no ${missing.join(', ')}.`;
    problems.push(problem(use, 'type_too_small', column.name, message));
  }
  if (live.computed && use.filled.has(column.name)) {
    problems.push(problem(use, 'computed', column.name, `${name} is computed by the database and cannot be written.`));
  }
  if (live.required && !column.required && use.filled.has(column.name)) {
    const message = `${name} refuses null, which the table file allows.`;
    problems.push({ ...problem(use, 'null_refused', column.name, message), severity: 'warning' });
  }
  return problems;
}

function unfilled(use: TableUse, live: LiveColumn): TableProblem[] {
  if (!use.rights.has('insert')) return [];
  if (!live.required || live.default !== null || live.generated || use.filled.has(live.name)) return [];
  const message = `${use.table.name}.${live.name} is required, has no default, and no mapping fills it.`;
  return [problem(use, 'nothing_fills', live.name, message)];
}

function checkKey(use: TableUse, key: readonly string[], live: LiveTable): TableProblem[] {
  // Rows that are unique by fewer columns are unique by all of them.
  if (live.unique.some((columns) => columns.every((name) => key.includes(name)))) return [];
  const message = `${use.table.name} has no unique index on ${key.join(', ')}, by which its rows are found.`;
  return [problem(use, 'key_not_unique', key[0] ?? null, message)];
}

function problem(
  use: { readonly table: Table; readonly mappings: readonly string[] },
  code: TableProblem['code'],
  column: string | null,
  message: string,
): TableProblem {
  return { code, severity: 'error', table: use.table.name, column, mappings: use.mappings, message };
}
