import type { Link, StubCopy } from '../config/link.ts';
import { soleKey, type Table } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { literal } from './column-sql.ts';
import type { LinkContext, ValueOf } from './link-sql.ts';

/** The statements that make the parents that are not here, and the table they make them in. */
export interface StubStatements {
  readonly table: string;
  readonly inserts: readonly string[];
}

interface StubParts extends LinkContext {
  readonly link: Link;
  /** Stage with its alias, to stand in FROM, and the raw reference over that alias. */
  readonly from: string;
  readonly reference: string;
  readonly valueOf: ValueOf;
  /** SQL that draws a new row's primary key; null to leave it to the column's own sequence. */
  readonly drawKey: (table: Table) => string | null;
}

/**
 * One statement for each way to make a stub: each makes those that the ones before could not. Two commits may want the
 * same parent at once: the second waits for the first and then has nothing to do, in the order of the references, so
 * that they cannot wait for each other.
 */
export function stubStatements({ link, tables, schema, ...parts }: StubParts): StubStatements | null {
  const lookup = link.lookups[0];
  if (link.create === null || lookup === undefined) return null;
  const table = tables.get(lookup.table);
  if (table === undefined) throw new RangeError(`there is no table ${lookup.table}`);
  const { copy, values } = link.create;
  const target: Target = { table, schema, by: lookup.by, ignoreCase: lookup.ignoreCase, tables, ...parts };
  const constants = values.map(({ column, value }) => ({
    name: quoteName(column.name),
    value: literal(value, column.type),
  }));
  return {
    table: table.name,
    inserts: copy.length === 0 ? [insertStub(target, constants, null)] : copy.map((way) => insertCopy(target, way)),
  };
}

interface Target extends Omit<StubParts, 'link'> {
  readonly table: Table;
  readonly by: string;
  readonly ignoreCase: boolean;
}

interface StubColumn {
  readonly name: string;
  readonly value: string;
}

function insertCopy(target: Target, { table, by, columns, values }: StubCopy): string {
  const found = `JOIN ${quoteTable(target.schema, table)} o ON o.${quoteName(by)} = r.reference`;
  const taken = [
    ...columns.map(({ to, from }) => ({ name: quoteName(to.name), value: `o.${quoteName(from)}` })),
    ...values.map(({ column, value }) => ({ name: quoteName(column.name), value: literal(value, column.type) })),
  ];
  return insertStub(target, taken, found);
}

function insertStub(target: Target, taken: readonly StubColumn[], join: string | null): string {
  const { table, schema, by, ignoreCase, from, reference, valueOf, drawKey } = target;
  const key = soleKey(table);
  const drawn = drawKey(table);
  const columns = [
    ...(drawn === null || key === null ? [] : [{ name: quoteName(key), value: drawn }]),
    { name: quoteName(by), value: 'r.reference' },
    ...taken.filter(({ name }) => name !== quoteName(by)),
    ...table.columns
      .filter(({ touch }) => touch !== null)
      .map(({ name }) => ({ name: quoteName(name), value: 'now()' })),
  ];
  // OFFSET 0: each reference is looked up once, and not for every row that has it.
  // Of references that differ in nothing but their case, one is made where case does not count.
  const once = ignoreCase ? `DISTINCT ON (lower(${reference}))` : 'DISTINCT';
  return `INSERT INTO ${quoteTable(schema, table.name)} (${columns.map(({ name }) => name).join(', ')}) ${drawn !== null ? 'OVERRIDING SYSTEM VALUE ' : ''}
    SELECT ${columns.map(({ value }) => value).join(', ')} FROM (
      SELECT ${once} ${reference} AS reference FROM ${from} WHERE ${reference} IS NOT NULL${ignoreCase ? ` ORDER BY lower(${reference}), ${reference}` : ''} OFFSET 0
    ) r ${join ?? ''} WHERE ${valueOf('r.reference')} IS NULL ORDER BY r.reference ON CONFLICT DO NOTHING`;
}
