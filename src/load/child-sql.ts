import type { TableMapping } from '../config/mapping.ts';
import { soleKey, type Table } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { keepOnInsert, updateValue } from './row-sql.ts';
import {
  listValue,
  type StagedChild,
  type StagedEntry,
  type StagedList,
  type StagedValue,
  type StageLayout,
} from './stage-layout.ts';
import { stageName } from './stage-sql.ts';
import { type Change, changesSql, touched, type UpdateParts, updateSql } from './update-sql.ts';

/** The statements that merge a child's rows. Those over older parents give the root's primary key. */
export interface ChildStatements {
  readonly table: TableMapping;
  /** How many of the child's rows the stage gives. */
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
  /** Deletes the rows that their record no longer names; null when they stay. */
  readonly remove: string | null;
}

interface ChildContext {
  readonly schema: string;
  /** SQL that draws a new row's primary key; null to leave it to the column's own sequence. */
  readonly drawKey: (table: Table) => string | null;
}

/** Where a child's rows come from: SQL that gives `id` of the parent, and `v0`, `k0`, ... for its columns. */
interface ChildRows {
  readonly table: TableMapping;
  readonly rows: (fresh: boolean) => string;
  /** Over the alias `v` of those rows. */
  readonly values: readonly StagedValue[];
}

/** A child whose rows travel with their record. */
export function childStatements(child: StagedChild, layout: StageLayout, context: ChildContext): ChildStatements {
  const { table, entries } = child;
  const first = entries[0];
  if (first === undefined) throw new RangeError(`child ${table.table.name} has no entry`);
  const keeps = (index: number) => entries.some(({ values }) => values[index]?.keep != null);
  const rows = (fresh: boolean) =>
    entries.map((entry) => entryRows(entry, { stage: stageName(layout), fresh, keeps })).join(' UNION ALL ');
  const present = entries.map((entry) => `count(*) FILTER (WHERE s.${quoteName(entry.present)})`).join(' + ');
  return {
    ...mergeStatements({ table, rows, values: overRows(first.values, keeps) }, layout, context),
    present: `SELECT (${present})::int AS count FROM ${stageName(layout)} s`,
  };
}

/** A child of which a record gives any number of rows: of several with one key, the last. */
export function listStatements(list: StagedList, layout: StageLayout, context: ChildContext): ChildStatements {
  const { table, values } = list;
  const keeps = (index: number) => values[index]?.keep != null;
  const key = values.filter(({ column }) => table.key.includes(column.column.name)).map(({ index }) => `v${index}`);
  const columns = values.flatMap((value) => [
    `${listValue(value)} AS v${value.index}`,
    ...(value.keep === null ? [] : [`${value.keep} AS k${value.index}`]),
  ]);
  const named = `SELECT s.id, s.fresh, l.place, ${columns.join(', ')} FROM ${stageName(list)} l JOIN ${stageName(layout)} s ON s.source_id = l.source_id`;
  const whole = key.map((name) => `r.${name} IS NOT NULL`);
  const rows = (fresh: boolean) =>
    `SELECT DISTINCT ON (${['r.id', ...key].join(', ')}) r.* FROM (${named}) r
     WHERE ${[`${fresh ? '' : 'NOT '}r.fresh`, ...whole].join(' AND ')} ORDER BY ${['r.id', ...key].join(', ')}, r.place DESC`;
  return {
    ...mergeStatements({ table, rows, values: overRows(values, keeps) }, layout, context),
    present: `SELECT ((SELECT count(*) FROM (${rows(true)}) f) + (SELECT count(*) FROM (${rows(false)}) f))::int AS count`,
  };
}

function overRows(values: readonly StagedValue[], keeps: (index: number) => boolean): readonly StagedValue[] {
  return values.map((value) => ({
    ...value,
    value: `v.v${value.index}`,
    keep: keeps(value.index) ? `v.k${value.index}` : null,
  }));
}

