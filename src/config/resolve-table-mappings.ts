import { reportChildSettings, reportRootSettings } from './child-settings.ts';
import type { ColumnMapping, TableMapping } from './mapping.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import { resolveChild } from './resolve-child.ts';
import { COLUMN_DEFAULTS, resolveColumn } from './resolve-column.ts';
import type { MappingContext } from './resolve-context.ts';
import { rootSettings } from './root-settings.ts';
import { without } from './rules.ts';
import type { MappingFileTable } from './schema/mapping-table.ts';
import { soleKey, type Table } from './table.ts';
import { reportUnfilledKey } from './unfilled-key.ts';

interface NamedTable {
  readonly table: Table;
  readonly written: MappingFileTable;
}

/** The tables of a mapping: the root, its extensions, then the children. */
export function resolveTableMappings(context: MappingContext): readonly TableMapping[] {
  const { file, tables, sink } = context;
  const named = namedEntries(file.value.tables).flatMap(([name, written]): NamedTable[] => {
    const table = tables.get(name);
    if (table !== undefined) return [{ table, written }];
    sink.report(
      'unknown-table',
      file.yaml.keyAt(['tables', name]),
      `There is no table "${name}".`,
      didYouMean(name, tables.keys()),
    );
    return [];
  });
  // Beside a table that is not known, nothing can be said about who is root and who is child.
  const roles =
    named.length === namedEntries(file.value.tables).length
      ? context
      : { ...context, sink: without(sink, ['table-roles']) };
  const children = named.filter(({ written }) => isChild(written));
  const family = inOrderOfExtension(
    named.filter(({ written }) => !isChild(written)),
    roles,
  );
  const parents = family.map(({ table }) => table);
  return [
    ...family.map((entry, index) => resolveRecordTable(entry, index === 0 ? 'root' : 'extension', context)),
    ...children.flatMap(({ table, written }) => resolveChild(table, written, parents, roles) ?? []),
  ];
}

function isChild({ each, parent }: MappingFileTable): boolean {
  return each !== undefined || parent !== undefined;
}

/** The root, then what extends it, a base before what is derived from it. */
function inOrderOfExtension(family: readonly NamedTable[], { file, sink }: MappingContext): readonly NamedTable[] {
  const ordered: NamedTable[] = [];
  for (let rest = [...family]; rest.length > 0;) {
    const next = rest.find(({ table }) =>
      ordered.length === 0 ? table.extends === null : ordered.some((before) => before.table.name === table.extends),
    );
    if (next === undefined) {
      for (const { table } of rest) {
        const [said, hint] =
          table.extends === null
            ? [
                `"${table.name}" is a second root beside "${ordered[0]?.table.name ?? ''}".`,
                'A child table needs `parent`; an unrelated table a mapping of its own.',
              ]
            : [
                `"${table.name}" extends "${table.extends}", which this mapping does not fill.`,
                `Add the table "${table.extends}" to the mapping.`,
              ];
        sink.report('table-roles', file.yaml.keyAt(['tables', table.name]), said, hint);
      }
      return ordered;
    }
    ordered.push(next);
    rest = rest.filter((entry) => entry !== next);
  }
  if (ordered.length === 0)
    sink.report(
      'table-roles',
      file.yaml.keyAt(['tables']),
      'No table here can be the root: one without `parent` and `extends`.',
    );
  return ordered;
}

function resolveRecordTable(entry: NamedTable, role: 'root' | 'extension', context: MappingContext): TableMapping {
  const { table, written } = entry;
  const path = ['tables', table.name] as const;
  const columns = namedEntries(written.columns).flatMap(([name, column]): ColumnMapping[] => {
    const long = typeof column === 'string' ? { ...COLUMN_DEFAULTS, from: column } : column;
    const at = [...path, 'columns', name];
    const resolved = resolveColumn(
      {
        table,
        name,
        written: long,
        role: 'record',
        path: at,
        pathOf: (key) => (typeof column === 'string' ? at : [...at, key]),
        inputElsewhere: false,
      },
      context,
    );
    return resolved === null ? [] : [resolved];
  });
  reportChildSettings(entry, context);
  if (role === 'extension') reportRootSettings(entry, context);
  const asRoot = role === 'root' ? written : { columns: {} };
  return {
    table,
    role,
    key: role === 'root' ? rootKey(entry, columns, context) : extensionKey(entry, context),
    ...rootSettings({ table, written: asRoot, columns }, context),
    columns,
    parent: null,
    each: [],
    list: false,
    set: 'add_only',
    whenEmpty: 'keep',
    skipWhen: null,
    skipWhenBlank: null,
    onePrimary: null,
  };
}

function extensionKey({ table, written }: NamedTable, { file, sink }: MappingContext): readonly string[] {
  if (written.key !== undefined) {
    const said = `"${table.name}" extends "${table.extends ?? ''}" and is found by its key: leave \`key\` out.`;
    sink.report('table-roles', file.yaml.keyAt(['tables', table.name, 'key']), said);
  }
  return table.primaryKey;
}

function rootKey(
  { table, written }: NamedTable,
  columns: readonly ColumnMapping[],
  { file, sink }: MappingContext,
): readonly string[] {
  const path = ['tables', table.name];
  const key = [written.key ?? []].flat();
  if (key.length === 0) {
    const said = `"${table.name}" has no \`key\` by which its rows are found again.`;
    sink.report('key-missing', file.yaml.keyAt(path), said, 'Name the column that holds the Salesforce id.');
  }
  const filled = columns.map(({ column }) => column.name);
  reportUnfilledKey({ path: [...path, 'key'], key, filled }, { file, sink });
  if (key.length > 0 && soleKey(table) === null) reportOtherKey({ table, written }, key, { file, sink });
  return key;
}

/** A row without one column that names it is named by its whole primary key: nothing else leads from a record to it. */
function reportOtherKey(
  { table, written }: NamedTable,
  key: readonly string[],
  { file, sink }: Pick<MappingContext, 'file' | 'sink'>,
): void {
  const { name, primaryKey } = table;
  const path = ['tables', name];
  const said = `The primary key of "${name}" has several columns: rows are found by all of them and by nothing else.`;
  const isSame = key.length === primaryKey.length && primaryKey.every((column) => key.includes(column));
  if (!isSame) {
    const hint = `Write key: [${primaryKey.join(', ')}], or give the table an \`id\`.`;
    sink.report('table-setting', file.yaml.at([...path, 'key']), said, hint);
  }
  if (written.match !== undefined) {
    sink.report('table-setting', file.yaml.keyAt([...path, 'match']), said, 'Remove `match`.');
  }
}
