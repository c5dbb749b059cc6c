import { columnType, isNumber, rangeCheck, typeText } from './column-type.ts';
import { freezeDeep } from './freeze-deep.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { TableFile, TableFileColumn } from './schema/table.ts';
import type { Column, Reference, Table } from './table.ts';
import { misfit } from './value-fits.ts';
import type { YamlFile } from './yaml-file.ts';
import { namedEntries } from './named-entries.ts';

/** A file that has the form of its schema. */
export interface CheckedFile<T> {
  readonly yaml: YamlFile;
  readonly value: T;
}

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
  for (const name of byName.keys()) resolveInto(name, { byName, tables, sink, open: [] });
  for (const file of byName.values()) checkReferences(file, tables, sink);
  return tables;
}

interface Resolving {
  readonly byName: ReadonlyMap<string, CheckedFile<TableFile>>;
  readonly tables: Map<string, Table>;
  readonly sink: ProblemSink;
  /** Tables on the way from the first one, each extending the next. */
  readonly open: readonly string[];
}

function resolveInto(name: string, resolving: Resolving): Table | null {
  const { byName, tables, sink, open } = resolving;
  const done = tables.get(name);
  const file = byName.get(name);
  if (done !== undefined || file === undefined) return done ?? null;
  const { yaml, value } = file;
  let base: Table | null = null;
  if (value.extends !== undefined) {
    if (value.extends === name || open.includes(value.extends)) {
      const circle = [...open, name, value.extends].slice([...open, name].indexOf(value.extends)).join(' -> ');
      sink.report('extends-cycle', yaml.at(['extends']), `Tables extend each other in a circle: ${circle}.`);
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

function implicitId(name: string): Column {
  return {
    name,
    type: { kind: 'integer' },
    required: true,
    generated: true,
    default: null,
    references: null,
    unique: false,
    index: false,
    check: null,
    owner: 'sync',
    touch: null,
    pii: false,
    description: '',
  };
}

function buildColumn(name: string, written: TableFileColumn, yaml: YamlFile, sink: ProblemSink): Column {
  const type = columnType(written.type, written.values ?? []);
  const wrong = (key: string, message: string, suggestion: string | null = null): void =>
    sink.report('column-type', yaml.at(['columns', name, key]), message, suggestion);

  if (type.kind === 'enum' && written.values === undefined) wrong('type', `The enum "${name}" needs \`values\`.`);
  if (type.kind !== 'enum' && written.values !== undefined)
    wrong('values', `Only an enum has \`values\`; "${name}" is ${typeText(type)}.`);
  if (type.kind === 'numeric' && type.precision !== null && (type.scale ?? 0) > type.precision)
    wrong('type', 'The scale is larger than the precision.');
  if (written.touch !== undefined && type.kind !== 'timestamp') wrong('touch', 'Only a timestamp can be touched.');
  const check = written.check === undefined ? null : rangeCheck(written.check);
  if (written.check !== undefined) {
    if (check === null)
      wrong(
        'check',
        'This is not a range that a number can be in.',
        'Write "between 0 and 12", ">= 0" or "> 0 and < 10".',
      );
    if (!isNumber(type)) wrong('check', `Only a number has a range; "${name}" is ${typeText(type)}.`);
  }
  const fallback = written.default ?? null;
  if (fallback !== null && !(fallback === 'now' && (type.kind === 'timestamp' || type.kind === 'date'))) {
    const reason = misfit(String(fallback), { type, check });
    if (reason !== null) wrong('default', `The default ${reason}.`);
  }
  if (written.on_delete === 'set_null' && written.required)
    wrong('on_delete', 'A required column cannot be set to null.');
  return {
    name,
    type,
    required: written.required,
    generated: written.generated,
    default: fallback,
    references: reference(written),
    unique: written.unique,
    index: written.index,
    check,
    owner: written.owner,
    touch: written.touch ?? null,
    pii: written.pii,
    description: written.description ?? '',
  };
}

function reference({ references, on_delete }: TableFileColumn): Reference | null {
  if (references === undefined) return null;
  const [table = '', column = ''] = references.split('.');
  return { table, column, onDelete: on_delete };
}

function checkReferences(
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
    } else if (column.name !== target.primaryKey && !isUnique(target, column.name)) {
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
  return column === table.primaryKey || table.unique.some((set) => set.length === 1 && set[0] === column);
}

/** True when values of one kind can be compared with and written to the other. */
export function comparable(a: Column['type']['kind'], b: Column['type']['kind']): boolean {
  const family = (kind: string): string =>
    kind === 'string' || kind === 'text' || kind === 'enum'
      ? 'text'
      : kind === 'integer' || kind === 'bigint'
        ? 'integer'
        : kind;
  return family(a) === family(b);
}
