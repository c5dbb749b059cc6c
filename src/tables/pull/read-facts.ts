import type { Queryable } from '../../database/database.ts';
import { type LiveTable, readCatalogue } from '../catalogue.ts';

/** A table as `db pull` looks at it: beside what `db diff` compares, what a person must be told. */
export interface TableFacts {
  readonly live: LiveTable;
  readonly comment: string;
  /** Why it is not one of the app's own tables; null when it is. */
  readonly belongsTo: 'extension' | 'partitions' | null;
  readonly rowSecurity: boolean;
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly indexes: readonly IndexFacts[];
  /** Constraints that no table file can say: foreign keys over several columns or to other schemas, exclusions. */
  readonly others: readonly ConstraintFacts[];
  /** Columns that a foreign key with SET DEFAULT starts from. */
  readonly setDefault: readonly string[];
}

export interface ColumnFacts {
  readonly comment: string;
  /** Of a domain, the type that it narrows; else the column's own. */
  readonly baseType: string;
}

export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  readonly primary: boolean;
  /** Why a table file cannot say it; null for a plain one. */
  readonly special: 'partial' | 'expression' | 'deferrable' | 'method' | null;
  /** As PostgreSQL would create it again. */
  readonly definition: string;
  /** Empty where expressions are among them. */
  readonly columns: readonly string[];
}

export interface ConstraintFacts {
  readonly name: string;
  readonly kind: 'reference' | 'exclusion';
  readonly columns: readonly string[];
  readonly definition: string;
}

/** The ordinary tables of a schema, by name. */
export async function readFacts(database: Queryable, schema: string): Promise<ReadonlyMap<string, TableFacts>> {
  const live = await readCatalogue(database, schema);
  const [tables, columns, indexes, constraints] = [
    await readTables(database, schema),
    Map.groupBy(await readColumns(database, schema), ({ table }) => table),
    Map.groupBy(await readIndexes(database, schema), ({ table }) => table),
    Map.groupBy(await readConstraints(database, schema), ({ table }) => table),
  ];
  const facts = tables.flatMap((row): (readonly [string, TableFacts])[] => {
    const table = live.get(row.name);
    if (table === undefined) return [];
    const own = constraints.get(row.name) ?? [];
    return [
      [
        row.name,
        {
          live: table,
          comment: row.comment ?? '',
          belongsTo: row.of_extension ? 'extension' : row.is_partition ? 'partitions' : null,
          rowSecurity: row.row_security,
          columns: new Map(
            (columns.get(row.name) ?? []).map(({ name, comment, base_type }) => [
              name,
              { comment: comment ?? '', baseType: base_type },
            ]),
          ),
          indexes: (indexes.get(row.name) ?? []).map((index) => ({ ...index, special: specialty(index) })),
          others: own.filter((constraint) => !constraint.sayable),
          setDefault: own.filter(({ set_default }) => set_default).flatMap((constraint) => constraint.columns),
        },
      ],
    ];
  });
  return new Map(facts);
}

function specialty(index: IndexRow): IndexFacts['special'] {
  if (index.partial) return 'partial';
  if (index.expression) return 'expression';
  if (index.unique && index.deferrable) return 'deferrable';
  return index.method === 'btree' ? null : 'method';
}

interface TableRow {
  readonly name: string;
  readonly comment: string | null;
  readonly row_security: boolean;
  readonly is_partition: boolean;
  readonly of_extension: boolean;
}

async function readTables(database: Queryable, schema: string): Promise<TableRow[]> {
  const { rows } = await database.query<TableRow>(
    `SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment, c.relrowsecurity AS row_security,
       c.relispartition AS is_partition,
       EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
         AS of_extension
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C"`,
    [schema],
  );
  return rows;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly comment: string | null;
  readonly base_type: string;
}

async function readColumns(database: Queryable, schema: string): Promise<ColumnRow[]> {
  const { rows } = await database.query<ColumnRow>(
    `SELECT c.relname AS table, a.attname AS name, col_description(c.oid, a.attnum) AS comment,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(t.oid, a.atttypmod) END
         AS base_type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema],
  );
  return rows;
}

interface IndexRow extends Omit<IndexFacts, 'special'> {
  readonly table: string;
  readonly partial: boolean;
  readonly expression: boolean;
  readonly deferrable: boolean;
  readonly method: string;
}

async function readIndexes(database: Queryable, schema: string): Promise<IndexRow[]> {
  const { rows } = await database.query<IndexRow>(
    `SELECT c.relname AS table, x.relname AS name, i.indisunique AS unique, i.indisprimary AS primary,
       i.indpred IS NOT NULL AS partial, i.indexprs IS NOT NULL AS expression, NOT i.indimmediate AS deferrable,
       m.amname AS method, pg_get_indexdef(i.indexrelid) AS definition,
       CASE WHEN i.indexprs IS NULL THEN ARRAY(
         SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         WHERE k.place <= i.indnkeyatts ORDER BY k.place) ELSE '{}' END AS columns
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
     WHERE n.nspname = $1 AND i.indisvalid ORDER BY x.relname COLLATE "C"`,
    [schema],
  );
  return rows;
}

interface ConstraintRow extends ConstraintFacts {
  readonly table: string;
  readonly sayable: boolean;
  readonly set_default: boolean;
}

async function readConstraints(database: Queryable, schema: string): Promise<ConstraintRow[]> {
  const { rows } = await database.query<ConstraintRow>(
    `SELECT c.relname AS table, k.conname AS name, CASE k.contype WHEN 'f' THEN 'reference' ELSE 'exclusion' END AS kind,
       k.contype = 'f' AND cardinality(k.conkey) = 1 AND p.relnamespace = c.relnamespace AS sayable,
       k.contype = 'f' AND k.confdeltype = 'd' AS set_default, pg_get_constraintdef(k.oid) AS definition,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number ORDER BY u.place) AS columns
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_class p ON p.oid = k.confrelid
     WHERE n.nspname = $1 AND k.contype IN ('f', 'x') ORDER BY k.conname COLLATE "C"`,
    [schema],
  );
  return rows;
}
