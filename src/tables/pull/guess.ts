import type { ColumnType } from '../../config/table.ts';
import { type Held, looksPersonal, namesPeople } from '../../privacy/personal-names.ts';

/** What a column's name gives away. Guesses are told in the file, and a person has the last word. */

/** `firstName` and `First Name` are `first_name`. */
function snake(name: string): string {
  return name
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_');
}

const HELD: Partial<Readonly<Record<ColumnType['kind'], Held>>> = {
  boolean: 'mark',
  date: 'time',
  timestamp: 'time',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  float: 'number',
};

/** Whether a column looks personal, by its name and the kind of its type. */
export function isPersonalColumn(table: string, column: string, kind: ColumnType['kind']): boolean {
  return looksPersonal(column, HELD[kind] ?? 'text', namesPeople(table));
}

const INSERTED = /^(?:date_|time_)?(?:created|inserted)(?:_(?:at|on|date|time))?$/u;
const CHANGED = /^(?:date_|time_|last_)?(?:updated|modified|changed)(?:_(?:at|on|date|time))?$/u;

/** When the engine has to write this time itself, by its name; null for any other. */
export function looksTouched(column: string): 'insert' | 'change' | null {
  const name = snake(column);
  if (INSERTED.test(name)) return 'insert';
  return CHANGED.test(name) ? 'change' : null;
}

/** Tables in which tools that migrate databases keep their books. */
const BOOKKEEPING = new Set([
  '_prisma_migrations',
  'alembic_version',
  'ar_internal_metadata',
  'databasechangelog',
  'databasechangeloglock',
  'django_migrations',
  'flyway_schema_history',
  'goose_db_version',
  'knex_migrations',
  'knex_migrations_lock',
  'pgmigrations',
  'schema_migrations',
  'sequelizemeta',
  '__efmigrationshistory',
]);

export function isBookkeeping(table: string): boolean {
  return BOOKKEEPING.has(table.toLowerCase());
}
