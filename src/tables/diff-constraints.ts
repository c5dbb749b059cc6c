import type { Column, Reference } from '../config/table.ts';
import { quoteName, quoteNames, quoteTable } from '../database/quote.ts';
import type { LiveTable } from './catalogue.ts';
import { type ColumnRule, columnRules, isRuleOf } from './column-sql.ts';
import { anyRow, change, type Place } from './diff-columns.ts';
import { readRule, saysSame } from './read-rule.ts';
import type { TableChange } from './table-change.ts';
import {
  addIndexSql,
  addReferenceSql,
  addRuleSql,
  addUniqueSql,
  dropConstraintSql,
  indexSets,
  uniqueSets,
} from './table-sql.ts';

/** Primary key, ranges, unique sets and indexes of a table that is there. */
export async function constraintChanges(place: Place): Promise<TableChange[]> {
  return [
    ...primaryKeyChange(place),
    ...(await ruleChanges(place)),
    ...(await uniqueChanges(place)),
    ...indexChanges(place),
  ];
}

function primaryKeyChange(place: Place): TableChange[] {
  const { table, live } = place;
  if (sameColumns(live.primaryKey, table.primaryKey)) return [];
  const there = live.primaryKey.length === 0 ? 'none' : live.primaryKey.join(', ');
  const sentence = `The primary key of ${table.name} should be ${table.primaryKey.join(', ')} and is ${there}.`;
  return [{ ...change(place, 'change_primary_key', table.primaryKey.join(', '), null, sentence), safe: false }];
}

async function ruleChanges(place: Place): Promise<TableChange[]> {
  const { schema, table, live } = place;
  const changes: TableChange[] = [];
  for (const column of table.columns) {
    const rules = columnRules(table, column);
    const names = new Set(rules.map(({ name }) => name));
    const there = live.checks.map(({ name }) => name);
    for (const old of there.filter((name) => isRuleOf(table, column, name) && !names.has(name))) {
      const sentence = `${table.name}.${column.name} loses an old rule on its values.`;
      changes.push(change(place, 'drop_check', column.name, dropConstraintSql(schema, table, old), sentence));
    }
    for (const rule of rules.filter((wanted) => !isThere(wanted, column, live))) {
      const broken = live.columns.has(column.name) && (await anyRow(place, `NOT (${rule.expression})`));
      const sentence = `${table.name}.${column.name} must fulfil ${rule.expression}${broken ? ', but there are rows that do not' : ''}.`;
      changes.push({
        ...change(place, 'add_check', column.name, addRuleSql(schema, table, rule), sentence),
        safe: !broken,
      });
    }
  }
  return changes;
}

/** By our name for it, or by what it says; the labels of an enum of PostgreSQL's own are held by its type. */
function isThere(rule: ColumnRule, { name }: Column, { checks, columns }: LiveTable): boolean {
  if (rule.values !== null && columns.get(name)?.labels != null) return true;
  return checks.some((check) => check.name === rule.name || saysSame(readRule(check.expression), name, rule));
}

async function uniqueChanges(place: Place): Promise<TableChange[]> {
  const { schema, table, live } = place;
  const changes: TableChange[] = [];
  for (const columns of uniqueSets(table)) {
    if (live.unique.some((there) => sameColumns(there, columns))) continue;
    const repeated = columns.every((name) => live.columns.has(name)) && (await hasRepeats(place, columns));
    const sentence = `${table.name} is unique by ${columns.join(', ')}${repeated ? ', but there are rows that share them' : ''}.`;
    changes.push({
      ...change(place, 'add_unique', null, addUniqueSql(schema, table, columns), sentence),
      safe: !repeated,
    });
  }
  return changes;
}

async function hasRepeats({ database, schema, table }: Place, columns: readonly string[]): Promise<boolean> {
  const list = quoteNames(columns);
  const given = columns.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  const { rows } = await database.query(
    `SELECT 1 FROM ${quoteTable(schema, table.name)} WHERE ${given} GROUP BY ${list} HAVING count(*) > 1 LIMIT 1`,
  );
  return rows.length > 0;
}

function indexChanges(place: Place): TableChange[] {
  const { schema, table, live } = place;
  return indexSets(table)
    .filter((columns) => !live.indexes.some((there) => beginsWith(there, columns)))
    .map((columns) =>
      change(
        place,
        'add_index',
        null,
        addIndexSql(schema, table, columns),
        `${table.name} gets an index on ${columns.join(', ')}.`,
      ),
    );
}

/**
 * Foreign keys, of new tables too.
 * @param tables  every table that is there now
 */
export async function referenceChanges(
  place: Omit<Place, 'live'> & { readonly live: LiveTable | null },
  tables: ReadonlyMap<string, LiveTable>,
): Promise<TableChange[]> {
  const changes: TableChange[] = [];
  for (const column of place.table.columns) {
    if (column.references !== null) changes.push(...(await referenceChange(place, column, column.references, tables)));
  }
  return changes;
}

// oxlint-disable-next-line max-params -- a place, and what is held against it there
async function referenceChange(
  place: Omit<Place, 'live'> & { readonly live: LiveTable | null },
  column: Column,
  reference: Reference,
  tables: ReadonlyMap<string, LiveTable>,
): Promise<TableChange[]> {
  const { schema, table, live } = place;
  const add = addReferenceSql(schema, table, column, reference);
  const name = `${table.name}.${column.name}`;
  const there = live?.references.find(
    ({ from, table: parent, column: by }) =>
      from === column.name && parent === reference.table && by === reference.column,
  );
  if (there?.onDelete === reference.onDelete) return [];
  if (there !== undefined) {
    const sql = `${dropConstraintSql(schema, table, there.name)};\n${add}`;
    const sentence = `${name} does ${reference.onDelete} and no longer ${there.onDelete} when its ${reference.table} is deleted.`;
    return [change(place, 'change_reference', column.name, sql, sentence)];
  }
  const orphans = await hasOrphans(place, column, reference, tables);
  const sentence = `${name} refers to ${reference.table}.${reference.column}${orphans ? ', but there are rows without a parent' : ''}.`;
  return [{ ...change(place, 'add_reference', column.name, add, sentence), safe: !orphans }];
}

// oxlint-disable-next-line max-params -- a place, and what is held against it there
async function hasOrphans(
  place: Omit<Place, 'live'> & { readonly live: LiveTable | null },
  column: Column,
  reference: Reference,
  tables: ReadonlyMap<string, LiveTable>,
): Promise<boolean> {
  if (place.live?.columns.has(column.name) !== true) return false;
  const given = `${quoteName(column.name)} IS NOT NULL`;
  if (tables.get(reference.table)?.columns.has(reference.column) !== true) return anyRow(place, given);
  const parent = quoteTable(place.schema, reference.table);
  const own = `${quoteTable(place.schema, place.table.name)}.${quoteName(column.name)}`;
  return anyRow(
    place,
    `${given} AND NOT EXISTS (SELECT 1 FROM ${parent} p WHERE p.${quoteName(reference.column)}::text = ${own}::text)`,
  );
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function beginsWith(index: readonly string[], columns: readonly string[]): boolean {
  return columns.every((name, place) => index[place] === name);
}
