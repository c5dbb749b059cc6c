import { buildColumn, implicitId } from './build-column.ts';
import { checkReferences } from './check-references.ts';
import type { CheckedFile } from './checked-file.ts';
import { freezeDeep } from './freeze-deep.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { TableFile } from './schema/table.ts';
import type { Column, Table } from './table.ts';

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

function buildTable({ yaml, value }: CheckedFile<TableFile>, base: Table | null, sink: ProblemSink): Table {
  const written = namedEntries(value.columns).map(([name, column]) => buildColumn(name, column, yaml, sink));
  const primaryKey = base?.primaryKey ?? value.primary_key ?? 'id';
  const found = written.find(({ name }) => name === primaryKey);
  let first: Column;
  if (base !== null) {
    const inherited = base.columns.find(({ name }) => name === base.primaryKey);
    if (found !== undefined || value.primary_key !== undefined) {
      const place = found === undefined ? yaml.keyAt(['primary_key']) : yaml.keyAt(['columns', primaryKey]);
      sink.report(
        'primary-key',
        place,
        `The primary key "${primaryKey}" comes from the table "${base.name}".`,
        'Remove it here.',
      );
    }
    first = {
      ...implicitId(primaryKey),
      generated: false,
      type: inherited?.type ?? { kind: 'integer' },
      references: { table: base.name, column: base.primaryKey, onDelete: 'cascade' },
    };
  } else if (found === undefined) {
    if (value.primary_key !== undefined) {
      const suggestion = didYouMean(
        value.primary_key,
        written.map(({ name }) => name),
      );
      sink.report('primary-key', yaml.at(['primary_key']), `There is no column "${value.primary_key}".`, suggestion);
    }
    first = implicitId('id');
  } else {
    first = { ...found, required: true };
  }
  for (const column of written) {
    const canGenerate = column.name === primaryKey && (column.type.kind === 'integer' || column.type.kind === 'bigint');
    if (column.generated && !canGenerate) {
      sink.report(
        'primary-key',
        yaml.at(['columns', column.name, 'generated']),
        'Only an integer or bigint primary key can be generated.',
      );
    }
  }
  const columns = [first, ...written.filter(({ name }) => name !== primaryKey)];
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
    primaryKey: first.name,
    columns,
    unique: [...columns.filter(({ unique }) => unique).map(({ name }) => [name]), ...sets('unique')],
    indexes: sets('indexes'),
    file: yaml.file,
  };
}
