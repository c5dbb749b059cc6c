import type { Table } from '../config/table.ts';
import type { Database, Queryable } from '../database/database.ts';
import { quoteName } from '../database/quote.ts';
import { readCatalogue, schemaExists, type LiveTable } from './catalogue.ts';
import { canBeMade } from './column-sql.ts';
import { columnChanges } from './diff-columns.ts';
import { constraintChanges, referenceChanges } from './diff-constraints.ts';
import { inReferenceOrder } from './reference-order.ts';
import type { TableChange } from './table-change.ts';
import { typeChanges } from './diff-types.ts';
import { createTableSql, indexSets, addIndexSql } from './table-sql.ts';

/** What would make the database's tables those of the table files, in an order that works. */
export async function diffTables(database: Database, tables: readonly Table[]): Promise<TableChange[]> {
  const { schema } = database;
  return changesIn(database, { schema, tables, live: await readCatalogue(database, schema) });
}

interface Compared {
  readonly schema: string;
  readonly tables: readonly Table[];
  /** The tables of the schema as they are. */
  readonly live: ReadonlyMap<string, LiveTable>;
}

/** The same inside a transaction. */
export async function changesIn(database: Queryable, { schema, tables, live }: Compared): Promise<TableChange[]> {
  const ordered = inReferenceOrder(tables);
  const changes: TableChange[] = [
    ...((await schemaExists(database, schema)) ? [] : [createSchema(schema)]),
    ...(await typeChanges(database, ordered)),
  ];
  for (const table of ordered) {
    const there = live.get(table.name);
    if (there === undefined) {
      changes.push(...createTable(schema, table));
      continue;
    }
    const place = { database, schema, table, live: there };
    changes.push(...(await columnChanges(place)), ...(await constraintChanges(place)));
  }
  // References come last: a circle of tables has no order in which each finds its parent.
  for (const table of ordered) {
    changes.push(...(await referenceChanges({ database, schema, table, live: live.get(table.name) ?? null }, live)));
  }
  return [...changes, ...extraTables(tables, live)];
}

function createSchema(schema: string): TableChange {
  return {
    kind: 'create_schema',
    table: '',
    column: null,
    safe: true,
    sql: `CREATE SCHEMA ${quoteName(schema)}`,
    sentence: `The schema ${schema} is created.`,
  };
}

function createTable(schema: string, table: Table): TableChange[] {
  const unmakable = table.columns.filter((column) => !canBeMade(column)).map(({ name }) => name);
  const place = { table: table.name, column: null, safe: unmakable.length === 0 };
  const unsaid =
    unmakable.length === 0 ? '' : ` But the file does not say how the database fills ${unmakable.join(', ')}.`;
  return [
    {
      ...place,
      kind: 'create_table',
      sql: createTableSql(schema, table),
      sentence: `The table ${table.name} is created with ${table.columns.length} columns.${unsaid}`,
    },
    ...indexSets(table).map((columns): TableChange => ({
      ...place,
      kind: 'add_index',
      sql: addIndexSql(schema, table, columns),
      sentence: `${table.name} gets an index on ${columns.join(', ')}.`,
    })),
  ];
}

function extraTables(tables: readonly Table[], live: ReadonlyMap<string, LiveTable>): TableChange[] {
  const wanted = new Set(tables.map(({ name }) => name));
  return [...live.keys()]
    .filter((name) => !wanted.has(name))
    .map((name) => ({
      kind: 'extra_table',
      table: name,
      column: null,
      safe: true,
      sql: null,
      sentence: `The table ${name} has no table file and is left alone.`,
    }));
}
