import type { Deletes, TableMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { Column, Table } from './table.ts';
import { misfit } from './value-fits.ts';

const PLACE = ['deletes'] as const;

/** What becomes of rows whose record is gone; null where the mapping does not say, or says it wrong, which is reported. */
export function resolveDeletes(tables: readonly TableMapping[], context: MappingContext): Deletes | null {
  const { file, sink } = context;
  const { deletes, source } = file.value;
  if (deletes === undefined) return null;
  if (source?.file !== undefined) {
    const said = '`deletes` is for records of the org: a line that is missing in a file tells nothing.';
    sink.report('deletes-setting', file.yaml.keyAt(PLACE), said, 'Remove it.');
    return null;
  }
  const { detect, action, left_filter } = deletes;
  if (action !== 'ignore') reportLostIds(tables, context);
  return {
    recycleBin: detect.includes('recycle_bin'),
    reconcile: detect.includes('reconcile'),
    action,
    mark: action === 'soft' ? resolveMark(tables, context) : noMark(context),
    leftFilter: left_filter,
  };
}

/** The transforms that leave an id of the org as it is. */
const LEAVES_IDS = new Set(['trim', 'salesforce_id']);

/** A deleted record has nothing but its id: where the key holds something else that was made of it, no row is found. */
function reportLostIds(tables: readonly TableMapping[], { file, sink }: MappingContext): void {
  const root = tables.find(({ role }) => role === 'root');
  // Where records meet in one row, the state knows which row is whose.
  if (root === undefined || root.match.length > 0 || root.prefer.length > 0) return;
  const ids = root.columns.filter(({ column, input }) => {
    const isId = input.kind === 'fields' && input.paths.some((path) => path.toLowerCase() === 'id');
    return isId && root.key.includes(column.name);
  });
  const isKept = ids.some(
    ({ transforms, map }) => map === null && transforms.every(({ name }) => LEAVES_IDS.has(name)),
  );
  const [changed] = ids;
  if (changed === undefined || isKept) return;
  const said = `Rows of gone records are found by their id, and "${root.table.name}.${changed.column.name}" holds another text.`;
  sink.report('deletes-setting', file.yaml.keyAt(PLACE), said, 'Keep the id as it is in the key column.');
}

function noMark({ file, sink }: MappingContext): null {
  for (const key of ['column', 'value'] as const) {
    if (file.value.deletes?.[key] === undefined) continue;
    const said = `\`${key}\` goes with \`action: soft\`; ${file.value.deletes.action} marks nothing.`;
    sink.report('deletes-setting', file.yaml.keyAt([...PLACE, key]), said, 'Remove it.');
  }
  return null;
}

function resolveMark(tables: readonly TableMapping[], context: MappingContext): Deletes['mark'] {
  const { file, sink } = context;
  const { column: name, value } = file.value.deletes ?? {};
  for (const key of ['column', 'value'] as const) {
    if (file.value.deletes?.[key] !== undefined) continue;
    const said = `\`action: soft\` needs \`${key}\`: how a row is marked.`;
    sink.report('missing-key', file.yaml.keyAt(PLACE), said, 'Write it like { column: active, value: false }.');
  }
  const found = name === undefined ? null : markColumn(name, tables, context);
  if (found === null || value === undefined) return null;
  const { table, column } = found;
  const text = value === null ? null : String(value);
  const reason = text === null ? (column.required ? 'cannot be null' : null) : misfit(text, column);
  if (reason !== null) {
    sink.report('value-misfit', file.yaml.at([...PLACE, 'value']), `The value of "${column.name}" ${reason}.`);
  }
  return { table: table.name, column, value: text };
}

interface Found {
  readonly table: Table;
  readonly column: Column;
}

/** `table.column`, or a name that one of the root and its extensions has. */
function markColumn(written: string, tables: readonly TableMapping[], { file, sink }: MappingContext): Found | null {
  const place = file.yaml.at([...PLACE, 'column']);
  const joined = tables.filter(({ role }) => role !== 'child');
  const columns = joined.flatMap(({ table }) => table.columns.map((column) => ({ table, column })));
  const called = ({ table, column }: Found): string => `${table.name}.${column.name}`;
  const found = columns.filter((one) => written === one.column.name || written === called(one));
  const [first, ...others] = found;
  if (first === undefined) {
    const names = columns.map((one) => (written.includes('.') ? called(one) : one.column.name));
    const said = `Neither the root table nor an extension has a column "${written}".`;
    sink.report('unknown-column', place, said, didYouMean(written, names));
    return null;
  }
  if (others.length > 0) {
    const said = `Several tables have a column "${written}".`;
    sink.report('deletes-setting', place, said, `Write ${found.map(called).join(' or ')}.`);
    return null;
  }
  const reason = unfit(first, joined);
  if (reason === null) return first;
  sink.report('deletes-setting', place, `"${called(first)}" cannot mark a row: ${reason}.`);
  return null;
}

function unfit({ table, column }: Found, joined: readonly TableMapping[]): string | null {
  if (table.primaryKey.includes(column.name)) return 'it is the primary key';
  if (column.generated || column.touch !== null) return 'it is filled by the database or by Sluice';
  const keys = joined.find((mapped) => mapped.table.name === table.name);
  const isKey = [keys?.key ?? [], ...(keys?.match ?? [])].some((key) => key.includes(column.name));
  return isKey ? 'its rows are found by it' : null;
}
