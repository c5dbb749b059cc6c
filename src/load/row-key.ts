import { columnOf, type Table } from '../config/table.ts';
import { quoteName } from '../database/quote.ts';
import { stageType } from './column-sql.ts';
import { textOf } from './stage-sql.ts';

/** Texts of primary keys, by table. As state and stage have it: several columns are one text. */
export type Rows = ReadonlyMap<string, ReadonlySet<string>>;

/** SQL of the text that stands for the key of the row under an alias. */
export function keyText({ primaryKey }: Table, alias: string): string {
  const parts = primaryKey.map((name) => `${alias}.${quoteName(name)}::text`);
  const [first = 'NULL'] = parts;
  return parts.length === 1 ? first : textOf(parts);
}

/** SQL that is true for the row under an alias whose key has this text; an index on the key leads to it. */
export function hasKey(table: Table, alias: string, text: string): string {
  const { primaryKey } = table;
  const typed = (name: string, value: string): string =>
    `${alias}.${quoteName(name)} = (${value})::${stageType(columnOf(table, name).type)}`;
  const [only] = primaryKey;
  if (only !== undefined && primaryKey.length === 1) return typed(only, text);
  return primaryKey.map((name, place) => typed(name, `(${text}::text[])[${place + 1}]`)).join(' AND ');
}

/** SQL of rows `r(id)` for the parameter that holds the texts of keys. */
export function givenKeys(parameter: string): string {
  return `unnest(${parameter}::text[]) AS r(id)`;
}
