import { childKey, onePrimary, ownColumn } from './child-settings.ts';
import type { ColumnMapping, EachEntry, Input, TableMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import { namedEntries } from './named-entries.ts';
import { COLUMN_DEFAULTS, resolveColumn } from './resolve-column.ts';
import { constantInput, fieldIndex, fieldsInput, type MappingContext } from './resolve-context.ts';
import type { MappingFileEachValue, MappingFileTable } from './schema/mapping.ts';
import type { Table } from './table.ts';
import { misfit } from './value-fits.ts';
import { looksLikeField } from './written-fields.ts';
import type { YamlPath } from './yaml-file.ts';

type WrittenEntry = Readonly<Record<string, MappingFileEachValue>>;

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
  const columns = names.flatMap((name) => {
    if (name !== parent.column) return childColumn(name, { table, written, entries }, context) ?? [];
    const place = context.file.yaml.keyAt(columnPlace(name, { table, written, entries }));
    context.sink.report('each-entry', place, `"${name}" is set by \`parent\`: leave it out.`);
    return [];
  });
  const each = entries.map((entry, index) => eachEntry(entry, index, { table, written, columns }, context));
  const draft = { table, written, parentColumn: parent.column, columns };
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
    list: false,
    set: 'add_only',
    whenEmpty: 'keep',
    skipWhen: null,
    skipWhenBlank: ownColumn('skip_when_blank', draft, context),
    onePrimary: onePrimary(draft, context),
  };
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

function childColumn(name: string, child: WrittenChild, context: MappingContext): ColumnMapping | null {
  const { table, written, entries } = child;
  const own = Object.hasOwn(written.columns, name) ? written.columns[name] : undefined;
  const path = columnPlace(name, child);
  return resolveColumn(
    {
      table,
      name,
      written: typeof own === 'string' ? { ...COLUMN_DEFAULTS, from: own } : (own ?? COLUMN_DEFAULTS),
      path,
      fromPath: typeof own === 'string' ? path : [...path, 'from'],
      inputElsewhere: entries.some((entry) => Object.hasOwn(entry, name)),
    },
    context,
  );
}

function eachEntry(
  entry: WrittenEntry,
  index: number,
  child: { readonly table: Table; readonly written: MappingFileTable; readonly columns: readonly ColumnMapping[] },
  context: MappingContext,
): EachEntry {
  const path = ['tables', child.table.name, 'each', index];
  const columns = child.columns.map((column): ColumnMapping => {
    const { name } = column.column;
    if (Object.hasOwn(entry, name)) {
      return { ...column, input: entryInput(entry[name] ?? null, [...path, name], column, context) };
    }
    const own = child.written.columns[name];
    const filled = typeof own === 'string' || own?.from !== undefined || own?.value !== undefined;
    if (!filled) {
      const said = `This entry says nothing about "${name}".`;
      context.sink.report('each-entry', context.file.yaml.at(path), said, 'Every entry must fill the same columns.');
    }
    return column;
  });
  return { columns };
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
  // A joined table shares its key with its base: a reference to either names the same row.
  const column =
    table.columns.find(({ references }) => references?.table === parent.name) ??
    table.columns.find(({ references }) => references !== null && names.includes(references.table)) ??
    table.columns.find(({ name }) => name === `${parent.name}_id`);
  if (column !== undefined) return { table: parent.name, column: column.name };
  const said = `The table "${table.name}" has no column that references "${parent.name}".`;
  sink.report(
    'table-roles',
    place,
    said,
    `Add \`references: ${parent.name}.${parent.primaryKey.join(', ')}\` to one in ${table.file}.`,
  );
  return null;
}

/** A bare text is a field where the SOQL selects it, else a constant that must fit the column. */
function entryInput(
  value: MappingFileEachValue,
  path: YamlPath,
  mapped: ColumnMapping,
  context: MappingContext,
): Input {
  const { source, file, sink } = context;
  if (typeof value === 'object' && value !== null) {
    if (value.from !== undefined) return fieldsInput([value.from].flat(), [...path, 'from'], context);
    if (value.value === undefined)
      sink.report('each-entry', file.yaml.at(path), 'This names neither a field nor a constant.');
    return constantInput(value.value ?? null);
  }
  if (typeof value !== 'string') return constantInput(value);
  if (source === null || fieldIndex(source, value) >= 0) return fieldsInput([value], path, context);
  const raw = mapped.transforms.length === 0 && mapped.map === null;
  const reason = raw ? misfit(value, mapped.column) : null;
  if (reason !== null || (looksLikeField(value) && mapped.column.type.kind !== 'enum')) {
    const said =
      reason === null
        ? `The SOQL does not select ${value}.`
        : `"${value}" is no field of the SOQL, and as a constant it ${reason}.`;
    const near = didYouMean(value, source.fields);
    const hint = near?.startsWith('Did') ? near : 'Add the field to the SELECT, or write a constant as { value: ... }.';
    sink.report('unselected-field', file.yaml.at(path), said, hint);
  }
  return constantInput(value);
}
