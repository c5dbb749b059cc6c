import type { ColumnMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { MappingFileTable } from './schema/mapping.ts';
import type { Table } from './table.ts';
import { reportUnfilledKey } from './unfilled-key.ts';

/** A child table whose columns are known. */
export interface ChildDraft {
  readonly table: Table;
  readonly written: MappingFileTable;
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
  reportUnfilledKey({ path, key, filled }, { file, sink });
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
