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
  const { file, sink } = context;
  const path: YamlPath = ['tables', table.name];
  const parent = resolveParent(table, written, parents, context);
  if (parent === null) return null;

  const entries = written.each ?? [{}];
  const inEach = entries.flatMap((entry) => namedEntries(entry).map(([name]) => name));
  const names = [...new Set([...inEach, ...namedEntries(written.columns).map(([name]) => name)])];
  const columns: ColumnMapping[] = [];
  const ownInput = new Set<string>();
  for (const name of names) {
    if (name === parent.column) {
      const place = file.yaml.keyAt(
        Object.hasOwn(written.columns, name)
          ? [...path, 'columns', name]
          : [...path, 'each', firstWith(entries, name), name],
      );
      sink.report('each-entry', place, `"${name}" is set by \`parent\`: leave it out.`);
      continue;
    }
    const own = Object.hasOwn(written.columns, name) ? written.columns[name] : undefined;
    const long = typeof own === 'string' ? { ...COLUMN_DEFAULTS, from: own } : (own ?? COLUMN_DEFAULTS);
    if (Object.hasOwn(long, 'from') || Object.hasOwn(long, 'value')) ownInput.add(name);
    const column = resolveColumn(
      {
        table,
        name,
        written: long,
        path: own === undefined ? [...path, 'each', firstWith(entries, name), name] : [...path, 'columns', name],
        inputElsewhere: inEach.includes(name),
      },
      context,
    );
    if (column !== null) columns.push(column);
  }
  const each = entries.map((entry, index): EachEntry => ({
    inputs: columns.map((column) => {
      const name = column.column.name;
      if (Object.hasOwn(entry, name))
        return entryInput(entry[name] ?? null, [...path, 'each', index, name], column, context);
      if (!ownInput.has(name)) {
        sink.report(
          'each-entry',
          file.yaml.at([...path, 'each', index]),
          `This entry says nothing about "${name}".`,
          'Every entry must fill the same columns.',
        );
      }
      return column.input;
    }),
  }));
  return {
    table,
    role: 'child',
    key: childKey(table, written, parent.column, columns, context),
    columns,
    parent,
    each,
    skipWhenBlank: ownColumn('skip_when_blank', table, written, columns, context),
    onePrimary: onePrimary(table, written, columns, context),
  };
}

function firstWith(entries: readonly Readonly<Record<string, unknown>>[], name: string): number {
  return Math.max(
    0,
    entries.findIndex((entry) => Object.hasOwn(entry, name)),
  );
}

function resolveParent(
  table: Table,
  written: MappingFileTable,
  parents: readonly Table[],
  { file, sink }: MappingContext,
): { readonly table: string; readonly column: string } | null {
  const path = ['tables', table.name];
  if (written.parent === undefined) {
    sink.report(
      'table-roles',
      file.yaml.keyAt(path),
      `"${table.name}" has \`each\`, but no \`parent\`.`,
      `Add \`parent: ${parents[0]?.name ?? 'TABLE'}\`.`,
    );
    return null;
  }
  const parent = parents.find(({ name }) => name === written.parent);
  if (parent === undefined) {
    const suggestion = didYouMean(
      written.parent,
      parents.map(({ name }) => name),
    );
    sink.report(
      'table-roles',
      file.yaml.at([...path, 'parent']),
      `"${written.parent}" is not the root table of this mapping or an extension of it.`,
      suggestion,
    );
    return null;
  }
  // A joined table shares its key with its base: a reference to either names the same row.
  const family = new Set(parents.map(({ name }) => name));
  const column =
    table.columns.find(({ references }) => references?.table === parent.name) ??
    table.columns.find(({ references }) => references !== null && family.has(references.table)) ??
    table.columns.find(({ name }) => name === `${parent.name}_id`);
  if (column === undefined) {
    sink.report(
      'table-roles',
      file.yaml.at([...path, 'parent']),
      `The table "${table.name}" has no column that references "${parent.name}".`,
      `Add \`references: ${parent.name}.${parent.primaryKey}\` to one in its table file.`,
    );
    return null;
  }
  return { table: parent.name, column: column.name };
}

function entryInput(
  value: MappingFileEachValue,
  path: YamlPath,
  column: ColumnMapping,
  context: MappingContext,
): Input {
  const { source, file, sink } = context;
  if (typeof value === 'object' && value !== null) {
    if (value.from !== undefined) return fieldsInput([value.from].flat(), [...path, 'from'], context);
    if (!Object.hasOwn(value, 'value'))
      sink.report('each-entry', file.yaml.at(path), 'This names neither a field nor a constant.');
    return constantInput(value.value ?? null);
  }
  if (typeof value !== 'string') return constantInput(value);
  if (source !== null && fieldIndex(source, value) >= 0) return fieldsInput([value], path, context);
  const reason = column.transforms.length > 0 || column.map !== null ? null : misfit(value, column.column);
  if (source !== null && (reason !== null || (looksLikeField(value) && column.column.type.kind !== 'enum'))) {
    const near = didYouMean(value, source.fields);
    const said =
      reason === null
        ? `The SOQL does not select ${value}.`
        : `"${value}" is no field of the SOQL, and as a constant it ${reason}.`;
    sink.report(
      'unselected-field',
      file.yaml.at(path),
      said,
      near?.startsWith('Did') ? near : 'Add the field to the SELECT, or write a constant as { value: ... }.',
    );
  }
  return constantInput(value);
}

function childKey(
  table: Table,
  written: MappingFileTable,
  parentColumn: string,
  columns: readonly ColumnMapping[],
  { file, sink }: MappingContext,
): readonly string[] {
  const path = ['tables', table.name];
  const key = [written.key ?? []].flat();
  if (key.length === 0) {
    sink.report(
      'key-missing',
      file.yaml.keyAt(path),
      `"${table.name}" has no \`key\` by which its rows are found again.`,
      `Name what tells the rows of one parent apart, like key: [${parentColumn}, type].`,
    );
    return [parentColumn];
  }
  for (const [index, name] of key.entries()) {
    if (name === parentColumn || columns.some(({ column }) => column.name === name)) continue;
    const suggestion = didYouMean(name, [parentColumn, ...columns.map(({ column }) => column.name)]);
    sink.report(
      'key-unmapped',
      file.yaml.at([...path, 'key', index]),
      `The key column "${name}" is not filled by this mapping.`,
      suggestion,
    );
  }
  return key.includes(parentColumn) ? key : [parentColumn, ...key];
}

function ownColumn(
  key: 'skip_when_blank' | 'one_primary',
  table: Table,
  written: MappingFileTable,
  columns: readonly ColumnMapping[],
  { file, sink }: MappingContext,
): string | null {
  const name = written[key];
  if (name === undefined) return null;
  if (!columns.some(({ column }) => column.name === name)) {
    const suggestion = didYouMean(
      name,
      columns.map(({ column }) => column.name),
    );
    sink.report(
      'each-entry',
      file.yaml.at(['tables', table.name, key]),
      `\`${key}\` names "${name}", which this mapping does not fill.`,
      suggestion,
    );
  }
  return name;
}

function onePrimary(
  table: Table,
  written: MappingFileTable,
  columns: readonly ColumnMapping[],
  context: MappingContext,
): string | null {
  const name = ownColumn('one_primary', table, written, columns, context);
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column !== undefined && column.type.kind !== 'boolean') {
    context.sink.report(
      'each-entry',
      context.file.yaml.at(['tables', table.name, 'one_primary']),
      `\`one_primary\` needs a boolean column; "${column.name}" is not one.`,
    );
  }
  return name;
}
