import type { Queryable } from '../database/database.ts';
import type { Reference } from '../config/table.ts';

/** A table as the database has it. */
export interface LiveTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, LiveColumn>;
  /** Columns of the primary key, in order; empty without one. */
  readonly primaryKey: readonly string[];
  /** Column sets that a plain (not partial, valid) unique index covers, the primary key's among them. */
  readonly unique: readonly (readonly string[])[];
  /** Columns of every plain index, in order. */
  readonly indexes: readonly (readonly string[])[];
  readonly references: readonly LiveReference[];
  readonly checks: readonly LiveCheck[];
  /** What the user of this connection may do. */
  readonly rights: {
    readonly select: boolean;
    readonly insert: boolean;
    readonly update: boolean;
    readonly delete: boolean;
  };
}

export interface LiveColumn {
  readonly name: string;
  /** As `format_type` spells it: `character varying(80)`. */
  readonly type: string;
  readonly required: boolean;
  /** The expression, or null. */
  readonly default: string | null;
  /** Identity, serial, or computed by the database. */
  readonly generated: boolean;
  /** Computed from other columns: nobody can write it. */
  readonly computed: boolean;
  /** The labels of a PostgreSQL enum, in order; null for any other type. */
  readonly labels: readonly string[] | null;
}

export interface LiveCheck {
  readonly name: string;
  /** As `pg_get_expr` prints it. */
  readonly expression: string;
}

/** A foreign key of one column to a table of the same schema. */
export interface LiveReference extends Reference {
  readonly name: string;
  readonly from: string;
}

/** Every ordinary table of a schema. */
export async function readCatalogue(database: Queryable, schema: string): Promise<ReadonlyMap<string, LiveTable>> {
  const { rows } = await database.query<TableRow>(
    `SELECT c.oid, c.relname AS name, has_table_privilege(c.oid, 'SELECT') AS "select",
       has_table_privilege(c.oid, 'INSERT') AS "insert", has_table_privilege(c.oid, 'UPDATE') AS "update",
       has_table_privilege(c.oid, 'DELETE') AS "delete"
     FROM pg_class c WHERE c.relnamespace = to_regnamespace($1)::oid AND c.relkind IN ('r', 'p') ORDER BY c.relname`,
    [`"${schema.replaceAll('"', '""')}"`],
  );
  const oids = rows.map(({ oid }) => oid);
  const columns = groupBy(await readColumns(database, oids));
  const indexes = groupBy(await readIndexes(database, oids));
  const constraints = groupBy(await readConstraints(database, oids));
  return new Map(
    rows.map((row) => [
      row.name,
      liveTable(row, columns.get(row.oid) ?? [], indexes.get(row.oid) ?? [], constraints.get(row.oid) ?? []),
    ]),
  );
}

/** @returns false when the schema itself is missing */
export async function schemaExists(database: Queryable, schema: string): Promise<boolean> {
  const { rows } = await database.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  return rows.length > 0;
}

function liveTable(
  row: TableRow,
  columns: readonly ColumnRow[],
  indexes: readonly IndexRow[],
  constraints: readonly ConstraintRow[],
): LiveTable {
  return {
    name: row.name,
    columns: new Map(columns.map((column) => [column.name, column])),
    primaryKey: indexes.find((index) => index.primary)?.columns ?? [],
    unique: indexes.filter((index) => index.unique).map((index) => index.columns),
    indexes: indexes.map((index) => index.columns),
    references: constraints
      .filter((constraint) => constraint.type === 'f')
      .map((constraint) => referenceOf(constraint)),
    checks: constraints.flatMap(({ type, name, expression }) =>
      type === 'c' && expression !== null ? [{ name, expression }] : [],
    ),
    rights: { select: row.select, insert: row.insert, update: row.update, delete: row.delete },
  };
}

const ON_DELETE: Readonly<Record<string, Reference['onDelete']>> = { c: 'cascade', n: 'set_null' };

function referenceOf(row: ConstraintRow): LiveReference {
  return {
    name: row.name,
    from: row.columns[0] ?? '',
    table: row.parent ?? '',
    column: row.parent_columns[0] ?? '',
    onDelete: ON_DELETE[row.on_delete] ?? 'restrict',
  };
}

async function readColumns(database: Queryable, oids: readonly number[]): Promise<ColumnRow[]> {
  const { rows } = await database.query<ColumnRow>(
    `SELECT a.attrelid AS oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull OR t.typnotnull AS required,
       CASE WHEN a.attgenerated = '' THEN coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault) END AS "default",
       a.attidentity <> '' OR a.attgenerated <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
         AS generated,
       a.attgenerated <> '' AS computed,
       CASE WHEN t.typtype = 'e' THEN ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
         ORDER BY e.enumsortorder) END AS labels
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
    [oids],
  );
  return rows;
}

async function readIndexes(database: Queryable, oids: readonly number[]): Promise<IndexRow[]> {
  const { rows } = await database.query<IndexRow>(
    `SELECT i.indrelid AS oid, i.indisprimary AS "primary", i.indisunique AND i.indimmediate AS "unique",
       (SELECT array_agg(a.attname::text ORDER BY k.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
        WHERE k.place <= i.indnkeyatts) AS columns
     FROM pg_index i
     WHERE i.indrelid = ANY ($1::oid[]) AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`,
    [oids],
  );
  return rows;
}

async function readConstraints(database: Queryable, oids: readonly number[]): Promise<ConstraintRow[]> {
  const { rows } = await database.query<ConstraintRow>(
    `SELECT c.conrelid AS oid, c.conname AS name, c.contype AS type, p.relname AS parent, c.confdeltype AS on_delete,
       pg_get_expr(c.conbin, c.conrelid) AS expression,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY k.place) AS columns,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(number, place)
         JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number ORDER BY k.place) AS parent_columns
     FROM pg_constraint c JOIN pg_class own ON own.oid = c.conrelid LEFT JOIN pg_class p ON p.oid = c.confrelid
     WHERE c.conrelid = ANY ($1::oid[]) AND (c.contype = 'c'
       OR (c.contype = 'f' AND cardinality(c.conkey) = 1 AND p.relnamespace = own.relnamespace))
     ORDER BY c.conname`,
    [oids],
  );
  return rows;
}

function groupBy<Row extends { readonly oid: number }>(rows: readonly Row[]): ReadonlyMap<number, Row[]> {
  return Map.groupBy(rows, ({ oid }) => oid);
}

interface TableRow {
  readonly oid: number;
  readonly name: string;
  readonly select: boolean;
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
}

interface ColumnRow extends LiveColumn {
  readonly oid: number;
}

interface IndexRow {
  readonly oid: number;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

interface ConstraintRow {
  readonly oid: number;
  readonly name: string;
  readonly type: 'c' | 'f';
  readonly parent: string | null;
  readonly on_delete: string;
  readonly expression: string | null;
  readonly columns: readonly string[];
  readonly parent_columns: readonly string[];
}
