import type { Link, LinkLookup } from '../config/link.ts';
import { columnOf, rowKey, type Table } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { stageType } from './column-sql.ts';

/** What links are compiled against. */
export interface LinkContext {
  readonly tables: ReadonlyMap<string, Table>;
  readonly schema: string;
}

/** SQL of the value that a raw reference stands for; null where no parent is here. */
export type ValueOf = (reference: string) => string;

/**
 * Compiles a link to a scalar subquery over the reference: the parents' index answers for each row, and the planner
 * cannot mistake a stage without statistics for a reason to read the whole parent table.
 * @param valueType  SQL type of the column that the value is written to
 */
export function compileLink(link: Link, valueType: string, context: LinkContext): ValueOf {
  const lookups = link.lookups.map((lookup) => compileLookup(lookup, context));
  const [first] = lookups;
  if (first === undefined) throw new RangeError('a link without a lookup passed the schema');
  if (!link.candidates) return first;
  return (reference) => {
    const tries = lookups.map((lookup, index) => `WHEN '${index}' THEN (${lookup('c.item->>1')})::text`).join(' ');
    // The first candidate that has a parent: OFFSET 0 keeps the subqueries from being asked twice.
    return `(SELECT v.value::${valueType} FROM (
      SELECT CASE c.item->>0 ${tries} END AS value, c.place
      FROM jsonb_array_elements((${reference})::jsonb) WITH ORDINALITY AS c(item, place) OFFSET 0
    ) v WHERE v.value IS NOT NULL ORDER BY v.place LIMIT 1)`;
  };
}

/**
 * SQL that is true where a raw reference has a parent, in a form that the planner can turn round: from few parents to
 * the many that refer to them.
 * @returns null for a link with more than one way to a parent
 */
export function compileIsHere({ lookups, candidates }: Link, context: LinkContext): ValueOf | null {
  const [lookup, other] = lookups;
  if (lookup === undefined || other !== undefined || candidates) return null;
  if (lookup.aliases !== null || lookup.ignoreCase) return null;
  const { from, by, byType } = parentColumn(lookup, context);
  return (reference) => `EXISTS (SELECT 1 FROM ${from} WHERE ${by} = ${typed(reference, byType)})`;
}

/** Exact, by an exact alias, without case, by an alias without case: the first that hits. */
function compileLookup(lookup: LinkLookup, context: LinkContext): ValueOf {
  const { aliases, ignoreCase } = lookup;
  const parent = parentColumn(lookup, context);
  const alias = aliases === null ? null : aliasColumn(aliases, context);
  const ways: ValueOf[] = [exact(parent)];
  if (alias !== null) ways.push(exact(alias));
  if (ignoreCase) {
    ways.push(withoutCase(parent));
    if (alias !== null) ways.push(withoutCase(alias));
  }
  const [only] = ways;
  if (only !== undefined && ways.length === 1) return only;
  return (reference) => `COALESCE(${ways.map((way) => way(reference)).join(', ')})`;
}

/** Where a reference is looked for, and what is found there. */
interface Searched {
  /** FROM clause. */
  readonly from: string;
  readonly by: string;
  readonly byType: string;
  readonly value: string;
  /** What orders several rows that match; null where only one can. */
  readonly order: string | null;
}

function parentColumn(lookup: LinkLookup, { tables, schema }: LinkContext): Searched {
  const parent = tableOf(lookup.table, tables);
  const joined = [lookup.byTable, lookup.valueTable].filter((name) => name !== lookup.table);
  const alias = (name: string) => (name === lookup.table ? 'p' : quoteName(`p_${name}`));
  // A base shares its key with the table that extends it.
  const joins = [...new Set(joined)].map((name) => {
    const base = tableOf(name, tables);
    return ` JOIN ${quoteTable(schema, name)} ${alias(name)} ON ${alias(name)}.${quoteName(rowKey(base))} = p.${quoteName(rowKey(parent))}`;
  });
  return {
    from: `${quoteTable(schema, lookup.table)} p${joins.join('')}`,
    by: `${alias(lookup.byTable)}.${quoteName(lookup.by)}`,
    byType: stageType(columnOf(tableOf(lookup.byTable, tables), lookup.by).type),
    value: `${alias(lookup.valueTable)}.${quoteName(lookup.value)}`,
    order: lookup.unique ? null : keyOrder(parent),
  };
}

function aliasColumn(aliases: NonNullable<LinkLookup['aliases']>, { tables, schema }: LinkContext): Searched {
  const table = tableOf(aliases.table, tables);
  return {
    from: `${quoteTable(schema, aliases.table)} p`,
    by: `p.${quoteName(aliases.by)}`,
    byType: stageType(columnOf(table, aliases.by).type),
    value: `p.${quoteName(aliases.value)}`,
    order: keyOrder(table),
  };
}

function exact({ from, by, byType, value, order }: Searched): ValueOf {
  return (reference) => found(value, `${from} WHERE ${by} = ${typed(reference, byType)}`, order);
}

function withoutCase({ from, by, value, order }: Searched): ValueOf {
  // Unique names may differ in nothing but their case.
  return (reference) => found(value, `${from} WHERE lower(${by}) = lower(${reference})`, order ?? by);
}

/** @param order  what decides between several rows; null where there is one at most */
function found(value: string, rows: string, order: string | null): string {
  if (order === null) return `(SELECT ${value} FROM ${rows})`;
  // OFFSET 0: a table without statistics, as after a first load, would be read in this very order until a row matches,
  // which none does where the parent is not here.
  return `(SELECT m.value FROM (SELECT ${value} AS value, row_number() OVER (ORDER BY ${order}) AS place FROM ${rows} OFFSET 0) m WHERE m.place = 1)`;
}

function keyOrder({ primaryKey }: Table): string {
  return primaryKey.map((name) => `p.${quoteName(name)}`).join(', ');
}

const WHOLE_NUMBER = String.raw`'^\s*[+-]?\d{1,18}\s*$'`;
const UUID = String.raw`'^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$'`;

/** A reference travels as text; a parent's key may be a number. One that is no number has no parent. */
function typed(reference: string, type: string): string {
  if (type === 'text') return reference;
  if (type === 'integer' || type === 'bigint')
    return `CASE WHEN ${reference} ~ ${WHOLE_NUMBER} THEN (${reference})::bigint END`;
  if (type === 'uuid') return `CASE WHEN ${reference} ~ ${UUID} THEN (${reference})::uuid END`;
  return `(${reference})::${type}`;
}

function tableOf(name: string, tables: ReadonlyMap<string, Table>): Table {
  const table = tables.get(name);
  if (table === undefined) throw new RangeError(`there is no table ${name}`);
  return table;
}
