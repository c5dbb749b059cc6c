import type { Table } from '../config/table.ts';
import type { Queryable } from '../database/database.ts';
import { quoteTable, quoteText } from '../database/quote.ts';
import { SyncError } from '../errors/sync-error.ts';

/**
 * Before-images are made by triggers of the target tables, and not by the statements of a load: so nothing is missed of
 * what a run changes in them, be it by a merge, a link, a deletion, a plugin's hook, a trigger of the app's own or a
 * foreign key that cascades. They do nothing in a transaction that is not a run's.
 */
const EVENTS = [
  { name: 'sluice_history_insert', event: 'INSERT', referencing: 'NEW TABLE AS new_rows' },
  { name: 'sluice_history_update', event: 'UPDATE', referencing: 'OLD TABLE AS old_rows NEW TABLE AS new_rows' },
  { name: 'sluice_history_delete', event: 'DELETE', referencing: 'OLD TABLE AS old_rows' },
] as const;

const FUNCTION = 'sluice.keep_row_changes';

/** A table whose changes are kept. */
interface Watched {
  /** With its schema, quoted. */
  readonly name: string;
  readonly key: readonly string[];
  readonly mayTrigger: boolean;
  /** Its history triggers, by name: their arguments in hexadecimal. */
  readonly triggers: Readonly<Record<string, string>>;
}

/**
 * Sees to it that changes of these tables are kept, and of tables that foreign keys change along with them.
 * @param also  a table beside the targets, as SQL names it
 * @throws SyncError HISTORY_NOT_ALLOWED when the user may not put triggers on a table
 */
export async function watchTables(
  database: Queryable,
  schema: string,
  tables: Iterable<Table>,
  also: { readonly table: string; readonly key: readonly string[] },
): Promise<void> {
  const known = new Map([...tables].map((table) => [quoteTable(schema, table.name), table.primaryKey]));
  const watched = await readWatched(database, [...known.keys(), also.table]);
  for (const { name, key, mayTrigger, triggers } of watched) {
    const columns = name === also.table ? also.key : (known.get(name) ?? key);
    const missing = EVENTS.filter((one) => triggers[one.name] !== argumentsOf(columns));
    if (missing.length === 0) continue;
    if (!mayTrigger || columns.length === 0) throw notAllowed(name, columns);
    await database.query(missing.map((one) => triggerSql(one, name, columns)).join(';\n'));
  }
}

/**
 * Takes the triggers away again, unless a run that needs them is under way: another project may share the tables. From
 * another one's table only its owner can; there they stay, and do nothing.
 */
export async function unwatchTables(
  database: Queryable,
  schema: string,
  tables: Iterable<Table>,
  also: { readonly table: string },
): Promise<void> {
  const { rows } = await database.query<{ name: string; trigger: string }>(
    `SELECT t.tgrelid::regclass::text AS name, quote_ident(t.tgname) AS trigger FROM pg_trigger t
     JOIN pg_class c ON c.oid = t.tgrelid AND pg_has_role(c.relowner, 'USAGE')
     WHERE t.tgfoid = to_regproc($1) AND t.tgrelid = ANY(SELECT to_regclass(n) FROM unnest($2::text[]) n)
       AND NOT EXISTS (SELECT 1 FROM sluice.run WHERE status = 'running' AND keeps_history)`,
    [FUNCTION, [also.table, ...[...tables].map(({ name }) => quoteTable(schema, name))]],
  );
  for (const { name, trigger } of rows) await database.query(`DROP TRIGGER IF EXISTS ${trigger} ON ${name}`);
}

/** The named tables, and those whose rows a foreign key deletes or clears together with theirs. */
async function readWatched(database: Queryable, names: readonly string[]): Promise<readonly Watched[]> {
  const { rows } = await database.query<Watched>(
    `WITH RECURSIVE given AS (
       SELECT to_regclass(n)::oid AS oid, min(n) AS name FROM unnest($1::text[]) AS n
       WHERE to_regclass(n) IS NOT NULL GROUP BY 1
     ), watched AS (
       SELECT oid FROM given
       UNION
       SELECT c.conrelid FROM watched w JOIN pg_constraint c ON c.confrelid = w.oid AND c.contype = 'f'
         AND (c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'))
     )
     SELECT coalesce(g.name, format('%I.%I', n.nspname, r.relname)) AS name,
       ARRAY(SELECT a.attname::text FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
         JOIN pg_attribute a ON a.attnum = k.number
         WHERE i.indrelid = r.oid AND i.indisprimary AND a.attrelid = r.oid ORDER BY k.place) AS key,
       has_table_privilege(r.oid, 'TRIGGER') AS "mayTrigger",
       coalesce((SELECT jsonb_object_agg(t.tgname, encode(t.tgargs, 'hex')) FROM pg_trigger t
         WHERE t.tgrelid = r.oid AND t.tgfoid = to_regproc($2)), '{}') AS triggers
     FROM watched w JOIN pg_class r ON r.oid = w.oid JOIN pg_namespace n ON n.oid = r.relnamespace
     LEFT JOIN given g ON g.oid = w.oid ORDER BY r.oid`,
    [names, FUNCTION],
  );
  return rows;
}

/** As `pg_trigger.tgargs` keeps them: each ends with a zero byte. */
function argumentsOf(key: readonly string[]): string {
  return Buffer.from(key.map((name) => `${name}\0`).join('')).toString('hex');
}

function triggerSql(
  { name, event, referencing }: (typeof EVENTS)[number],
  table: string,
  key: readonly string[],
): string {
  // Dropped and made, because OR REPLACE came with PostgreSQL 14.
  return `DROP TRIGGER IF EXISTS ${name} ON ${table};
    CREATE TRIGGER ${name} AFTER ${event} ON ${table} REFERENCING ${referencing} FOR EACH STATEMENT
    WHEN (current_setting('sluice.run_id', true) <> '')
    EXECUTE FUNCTION ${FUNCTION}(${key.map((column) => quoteText(column)).join(', ')})`;
}

function notAllowed(table: string, key: readonly string[]): SyncError {
  const why = key.length === 0 ? 'it has no primary key' : 'the user of DATABASE_URL may not put triggers on it';
  return new SyncError('HISTORY_NOT_ALLOWED', `No history can be kept of ${table}: ${why}.`, { details: { table } });
}
