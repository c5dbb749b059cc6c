import type { Queryable } from '../database/database.ts';

export interface StoredEvent {
  readonly id: string;
  readonly run_id: string | null;
  readonly at: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Keeps something that happened, for whoever looks at the run later.
 * @param event.data  names, codes and numbers; never a record's values
 */
export async function addEvent(
  database: Queryable,
  event: { readonly runId: string | null; readonly kind: string; readonly data: Readonly<Record<string, unknown>> },
): Promise<void> {
  await database.query('INSERT INTO sluice.event (run_id, kind, data) VALUES ($1, $2, $3)', [
    event.runId,
    event.kind,
    JSON.stringify(event.data),
  ]);
}

/** A run's events in order. */
export async function listEvents(database: Queryable, runId: string): Promise<StoredEvent[]> {
  const { rows } = await database.query<Omit<StoredEvent, 'at'> & { at: Date }>(
    'SELECT id, run_id, at, kind, data FROM sluice.event WHERE run_id = $1 ORDER BY id',
    [runId],
  );
  return rows.map((row) => ({
    id: row.id,
    run_id: row.run_id,
    at: row.at.toISOString(),
    kind: row.kind,
    data: row.data,
  }));
}
