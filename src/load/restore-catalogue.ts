import type { Table } from '../config/table.ts';
import type { Queryable } from '../database/database.ts';
import { quoteName, quoteTable } from '../database/quote.ts';

/** A table as it is today, whose rows are put back. */
export interface RestoredTable {
  /** With its schema, quoted. */
  readonly name: string;
  /** For people: without the targets' schema. */
  readonly label: string;
  readonly key: readonly string[];
  /** Columns that are personal, also where they are part of the key. */
  readonly personal: readonly string[];
  /** Columns that the images hold and that can be written. */
  readonly columns: readonly RestoredColumn[];
  /** Columns that say nothing about whether somebody has changed a row. */
  readonly ignored: readonly string[];
}

export interface RestoredColumn {
  readonly name: string;
  /**
   * - `now`: says when the row was last changed, which is now.
   * - `itself`: a time that no import owns, and that the database may have moved; put back where it was not moved since.
   */
  readonly moves: 'now' | 'itself' | null;
}

/** A foreign key between two tables, with their schemas, quoted. */
export interface ForeignKey {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  /** Those of its columns that may be null. */
  readonly nullable: readonly string[];
}

interface ColumnRow {
  readonly name: string;
  readonly writable: boolean;
  readonly isTime: boolean;
  readonly held: boolean;
}

/**
 * @param changes  table of the changes; one of them tells which columns there were
 * @returns null when the table is no longer there
 */
export async function readRestored(
  tx: Queryable,
  changes: string,
  name: string,
  target: Table | undefined,
): Promise<RestoredTable | null> {
  const { rows: found } = await tx.query<{
    label: string;
    columns: readonly ColumnRow[];
    lost: string[];
    key: string[];
  }>(
    `WITH sample AS (
       SELECT row_key, coalesce(before, after) AS image FROM ${changes} WHERE table_name = $1 LIMIT 1
     ), live AS (
       SELECT a.attname::text AS name, a.attgenerated = '' AND a.attidentity <> 'a' OR sample.row_key ? a.attname AS writable,
         a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype) AS "isTime", sample.image ? a.attname AS held
       FROM sample, pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum
     )
     SELECT c.relname AS label, (SELECT jsonb_agg(live) FROM live) AS columns,
       ARRAY(SELECT jsonb_object_keys(image) FROM sample EXCEPT SELECT name FROM live) AS lost,
       ARRAY(SELECT jsonb_object_keys(row_key) FROM sample) AS key
     FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [name],
  );
  const row = found[0];
  if (row === undefined) return null;
  const columns = row.columns
    .filter(({ held, writable }) => held && writable)
    .map((column) => ({ name: column.name, moves: movesOf(column, target) }));
  return {
    name,
    label: target?.name ?? name,
    key: row.key,
    personal: (target?.columns ?? []).filter(({ pii }) => pii).map((column) => column.name),
    columns,
    ignored: [
      ...columns.flatMap((column) => (column.moves === null ? [] : [column.name])),
      ...row.columns.filter(({ held }) => !held).map((column) => column.name),
      ...row.lost,
    ],
  };
}

/** The project's tables by the names that the database gives them, with their schemas. */
export async function liveNames(
  tx: Queryable,
  schema: string,
  tables: Iterable<Table>,
): Promise<ReadonlyMap<string, Table>> {
  const byName = new Map([...tables].map((table) => [quoteTable(schema, table.name), table]));
  const { rows } = await tx.query<{ given: string; name: string }>(
    `SELECT given, format('%I.%I', n.nspname, c.relname) AS name
     FROM unnest($1::text[]) AS given JOIN pg_class c ON c.oid = to_regclass(given)
     JOIN pg_namespace n ON n.oid = c.relnamespace`,
    [[...byName.keys()]],
  );
  return new Map(
    rows.flatMap(({ given, name }) => {
      const table = byName.get(given);
      return table === undefined ? [] : [[name, table] as const];
    }),
  );
}

function movesOf({ name, isTime }: ColumnRow, target: Table | undefined): RestoredColumn['moves'] {
  const column = target?.columns.find((one) => one.name === name);
  if (column?.touch === 'change') return 'now';
  return isTime && column?.owner !== 'sync' ? 'itself' : null;
}

/** Every foreign key that leads to one of these tables. */
export async function readForeignKeys(tx: Queryable, parents: readonly string[]): Promise<readonly ForeignKey[]> {
  const { rows } = await tx.query<ForeignKey>(
    `SELECT format('%I.%I', cn.nspname, cr.relname) AS child, format('%I.%I', pn.nspname, pr.relname) AS parent,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(number, place)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY k.place) AS columns,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(number, place)
         JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number ORDER BY k.place) AS "parentColumns",
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) k(number)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number WHERE NOT a.attnotnull) AS nullable
     FROM pg_constraint c
     JOIN pg_class cr ON cr.oid = c.conrelid JOIN pg_namespace cn ON cn.oid = cr.relnamespace
     JOIN pg_class pr ON pr.oid = c.confrelid JOIN pg_namespace pn ON pn.oid = pr.relnamespace
     WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid = ANY(SELECT to_regclass(n) FROM unnest($1::text[]) n)
     ORDER BY 1, c.conname`,
    [parents],
  );
  return rows;
}

/** Parents before their children, as far as foreign keys make no circle. */
export function parentsFirst(tables: readonly string[], keys: readonly ForeignKey[]): readonly string[] {
  const ordered = new Set<string>();
  const begun = new Set<string>();
  const visit = (table: string): void => {
    if (begun.has(table)) return;
    begun.add(table);
    for (const { child, parent } of keys) if (child === table && tables.includes(parent)) visit(parent);
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}

/** The foreign keys of a circle: the parent comes after the child. */
export function againstOrder(order: readonly string[], keys: readonly ForeignKey[]): readonly ForeignKey[] {
  return keys.filter(({ child, parent }) => order.includes(child) && order.indexOf(parent) > order.indexOf(child));
}

/** `t."a" = k."a" AND ...` */
export function sameKey({ key }: Pick<RestoredTable, 'key'>, left: string, right: string): string {
  return key.map((name) => `${left}.${quoteName(name)} = ${right}.${quoteName(name)}`).join(' AND ');
}
