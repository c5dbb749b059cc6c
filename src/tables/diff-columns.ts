import type { Column, Table } from '../config/table.ts';
import type { Queryable } from '../database/database.ts';
import { quoteName, quoteTable, quoteText } from '../database/quote.ts';
import { typeText } from '../config/column-type.ts';
import type { LiveColumn, LiveTable } from './catalogue.ts';
import { canBeMade, columnSql, defaultSql, typeSql } from './column-sql.ts';
import { givesDefault, readDefault } from './read-default.ts';
import type { TableChange } from './table-change.ts';
import { typeFit } from './type-fit.ts';

/** A table of the files beside the one in the database. */
export interface Place {
  readonly database: Queryable;
  readonly schema: string;
  readonly table: Table;
  readonly live: LiveTable;
}

export async function columnChanges(place: Place): Promise<TableChange[]> {
  const { table, live } = place;
  const changes: TableChange[] = [];
  for (const column of table.columns) {
    const there = live.columns.get(column.name);
    if (there === undefined) changes.push(await addColumn(place, column));
    else
      changes.push(
        ...typeChange(place, column, there),
        ...(await nullChange(place, column, there)),
        ...defaultChange(place, column, there),
      );
  }
  const wanted = new Set(table.columns.map(({ name }) => name));
  for (const name of live.columns.keys()) {
    if (!wanted.has(name)) {
      changes.push(
        change(place, 'extra_column', name, null, `${table.name}.${name} is not in the table file and is left alone.`),
      );
    }
  }
  return changes;
}

async function addColumn(place: Place, column: Column): Promise<TableChange> {
  const { schema, table } = place;
  const sql = `ALTER TABLE ${quoteTable(schema, table.name)} ADD COLUMN ${columnSql(column)}`;
  const sentence = `${table.name} gets the column ${column.name} (${typeText(column.type)}).`;
  if (!canBeMade(column)) {
    const said = `${table.name}.${column.name} is missing; the file does not say how the database fills it.`;
    return { ...change(place, 'add_column', column.name, null, said), safe: false };
  }
  const needsValue = column.required && column.default === null && !column.generated;
  if (!needsValue || !(await anyRow(place, 'true'))) return change(place, 'add_column', column.name, sql, sentence);
  return {
    ...change(
      place,
      'add_column',
      column.name,
      sql,
      `${sentence} It is required, and the rows that are there have no value for it.`,
    ),
    safe: false,
  };
}

function typeChange(place: Place, column: Column, live: LiveColumn): TableChange[] {
  const { schema, table } = place;
  const wanted = typeSql(column.type);
  const sql = `ALTER TABLE ${quoteTable(schema, table.name)} ALTER COLUMN ${quoteName(column.name)} TYPE ${wanted}`;
  const name = `${table.name}.${column.name}`;
  switch (typeFit(column.type, live.type)) {
    case 'same':
      return labelChanges(place, column, live);
    case 'wider':
      return [
        change(
          place,
          'wider_type',
          column.name,
          null,
          `${name} is ${live.type}, wider than ${wanted}, and is left so.`,
        ),
      ];
    case 'narrower':
      return [change(place, 'widen_type', column.name, sql, `${name} is widened from ${live.type} to ${wanted}.`)];
    case 'other':
      return [
        {
          ...change(
            place,
            'change_type',
            column.name,
            `${sql} USING ${quoteName(column.name)}::${wanted}`,
            `${name} is ${live.type} and should be ${wanted}; values may be lost or refused.`,
          ),
          safe: false,
        },
      ];
  }
}

/** An enum of PostgreSQL's own gets the values that it lacks; one that it has beside the file's is left. */
function labelChanges(place: Place, { name, type }: Column, { labels }: LiveColumn): TableChange[] {
  if (labels === null || type.kind !== 'enum' || type.dbType === undefined) return [];
  const { dbType, values } = type;
  const more = labels.filter((label) => !values.includes(label));
  return [
    ...values
      .filter((value) => !labels.includes(value))
      .map((value) => {
        const sql = `ALTER TYPE ${dbType} ADD VALUE IF NOT EXISTS ${quoteText(value)}`;
        return change(place, 'widen_type', name, sql, `The enum ${dbType} gets the value ${value}.`);
      }),
    ...(more.length === 0
      ? []
      : [change(place, 'wider_type', name, null, `The enum ${dbType} has ${more.join(', ')}, too, and is left so.`)]),
  ];
}

async function nullChange(place: Place, column: Column, live: LiveColumn): Promise<TableChange[]> {
  if (column.required === live.required || live.generated) return [];
  const { schema, table } = place;
  const alter = `ALTER TABLE ${quoteTable(schema, table.name)} ALTER COLUMN ${quoteName(column.name)}`;
  const name = `${table.name}.${column.name}`;
  if (!column.required) {
    return [change(place, 'drop_not_null', column.name, `${alter} DROP NOT NULL`, `${name} may be null.`)];
  }
  const blank = await anyRow(place, `${quoteName(column.name)} IS NULL`);
  const sentence = blank ? `${name} is required, but there are rows without a value.` : `${name} is required.`;
  return [{ ...change(place, 'set_not_null', column.name, `${alter} SET NOT NULL`, sentence), safe: !blank }];
}

/** A default that only the database has is left to whoever put it there. */
function defaultChange(place: Place, column: Column, live: LiveColumn): TableChange[] {
  const wanted = defaultSql(column);
  if (wanted === null || live.default === column.dbDefault || givesDefault(readDefault(live.default), column))
    return [];
  const { schema, table } = place;
  const sql = `ALTER TABLE ${quoteTable(schema, table.name)} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${wanted}`;
  return [change(place, 'set_default', column.name, sql, `${table.name}.${column.name} gets the default ${wanted}.`)];
}

/** Whether the table has a row of which the condition holds. */
export async function anyRow({ database, schema, table }: Omit<Place, 'live'>, condition: string): Promise<boolean> {
  const { rows } = await database.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM ${quoteTable(schema, table.name)} WHERE ${condition}) AS found`,
  );
  return rows[0]?.found === true;
}

// oxlint-disable-next-line max-params -- the parts of a change in the order of its fields
export function change(
  { table }: { readonly table: Table },
  kind: TableChange['kind'],
  column: string | null,
  sql: string | null,
  sentence: string,
): TableChange {
  return { kind, table: table.name, column, safe: true, sql, sentence };
}
