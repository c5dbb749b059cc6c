import { resolveEntry, type WrittenEntry } from './child-entry.ts';
import { childKey, childSkip, onePrimary, ownColumn, reportRootSettings } from './child-settings.ts';
import { withSharedLink } from './column-link.ts';
import type { ColumnMapping, EachEntry, TableMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import { namedEntries } from './named-entries.ts';
import { COLUMN_DEFAULTS, resolveColumn } from './resolve-column.ts';
import type { MappingContext } from './resolve-context.ts';
import type { MappingFileTable } from './schema/mapping-table.ts';
import { soleKey, type Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

/**
 * A child table: rows of their own that belong to the row of the parent.
 * @param parents  the root and its extensions
 */
export function resolveChild(
  table: Table,
  written: MappingFileTable,
  parents: readonly Table[],
  context: MappingContext,
): TableMapping | null {
  const parent = resolveParent(table, written, parents, context);
  if (parent === null) return null;
  const entries: readonly WrittenEntry[] = written.each ?? [{}];
  const inEach = entries.flatMap((entry) => namedEntries(entry).map(([name]) => name));
  const names = [...new Set([...inEach, ...namedEntries(written.columns).map(([name]) => name)])];
  const templates = names.flatMap((name) => {
    if (name !== parent.column) return template(name, { table, written, entries }, context) ?? [];
    const place = context.file.yaml.keyAt(columnPlace(name, { table, written, entries }));
    context.sink.report('each-entry', place, `"${name}" is set by \`parent\`: leave it out.`);
    return [];
  });
  const perEntry = entries.map((entry, index) => resolveEntry(entry, index, { table, written, templates }, context));
  const perColumn = templates.map((column, place) =>
    withSharedLink(
      perEntry.map((columns) => columns[place] ?? column),
      context,
    ),
  );
  const columns = templates.map((column, place) => ({
    ...column,
    link: perColumn[place]?.[0]?.link ?? null,
    lookup: 0,
  }));
  const each = entries.map((_, index): EachEntry => ({
    columns: templates.map((column, place) => perColumn[place]?.[index] ?? column),
  }));
  const draft = { table, written, parentColumn: parent.column, columns };
  reportRootSettings(draft, context);
  return {
    table,
    role: 'child',
    key: childKey(draft, context),
    match: [],
    adopt: null,
    unmatched: 'insert',
    leave: [],
    prefer: [],
    columns,
    parent,
    each,
    list: isList(written, columns, each),
    set: written.set ?? 'add_only',
    whenEmpty: written.when_empty ?? 'keep',
    skipWhen: childSkip(draft, context),
    skipWhenBlank: ownColumn('skip_when_blank', draft, context),
    onePrimary: onePrimary(draft, context),
  };
}

/** True when a record may give any number of rows: see {@link TableMapping.list}. */
function isList({ set }: MappingFileTable, columns: readonly ColumnMapping[], each: readonly EachEntry[]): boolean {
  const splits = each.some((entry) => entry.columns.some(({ split }) => split.length > 0));
  return splits || set === 'replace' || columns.some(({ link }) => link !== null);
}

interface WrittenChild {
  readonly table: Table;
  readonly written: MappingFileTable;
  readonly entries: readonly WrittenEntry[];
}

/** Where a column is first named: among the columns, or in an entry. */
function columnPlace(name: string, { table, written, entries }: WrittenChild): YamlPath {
  if (Object.hasOwn(written.columns, name)) return ['tables', table.name, 'columns', name];
  const first = entries.findIndex((entry) => Object.hasOwn(entry, name));
  return ['tables', table.name, 'each', Math.max(0, first), name];
}

/** A column as `columns` has it, before the entries say what they give for it. */
function template(name: string, child: WrittenChild, context: MappingContext): ColumnMapping | null {
  const { table, written, entries } = child;
  const own = Object.hasOwn(written.columns, name) ? written.columns[name] : undefined;
  const path = columnPlace(name, child);
  return resolveColumn(
    {
      table,
      name,
      written: typeof own === 'string' ? { ...COLUMN_DEFAULTS, from: own } : (own ?? COLUMN_DEFAULTS),
      role: 'child',
      path,
      pathOf: (key) => (typeof own === 'string' ? path : [...path, key]),
      inputElsewhere: entries.some((entry) => Object.hasOwn(entry, name)),
    },
    context,
  );
}

function resolveParent(
  table: Table,
  written: MappingFileTable,
  parents: readonly Table[],
  { file, sink }: MappingContext,
): { readonly table: string; readonly column: string } | null {
  const path = ['tables', table.name];
  const names = parents.map(({ name }) => name);
  if (written.parent === undefined) {
    const said = `"${table.name}" has \`each\`, but no \`parent\`.`;
    sink.report('table-roles', file.yaml.keyAt(path), said, `Add \`parent: ${names[0] ?? 'TABLE'}\`.`);
    return null;
  }
  const place = file.yaml.at([...path, 'parent']);
  const parent = parents.find(({ name }) => name === written.parent);
  if (parent === undefined) {
    const said = `"${written.parent}" is not the root table of this mapping or an extension of it.`;
    sink.report('table-roles', place, said, didYouMean(written.parent, names));
    return null;
  }
  if (soleKey(parent) === null) {
    const said = `"${parent.name}" has a primary key of several columns: its rows cannot own others.`;
    sink.report('table-roles', place, said);
    return null;
  }
  // A joined table shares its key with its base: a reference to either names the same row.
  const column =
    table.columns.find(({ references }) => references?.table === parent.name) ??
    table.columns.find(({ references }) => references !== null && names.includes(references.table)) ??
    table.columns.find(({ name }) => name === `${parent.name}_id`);
  if (column !== undefined) return { table: parent.name, column: column.name };
  const said = `The table "${table.name}" has no column that references "${parent.name}".`;
  const hint = `Add \`references: ${parent.name}.${parent.primaryKey.join(', ')}\` to one in ${table.file}.`;
  sink.report('table-roles', place, said, hint);
  return null;
}
