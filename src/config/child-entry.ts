import type { ColumnMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import { COLUMN_DEFAULTS, resolveColumn } from './resolve-column.ts';
import { fieldIndex, type MappingContext } from './resolve-context.ts';
import { INPUT_KEYS } from './resolve-input.ts';
import type { MappingFileColumn } from './schema/column-mapping.ts';
import type { MappingFileEachValue, MappingFileTable } from './schema/mapping-table.ts';
import type { Table } from './table.ts';
import { misfit } from './value-fits.ts';
import { looksLikeField } from './written-fields.ts';
import type { YamlPath } from './yaml-file.ts';

export type WrittenEntry = Readonly<Record<string, MappingFileEachValue>>;

interface EntryOf {
  readonly table: Table;
  readonly written: MappingFileTable;
  /** The columns of the child as its `columns` have them. */
  readonly templates: readonly ColumnMapping[];
}

/** The columns of a child as one entry of `each` fills them, in the order of the templates. */
export function resolveEntry(
  entry: WrittenEntry,
  index: number,
  { table, written, templates }: EntryOf,
  context: MappingContext,
): readonly ColumnMapping[] {
  const path = ['tables', table.name, 'each', index];
  const columns = templates.map((template) => {
    const { name } = template.column;
    const own = Object.hasOwn(written.columns, name) ? written.columns[name] : undefined;
    const shared: MappingFileColumn =
      typeof own === 'string' ? { ...COLUMN_DEFAULTS, from: own } : (own ?? COLUMN_DEFAULTS);
    if (!Object.hasOwn(entry, name)) {
      if (hasInput(shared)) return template;
      const said = `This entry says nothing about "${name}".`;
      context.sink.report('each-entry', context.file.yaml.at(path), said, 'Every entry must fill the same columns.');
      return template;
    }
    const given = entryColumn(entry[name] ?? null, [...path, name], template, context);
    const columnPath = ['tables', table.name, 'columns', name];
    const resolved = resolveColumn(
      {
        table,
        name,
        written: laidOver(shared, given),
        role: 'child',
        path: [...path, name],
        pathOf: (key) => entryPath(key, { value: entry[name], given, path: [...path, name], columnPath }),
        inputElsewhere: false,
      },
      context,
    );
    return resolved ?? template;
  });
  const splitting = columns.filter(({ split }) => split.length > 0);
  if (splitting.length > 1) {
    const said = `An entry splits one column at most; this one splits ${splitting.map(({ column }) => column.name).join(' and ')}.`;
    context.sink.report('each-entry', context.file.yaml.at(path), said, 'Make two entries of it.');
  }
  return columns;
}

type EntryColumn = Partial<MappingFileColumn>;

/** With an input of its own, an entry drops that of the column. */
function laidOver(shared: MappingFileColumn, given: EntryColumn): MappingFileColumn {
  if (!hasInput(given)) return { ...shared, ...given };
  const rest = { ...shared };
  for (const key of [...INPUT_KEYS, 'join', 'split'] as const) delete rest[key];
  return { ...rest, ...given };
}

function hasInput(written: EntryColumn): boolean {
  return INPUT_KEYS.some((key) => written[key] !== undefined);
}

function entryPath(
  key: string,
  {
    value,
    given,
    path,
    columnPath,
  }: { value: MappingFileEachValue | undefined; given: EntryColumn; path: YamlPath; columnPath: YamlPath },
): YamlPath {
  if (!Object.hasOwn(given, key)) return [...columnPath, key];
  return typeof value === 'object' && value !== null ? [...path, key] : path;
}

/** A bare text is a field where the SOQL selects it, else a constant that must fit the column. */
function entryColumn(
  value: MappingFileEachValue,
  path: YamlPath,
  template: ColumnMapping,
  context: MappingContext,
): EntryColumn {
  const { source, file, sink } = context;
  if (typeof value === 'object' && value !== null) return value;
  if (typeof value !== 'string') return { value };
  if (source === null || fieldIndex(source, value) >= 0) return { from: value };
  const raw = template.transforms.length === 0 && template.map === null && template.link === null;
  const reason = raw ? misfit(value, template.column) : null;
  if (reason !== null || (looksLikeField(value) && template.column.type.kind !== 'enum')) {
    const said =
      reason === null
        ? `The SOQL does not select ${value}.`
        : `"${value}" is no field of the SOQL, and as a constant it ${reason}.`;
    const near = didYouMean(value, source.fields);
    const hint = near?.startsWith('Did') ? near : 'Add the field to the SELECT, or write a constant as { value: ... }.';
    sink.report('unselected-field', file.yaml.at(path), said, hint);
  }
  return { value };
}
