import { buildColumn } from './build-column.ts';
import { checkReferences } from './check-references.ts';
import type { CheckedFile } from './checked-file.ts';
import { freezeDeep } from './freeze-deep.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import { resolvePrimaryKey } from './resolve-primary-key.ts';
import type { Position } from './mapping.ts';
import type { ProblemSink } from './rules.ts';
import type { TableFile } from './schema/table.ts';
import type { Table } from './table.ts';

/** Table files to tables: `extends` followed, primary keys settled, references checked. A file with errors is left out. */
export function resolveTables(files: readonly CheckedFile<TableFile>[], sink: ProblemSink): ReadonlyMap<string, Table> {
  const byName = new Map<string, CheckedFile<TableFile>>();
  for (const file of files) {
    const { yaml, value } = file;
    if (byName.has(value.table)) {
      sink.report('duplicate-name', yaml.at(['table']), `The table "${value.table}" is declared in two files.`);
    } else byName.set(value.table, file);
  }
  const tables = new Map<string, Table>();
  const circular = new Set<string>();
  for (const name of byName.keys()) resolveInto(name, { byName, tables, sink, circular, open: [] });
  for (const file of byName.values()) checkReferences(file, tables, sink);
  return tables;
}

interface Resolving {
  readonly byName: ReadonlyMap<string, CheckedFile<TableFile>>;
  readonly tables: Map<string, Table>;
  readonly sink: ProblemSink;
  /** Tables of circles that have been told. */
  readonly circular: Set<string>;
  /** Tables on the way from the first one, each extending the next. */
  readonly open: readonly string[];
}

function resolveInto(name: string, resolving: Resolving): Table | null {
  const { byName, tables, sink, circular, open } = resolving;
  const done = tables.get(name);
  const file = byName.get(name);
  if (done !== undefined || file === undefined || circular.has(name)) return done ?? null;
  const { yaml, value } = file;
  let base: Table | null = null;
  if (value.extends !== undefined) {
    if (value.extends === name || open.includes(value.extends)) {
      const way = [...open, name];
      const circle = way.slice(way.indexOf(value.extends));
      for (const one of circle) circular.add(one);
      const said = `Tables extend each other in a circle: ${[...circle, value.extends].join(' -> ')}.`;
      sink.report('extends-cycle', yaml.at(['extends']), said);
      return null;
    }
    if (!byName.has(value.extends)) {
      const suggestion = didYouMean(value.extends, byName.keys());
      sink.report('unknown-table', yaml.at(['extends']), `There is no table "${value.extends}" to extend.`, suggestion);
      return null;
    }
    base = resolveInto(value.extends, { ...resolving, open: [...open, name] });
    if (base === null) return null;
  }
  const table = freezeDeep(buildTable(file, base, sink));
  tables.set(name, table);
  return table;
}

/** In bytes. PostgreSQL cuts a longer name, and the cut one would never be found again. */
const LONGEST_NAME = 63;

function checkLength(name: string, place: Position, sink: ProblemSink): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= LONGEST_NAME) return;
  sink.report('wrong-value', place, `"${name}" has ${bytes} bytes; PostgreSQL holds ${LONGEST_NAME} of a name.`);
}

function buildTable({ yaml, value }: CheckedFile<TableFile>, base: Table | null, sink: ProblemSink): Table {
  checkLength(value.table, yaml.at(['table']), sink);
  for (const [name] of namedEntries(value.columns)) checkLength(name, yaml.keyAt(['columns', name]), sink);
  const written = namedEntries(value.columns).map(([name, column]) => buildColumn(name, column, yaml, sink));
  const { primaryKey, keyColumns } = resolvePrimaryKey({ yaml, value }, base, written, sink);
  const columns = [...keyColumns, ...written.filter(({ name }) => !primaryKey.includes(name))];
  const names = new Set(columns.map(({ name }) => name));
  const sets = (key: 'unique' | 'indexes'): string[][] => {
    for (const [index, set] of value[key].entries()) {
      for (const [place, name] of set.entries()) {
        if (!names.has(name))
          sink.report(
            'unknown-column',
            yaml.at([key, index, place]),
            `The table has no column "${name}".`,
            didYouMean(name, names),
          );
      }
    }
    return value[key];
  };
  return {
    name: value.table,
    description: value.description ?? '',
    extends: base?.name ?? null,
    primaryKey,
    columns,
    unique: [...columns.filter(({ unique }) => unique).map(({ name }) => [name]), ...sets('unique')],
    indexes: sets('indexes'),
    file: yaml.file,
  };
}
