import type { ColumnMapping, TableMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { MappingFileTable } from './schema/mapping-table.ts';
import type { Table } from './table.ts';
import { reportUnfilledKey } from './unfilled-key.ts';

interface WrittenTable {
  readonly table: Table;
  readonly written: MappingFileTable;
}

/** A child table whose columns are known. */
export interface ChildDraft extends WrittenTable {
  readonly parentColumn: string;
  readonly columns: readonly ColumnMapping[];
}

/** What tells the rows of one parent apart; the parent's own column is always part of it. */
export function childKey(
  { table, written, parentColumn, columns }: ChildDraft,
  { file, sink }: MappingContext,
): readonly string[] {
  const path = ['tables', table.name];
  const key = [written.key ?? []].flat();
  if (key.length === 0) {
    const said = `"${table.name}" has no \`key\` by which its rows are found again.`;
    const hint = `Name what tells the rows of one parent apart, like key: [${parentColumn}, type].`;
    sink.report('key-missing', file.yaml.keyAt(path), said, hint);
  }
  const filled = [parentColumn, ...columns.map(({ column }) => column.name)];
  reportUnfilledKey({ path: [...path, 'key'], key, filled }, { file, sink });
  return key.includes(parentColumn) ? key : [parentColumn, ...key];
}

/** A column that a setting of the child names; it must be one that the mapping fills. */
export function ownColumn(
  setting: 'skip_when_blank' | 'one_primary',
  { table, written, columns }: ChildDraft,
  { file, sink }: MappingContext,
): string | null {
  const name = written[setting];
  if (name === undefined) return null;
  const filled = columns.map(({ column }) => column.name);
  if (!filled.includes(name)) {
    const said = `\`${setting}\` names "${name}", which this mapping does not fill.`;
    sink.report('each-entry', file.yaml.at(['tables', table.name, setting]), said, didYouMean(name, filled));
  }
  return name;
}

export function onePrimary(draft: ChildDraft, context: MappingContext): string | null {
  const { table } = draft;
  const name = ownColumn('one_primary', draft, context);
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column !== undefined && column.type.kind !== 'boolean') {
    const said = `\`one_primary\` needs a boolean column; "${column.name}" is not one.`;
    context.sink.report('each-entry', context.file.yaml.at(['tables', table.name, 'one_primary']), said);
  }
  return name;
}

/** An expression over the child row and the record: where it is true, there is no row. */
export function childSkip(
  { table, written }: ChildDraft,
  { file, expressions }: MappingContext,
): TableMapping['skipWhen'] {
  if (written.skip_when === undefined) return null;
  const path = ['tables', table.name, 'skip_when'];
  expressions.push({
    text: written.skip_when,
    path,
    wanted: 'boolean',
    at: { table: table.name, column: null },
    into: null,
  });
  return { text: written.skip_when, position: file.yaml.at(path) };
}

const CHILD_ONLY = ['set', 'when_empty', 'skip_when', 'skip_when_blank', 'one_primary'] as const;
const ROOT_ONLY = ['match', 'adopt', 'unmatched', 'leave', 'prefer'] as const;

/** Settings that only a child has, at a table that is none. */
export function reportChildSettings({ table, written }: WrittenTable, { file, sink }: MappingContext): void {
  for (const key of CHILD_ONLY) {
    if (written[key] === undefined) continue;
    const said = `\`${key}\` is for child tables, which have \`parent\`.`;
    sink.report('table-setting', file.yaml.keyAt(['tables', table.name, key]), said);
  }
}

/** Settings that only the root has, at a table that is not the root. */
export function reportRootSettings({ table, written }: WrittenTable, { file, sink }: MappingContext): void {
  for (const key of ROOT_ONLY) {
    if (written[key] === undefined) continue;
    const said = `\`${key}\` is for the root table of a mapping, and "${table.name}" is not the root.`;
    sink.report('table-setting', file.yaml.keyAt(['tables', table.name, key]), said);
  }
  if (written.when_empty !== undefined && written.set !== 'replace') {
    const place = file.yaml.keyAt(['tables', table.name, 'when_empty']);
    sink.report('table-setting', place, '`when_empty` says what becomes of rows that `set: replace` would delete.');
  }
}
