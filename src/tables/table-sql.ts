import type { Column, Reference, Table } from '../config/table.ts';
import { quoteName, quoteNames, quoteTable, quoteText } from '../database/quote.ts';
import { type ColumnRule, columnRules, columnSql } from './column-sql.ts';
import { shortName } from './short-name.ts';

/** CREATE TABLE with its columns, ranges and unique sets; references come when all tables are there. */
export function createTableSql(schema: string, table: Table): string {
  const lines = [
    ...table.columns.map((column) => columnSql(column)),
    `CONSTRAINT ${quoteName(shortName(table.name, 'pkey'))} PRIMARY KEY (${table.primaryKey.map((name) => quoteName(name)).join(', ')})`,
    ...uniqueSets(table).map(
      (columns) => `CONSTRAINT ${quoteName(uniqueName(table, columns))} UNIQUE (${quoteNames(columns)})`,
    ),
    ...table.columns.flatMap((column) =>
      columnRules(table, column).map((rule) => `CONSTRAINT ${quoteName(rule.name)} CHECK (${rule.expression})`),
    ),
  ];
  const name = quoteTable(schema, table.name);
  return `CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n)${commentsSql(name, table)}`;
}

function commentsSql(name: string, table: Table): string {
  const comments = [
    table.description === '' ? null : `COMMENT ON TABLE ${name} IS ${quoteText(table.description)}`,
    ...table.columns.map((column) =>
      column.description === ''
        ? null
        : `COMMENT ON COLUMN ${name}.${quoteName(column.name)} IS ${quoteText(column.description)}`,
    ),
  ];
  return comments
    .filter((comment) => comment !== null)
    .map((comment) => `;\n${comment}`)
    .join('');
}

/** Sets of columns that no two rows share, beside the primary key. */
export function uniqueSets(table: Table): (readonly string[])[] {
  const single = table.columns.filter(({ unique }) => unique).map(({ name }) => [name]);
  return withoutRepeats([...single, ...table.unique]).filter(
    (columns) =>
      columns.length !== table.primaryKey.length || columns.some((name, index) => name !== table.primaryKey[index]),
  );
}

export function indexSets(table: Table): (readonly string[])[] {
  return withoutRepeats([...table.columns.filter(({ index }) => index).map(({ name }) => [name]), ...table.indexes]);
}

function withoutRepeats(sets: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(sets.map((columns) => [columns.join('\0'), columns])).values()];
}

function uniqueName(table: Table, columns: readonly string[]): string {
  return shortName(table.name, ...columns, 'key');
}

export function addUniqueSql(schema: string, table: Table, columns: readonly string[]): string {
  const name = quoteName(uniqueName(table, columns));
  return `ALTER TABLE ${quoteTable(schema, table.name)} ADD CONSTRAINT ${name} UNIQUE (${quoteNames(columns)})`;
}

export function addIndexSql(schema: string, table: Table, columns: readonly string[]): string {
  const name = quoteName(shortName(table.name, ...columns, 'idx'));
  return `CREATE INDEX ${name} ON ${quoteTable(schema, table.name)} (${quoteNames(columns)})`;
}

export function addRuleSql(schema: string, table: Table, rule: ColumnRule): string {
  return `ALTER TABLE ${quoteTable(schema, table.name)} ADD CONSTRAINT ${quoteName(rule.name)} CHECK (${rule.expression})`;
}

export function dropConstraintSql(schema: string, table: Table, constraint: string): string {
  return `ALTER TABLE ${quoteTable(schema, table.name)} DROP CONSTRAINT ${quoteName(constraint)}`;
}

const ON_DELETE: Readonly<Record<Reference['onDelete'], string>> = {
  restrict: 'NO ACTION',
  cascade: 'CASCADE',
  set_null: 'SET NULL',
};

export function addReferenceSql(schema: string, table: Table, column: Column, reference: Reference): string {
  const name = quoteName(shortName(table.name, column.name, 'fkey'));
  return [
    `ALTER TABLE ${quoteTable(schema, table.name)} ADD CONSTRAINT ${name} FOREIGN KEY (${quoteName(column.name)})`,
    `REFERENCES ${quoteTable(schema, reference.table)} (${quoteName(reference.column)})`,
    `ON DELETE ${ON_DELETE[reference.onDelete]}`,
  ].join(' ');
}
