import type { Table } from '../config/table.ts';
import type { Database } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import { type LiveTable, readCatalogue } from './catalogue.ts';
import { changesIn } from './diff.ts';
import type { TableChange } from './table-change.ts';

/** "tabl" as a number: whoever changes tables holds this advisory lock. */
const TABLES_LOCK = 0x7461626c;

export interface Migrated {
  readonly made: readonly TableChange[];
  readonly live: ReadonlyMap<string, LiveTable> | null;
}

/**
 * Creates and changes tables until they are those of the table files, all in one transaction.
 * @returns what was done, and the tables as they are where nothing had to be
 * @throws SyncError DATABASE_UNSAFE_CHANGE when rows would be lost or refused; then nothing is done
 */
export async function migrateTables(database: Database, tables: readonly Table[]): Promise<Migrated> {
  const { schema } = database;
  return database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [TABLES_LOCK]);
    const live = await readCatalogue(tx, schema);
    const changes = await changesIn(tx, { schema, tables, live });
    const unsafe = changes.filter(({ safe }) => !safe);
    if (unsafe.length > 0) throw unsafeChanges(unsafe);
    const toDo = changes.filter(({ sql }) => sql !== null);
    for (const { sql } of toDo) await tx.query(sql ?? '');
    return { made: toDo, live: toDo.length === 0 ? live : null };
  });
}

function unsafeChanges(unsafe: readonly TableChange[]): SyncError {
  const sentences = unsafe.map(({ sentence }) => sentence);
  return new SyncError('DATABASE_UNSAFE_CHANGE', `Nothing was changed. ${sentences.join(' ')}`, {
    details: { changes: unsafe },
  });
}
