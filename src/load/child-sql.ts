import type { TableMapping } from '../config/mapping.ts';
import { columnOf, rowKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { keepOnInsert, updateValue } from './row-sql.ts';
import type { StagedChild, StagedEntry, StagedValue, StageLayout } from './stage-layout.ts';
import { stageName } from './stage-sql.ts';
import { type Change, changesSql, touched, type UpdateParts, updateSql } from './update-sql.ts';

/** The statements that merge a child's rows. Those over older parents give the root's primary key. */
export interface ChildStatements {
  readonly table: TableMapping;
  /** Aggregate over the stage alias `s`: the child's rows in it. */
  readonly present: string;
  /** Rows of records whose root row is new: they cannot be there yet. */
  readonly insertFresh: string;
  readonly update: string | null;
  /** For a plan: what `update` would change, by column; see {@link changesSql}. */
  readonly changes: string | null;
  readonly changing: readonly string[];
  readonly insertMissing: string;
  /** Takes the mark from other rows of a parent whose primary row is now this record's; null without `one_primary`. */
  readonly demote: string | null;
}

/**
 * @param target.drawKey  SQL that draws a new row's primary key; null to leave it to the column's own sequence
 */
export function childStatements(
  child: StagedChild,
  layout: StageLayout,
  { schema, drawKey }: { readonly schema: string; readonly drawKey: string | null },
): ChildStatements {
  const { table } = child;
  const parent = table.parent === null ? null : quoteName(table.parent.column);
  const first = child.entries[0];
  if (parent === null || first === undefined)
    throw new RangeError(`child ${table.table.name} has no parent or no entry`);
  const target = quoteTable(schema, table.table.name);
  const rows = (fresh: boolean) => unionOf(child, layout, fresh);
  const values = first.values.map((value) => ({ ...value, ...overUnion(value, child) }));
  const generated = columnOf(table.table, rowKey(table.table)).generated;
  const ownKey = drawKey === null || !generated ? [] : [{ name: quoteName(rowKey(table.table)), value: drawKey }];
  const columns = [
    ...ownKey.map(({ name }) => name),
    parent,
    ...values.map(({ column }) => quoteName(column.column.name)),
    ...touched(table, 'insert'),
  ];
  const taken = [
    ...ownKey.map(({ value }) => value),
    'v.id',
    ...values.map((value) => keepOnInsert(value, value.value)),
    ...touched(table, 'insert').map(() => 'now()'),
  ];
  const insert = `INSERT INTO ${target} (${columns.join(', ')}) ${ownKey.length > 0 ? 'OVERRIDING SYSTEM VALUE ' : ''}SELECT ${taken.join(', ')}`;
  const match = (alias: string) => [`${alias}.${parent} = v.id`, ...keyMatch(table, values, alias)].join(' AND ');
  const key = quoteName(rowKey(table.table));
  // Older data may hold the key twice: the row that was there first is the record's.
  const mine = `CROSS JOIN LATERAL (SELECT c.${key} FROM ${target} c WHERE ${match('c')} ORDER BY c.${key} LIMIT 1) m`;
  const update: UpdateParts = {
    table,
    target,
    from: `(${rows(false)}) v ${mine}`,
    match: `t.${key} = m.${key}`,
    id: 'v.id',
    changes: changesOf(table, values),
  };
  return {
    table,
    present: child.entries.map(({ present }) => `count(*) FILTER (WHERE s.${quoteName(present)})`).join(' + '),
    insertFresh: `${insert} FROM (${rows(true)}) v`,
    update: updateSql(update),
    changes: changesSql(update),
    changing: update.changes.map(({ column }) => column),
    insertMissing: `${insert} FROM (${rows(false)}) v WHERE NOT EXISTS (SELECT 1 FROM ${target} c WHERE ${match('c')}) RETURNING ${parent}::text AS id`,
    demote: demoteSql({ table, values, target, key, parent, from: `(${rows(false)}) v ${mine}` }),
  };
}

/** The rows of all entries one below the other: the parent's key, and a value for each column. */
function unionOf(child: StagedChild, layout: StageLayout, fresh: boolean): string {
  return child.entries.map((entry) => entryRows(entry, child, layout, fresh)).join(' UNION ALL ');
}

function entryRows(entry: StagedEntry, child: StagedChild, layout: StageLayout, fresh: boolean): string {
  const values = entry.values.flatMap(({ value, keep, index }) => [
    `${value} AS v${index}`,
    ...(keepsAnywhere(child, index) ? [`${keep ?? 'false'} AS k${index}`] : []),
  ]);
  const which = `${fresh ? '' : 'NOT '}s.fresh AND s.${quoteName(entry.present)}`;
  return `SELECT s.id, ${values.join(', ')} FROM ${stageName(layout)} s WHERE ${which}`;
}

function keepsAnywhere(child: StagedChild, index: number): boolean {
  return child.entries.some(({ values }) => values[index]?.keep != null);
}

function overUnion({ index }: StagedValue, child: StagedChild): Pick<StagedValue, 'value' | 'keep'> {
  return { value: `v.v${index}`, keep: keepsAnywhere(child, index) ? `v.k${index}` : null };
}

function keyMatch(table: TableMapping, values: readonly StagedValue[], alias: string): string[] {
  return values
    .filter(({ column }) => table.key.includes(column.column.name))
    .map(({ column, value }) => `${alias}.${quoteName(column.column.name)} = ${value}`);
}

interface Parts {
  readonly table: TableMapping;
  readonly values: readonly StagedValue[];
  readonly target: string;
  readonly key: string;
  readonly from: string;
}

function changesOf(table: TableMapping, values: readonly StagedValue[]): Change[] {
  return values
    .filter(({ column }) => !table.key.includes(column.column.name))
    .flatMap((value) => {
      const written = updateValue(value, value.value);
      return written === null ? [] : [{ column: value.column.column.name, value: written }];
    });
}

function demoteSql({ table, values, target, key, parent, from }: Parts & { parent: string }): string | null {
  const primary = values.find(({ column }) => column.column.name === table.onePrimary);
  if (primary === undefined) return null;
  const mark = quoteName(primary.column.column.name);
  const set = [`${mark} = false`, ...touched(table, 'change').map((name) => `${name} = now()`)].join(', ');
  return `UPDATE ${target} t SET ${set} FROM ${from}
    WHERE ${primary.value} AND t.${parent} = v.id AND t.${mark} AND t.${key} <> m.${key} RETURNING v.id::text AS id`;
}
