import type { Queryable } from '../database/database.ts';

/** A foreign key of one column, between tables of the targets' schema, as the database has it. */
export interface ForeignKeyFacts {
  readonly child: string;
  readonly childColumn: string;
  readonly parent: string;
  readonly parentColumn: string;
  /** What becomes of the child's row when the parent's goes. */
  readonly onDelete: 'restrict' | 'cascade' | 'set_null';
}

/** From the database and not from the table files: an app's own tables refer to the targets, too. */
export async function readForeignKeys(database: Queryable, schema: string): Promise<readonly ForeignKeyFacts[]> {
  const { rows } = await database.query<ForeignKeyFacts>(
    `SELECT child.relname AS child, ca.attname AS "childColumn", parent.relname AS parent, pa.attname AS "parentColumn",
       CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set_null' WHEN 'd' THEN 'set_null' ELSE 'restrict' END AS "onDelete"
     FROM pg_constraint c
     JOIN pg_class child ON child.oid = c.conrelid
     JOIN pg_class parent ON parent.oid = c.confrelid
     JOIN pg_namespace cn ON cn.oid = child.relnamespace AND cn.nspname = $1
     JOIN pg_namespace pn ON pn.oid = parent.relnamespace AND pn.nspname = $1
     JOIN pg_attribute ca ON ca.attrelid = c.conrelid AND ca.attnum = c.conkey[1]
     JOIN pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = c.confkey[1]
     WHERE c.contype = 'f' AND c.conparentid = 0 AND cardinality(c.conkey) = 1
     ORDER BY child.relname, c.conname`,
    [schema],
  );
  return rows;
}
