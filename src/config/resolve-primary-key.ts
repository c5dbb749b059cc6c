import { implicitId } from './build-column.ts';
import type { CheckedFile } from './checked-file.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { TableFile } from './schema/table.ts';
import type { Column, Table } from './table.ts';

interface PrimaryKey {
  readonly primaryKey: readonly string[];
  readonly keyColumns: readonly Column[];
}

/** The primary key of a table: that of its base, the columns that the file names, or an `id`. */
export function resolvePrimaryKey(
  file: CheckedFile<TableFile>,
  base: Table | null,
  written: readonly Column[],
  sink: ProblemSink,
): PrimaryKey {
  const key = base === null ? ownKey(file, written, sink) : sharedKey(file, base, written, sink);
  const sole = key.primaryKey.length === 1 ? key.primaryKey[0] : null;
  for (const column of written) {
    const canGenerate = column.name === sole && ['integer', 'bigint', 'uuid'].includes(column.type.kind);
    if (column.generated && !canGenerate && (column.owner !== 'local' || column.name === sole)) {
      sink.report(
        'primary-key',
        file.yaml.at(['columns', column.name, 'generated']),
        'Only a primary key of the type integer, bigint or uuid can be generated, or a column with `owner: local`.',
      );
    }
  }
  return key;
}

/** A joined table has the key of its base. It may call it by another name, and has nothing else of its own to say about it. */
function sharedKey(
  { yaml, value }: CheckedFile<TableFile>,
  base: Table,
  written: readonly Column[],
  sink: ProblemSink,
): PrimaryKey {
  const [baseKey = 'id', ...more] = base.primaryKey;
  if (more.length > 0) {
    const said = `"${base.name}" has a primary key of several columns and cannot be extended.`;
    sink.report('primary-key', yaml.at(['extends']), said);
  }
  const own = [value.primary_key ?? baseKey].flat();
  const [name = baseKey] = own;
  const inherited = base.columns.find((column) => column.name === baseKey);
  const repeated = written.some((column) => column.name === name);
  if (repeated || own.length > 1 || value.primary_key === baseKey) {
    const place = repeated ? yaml.keyAt(['columns', name]) : yaml.keyAt(['primary_key']);
    const said = `The primary key "${name}" comes from the table "${base.name}".`;
    sink.report('primary-key', place, said, 'Remove it here.');
  }
  const column: Column = {
    ...implicitId(name),
    generated: false,
    type: inherited?.type ?? { kind: 'integer' },
    references: { table: base.name, column: baseKey, onDelete: value.on_delete ?? 'cascade' },
  };
  return { primaryKey: [name], keyColumns: [column] };
}

function ownKey({ yaml, value }: CheckedFile<TableFile>, written: readonly Column[], sink: ProblemSink): PrimaryKey {
  if (value.on_delete !== undefined) {
    const said =
      'Only a table that extends another has `on_delete`; elsewhere it belongs to a column with `references`.';
    sink.report('primary-key', yaml.keyAt(['on_delete']), said);
  }
  const named = [value.primary_key ?? 'id'].flat();
  const found = named.flatMap((name) => written.find((column) => column.name === name) ?? []);
  if (value.primary_key !== undefined) {
    const names = written.map(({ name }) => name);
    for (const [place, name] of named.entries()) {
      if (names.includes(name)) continue;
      const position = yaml.at(named.length > 1 ? ['primary_key', place] : ['primary_key']);
      sink.report('primary-key', position, `There is no column "${name}".`, didYouMean(name, names));
    }
  }
  if (found.length < named.length) return { primaryKey: ['id'], keyColumns: [implicitId('id')] };
  return { primaryKey: named, keyColumns: found.map((column) => ({ ...column, required: true })) };
}
