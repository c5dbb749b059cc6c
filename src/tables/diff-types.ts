import type { Table } from '../config/table.ts';
import type { Queryable } from '../database/database.ts';
import { quoteText } from '../database/quote.ts';
import type { TableChange } from './table-change.ts';

/** Where a type is first used, and what an enum's values are. */
interface Named {
  readonly table: string;
  readonly column: string;
  readonly values: readonly string[];
}

/** The types that table files name with `db_type` and the database has not: an enum can be made, any other not by us. */
export async function typeChanges(database: Queryable, tables: readonly Table[]): Promise<TableChange[]> {
  const named = new Map<string, Named>();
  for (const table of tables) {
    for (const { name, type } of table.columns) {
      if (type.dbType === undefined) continue;
      // An array is there when the type of its items is.
      const item = type.dbType.replace(/(?:\[\])+$/, '');
      const values = type.kind === 'enum' ? type.values : [];
      const known = named.get(item);
      if (known === undefined || known.values.length === 0)
        named.set(item, { table: table.name, column: name, values });
    }
  }
  if (named.size === 0) return [];
  const { rows } = await database.query<{ type: string }>(
    'SELECT type FROM unnest($1::text[]) AS wanted(type) WHERE to_regtype(type) IS NULL',
    [[...named.keys()]],
  );
  return rows.flatMap(({ type }): TableChange[] => {
    const use = named.get(type);
    if (use === undefined) return [];
    const { table, column, values } = use;
    const canMake = values.length > 0;
    const labels = values.map((value) => quoteText(value)).join(', ');
    return [
      {
        kind: 'create_type',
        table,
        column,
        safe: canMake,
        sql: canMake ? `CREATE TYPE ${type} AS ENUM (${labels})` : null,
        sentence: canMake
          ? `The enum ${type} is made, with ${values.length} values.`
          : `The type ${type} of ${table}.${column} is not in the database: make it there first.`,
      },
    ];
  });
}