function mergeStatements(
  { table, rows, values }: ChildRows,
  layout: StageLayout,
  { schema, drawKey }: ChildContext,
): Omit<ChildStatements, 'present'> {
  if (table.parent === null) throw new RangeError(`child ${table.table.name} has no parent`);
  const parent = quoteName(table.parent.column);
  const target = quoteTable(schema, table.table.name);
  const key = soleKey(table.table);
  const drawn = drawKey(table.table);
  const ownKey = drawn === null || key === null ? [] : [{ name: quoteName(key), value: drawn }];
  const columns = [
    ...ownKey,
    { name: parent, value: 'v.id' },
    ...values.map((value) => ({ name: quoteName(value.column.column.name), value: keepOnInsert(value, value.value) })),
    ...touched(table, 'insert').map((name) => ({ name, value: 'now()' })),
  ];
  const insert = `INSERT INTO ${target} (${columns.map(({ name }) => name).join(', ')}) ${ownKey.length > 0 ? 'OVERRIDING SYSTEM VALUE ' : ''}SELECT ${columns.map(({ value }) => value).join(', ')}`;
  const isIts = (alias: string) => [`${alias}.${parent} = v.id`, ...keyMatch(table, values, alias)].join(' AND ');
  const older = `(${rows(false)}) v`;
  // Older data may hold the key twice: the row that was there first is the record's.
  const mine =
    key === null
      ? { from: older, is: isIts('t') }
      : {
          from: `${older} CROSS JOIN LATERAL (SELECT c.${quoteName(key)} FROM ${target} c WHERE ${isIts('c')} ORDER BY c.${quoteName(key)} LIMIT 1) m`,
          is: `t.${quoteName(key)} = m.${quoteName(key)}`,
        };
  const update: UpdateParts = {
    table,
    target,
    from: mine.from,
    match: mine.is,
    id: 'v.id',
    changes: changesOf(table, values),
  };
  return {
    table,
    insertFresh: `${insert} FROM (${rows(true)}) v`,
    update: updateSql(update),
    changes: changesSql(update),
    changing: update.changes.map(({ column }) => column),
    insertMissing: `${insert} FROM ${older} WHERE NOT EXISTS (SELECT 1 FROM ${target} c WHERE ${isIts('c')}) RETURNING ${parent}::text AS id`,
    demote: demoteSql({ table, values, target, parent, mine }),
    remove:
      table.set === 'replace'
        ? removeSql({ table, rows: rows(false), stage: stageName(layout), target, parent, is: isIts('t') })
        : null,
  };
}

function entryRows(
  entry: StagedEntry,
  {
    stage,
    fresh,
    keeps,
  }: { readonly stage: string; readonly fresh: boolean; readonly keeps: (index: number) => boolean },
): string {
  const values = entry.values.flatMap(({ value, keep, index }) => [
    `${value} AS v${index}`,
    ...(keeps(index) ? [`${keep ?? 'false'} AS k${index}`] : []),
  ]);
  const which = `${fresh ? '' : 'NOT '}s.fresh AND s.${quoteName(entry.present)}`;
  return `SELECT s.id, ${values.join(', ')} FROM ${stage} s WHERE ${which}`;
}

function keyMatch(table: TableMapping, values: readonly StagedValue[], alias: string): string[] {
  return values
    .filter(({ column }) => table.key.includes(column.column.name))
    .map(({ column, value }) => `${alias}.${quoteName(column.column.name)} = ${value}`);
}

function changesOf(table: TableMapping, values: readonly StagedValue[]): Change[] {
  return values
    .filter(({ column }) => !table.key.includes(column.column.name))
    .flatMap((value) => {
      const written = updateValue(value, value.value);
      return written === null ? [] : [{ column: value.column.column.name, value: written }];
    });
}

interface Demotion {
  readonly table: TableMapping;
  readonly values: readonly StagedValue[];
  readonly target: string;
  readonly parent: string;
  /** The rows that are the records' own: over the aliases `v` and `t`. */
  readonly mine: { readonly from: string; readonly is: string };
}

function demoteSql({ table, values, target, parent, mine }: Demotion): string | null {
  const primary = values.find(({ column }) => column.column.name === table.onePrimary);
  if (primary === undefined) return null;
  const mark = quoteName(primary.column.column.name);
  const set = [`${mark} = false`, ...touched(table, 'change').map((name) => `${name} = now()`)].join(', ');
  return `UPDATE ${target} t SET ${set} FROM ${mine.from}
    WHERE ${primary.value} AND t.${parent} = v.id AND t.${mark} AND NOT (${mine.is}) RETURNING v.id::text AS id`;
}

interface Removal {
  readonly table: TableMapping;
  /** The rows that older records name. */
  readonly rows: string;
  readonly stage: string;
  readonly target: string;
  readonly parent: string;
  readonly is: string;
}

function removeSql({ table, rows, stage, target, parent, is }: Removal): string {
  const named = `WITH v AS MATERIALIZED (${rows})`;
  const some = table.whenEmpty === 'keep' ? ' AND EXISTS (SELECT 1 FROM v WHERE v.id = s.id)' : '';
  return `${named} DELETE FROM ${target} t USING ${stage} s
    WHERE NOT s.fresh AND t.${parent} = s.id${some} AND NOT EXISTS (SELECT 1 FROM v WHERE ${is}) RETURNING s.id::text AS id`;
}
