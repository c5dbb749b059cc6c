import { createHash } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';

/** One run at a time in a project: held as long as this session lives, so a killed process holds nothing. */
export interface RunLock {
  /** Aborts when the connection that holds the lock is gone: another run may begin, so this one must stop. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Who holds the lock, as far as the state and the server know. */
interface Holder {
  readonly run_id: string | null;
  readonly command: string | null;
  readonly host: string | null;
  readonly pid: number | null;
  readonly since: Date | null;
}

/**
 * @throws SyncError RUN_LOCKED with who holds it
 */
export async function acquireRunLock(database: Database, project: string): Promise<RunLock> {
  const session = await database.session();
  try {
    const { rows } = await session.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS got',
      keyOf(project),
    );
    if (rows[0]?.got !== true) throw lockedBy(await holderOf(session, project));
  } catch (error) {
    await session.close();
    throw error;
  }
  return { lost: session.lost, release: () => session.close() };
}

/**
 * For who takes over what another name has held.
 * @throws SyncError RUN_LOCKED when a run of that project is at work
 */
export async function refuseWhileRunning(database: Queryable, project: string): Promise<void> {
  const holder = await holderOf(database, project);
  if (holder !== null) throw lockedBy(holder);
}

/** Two 32-bit numbers: ours, and the project's. */
function keyOf(project: string): [number, number] {
  return [0x736c7569, createHash('sha256').update(project).digest().readInt32BE(0)];
}

/** The run may not have written its row yet; then the server still knows since when the lock's session is there. */
async function holderOf(session: Queryable, project: string): Promise<Holder | null> {
  const { rows } = await session.query<Holder>(
    `SELECT r.id AS run_id, r.command, coalesce(r.host, a.client_hostname, host(a.client_addr)) AS host, r.pid,
       coalesce(r.started_at, a.backend_start) AS since
     FROM pg_locks l
     JOIN pg_stat_activity a ON a.pid = l.pid
     LEFT JOIN LATERAL (
       SELECT id, command, host, pid, started_at FROM sluice.run
       WHERE project = $3 AND status = 'running' AND started_at >= a.backend_start
       ORDER BY started_at DESC LIMIT 1
     ) r ON true
     WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.classid = $1::int::oid AND l.objid = ($2::bigint & 4294967295)::oid AND l.objsubid = 2 AND l.granted`,
    [...keyOf(project), project],
  );
  return rows[0] ?? null;
}

function lockedBy(holder: Holder | null): SyncError {
  if (holder === null) return new SyncError('RUN_LOCKED', 'Another run of this project has just ended; try again.');
  const who = [
    holder.run_id === null ? 'Another run of this project' : `Run ${holder.run_id} (${holder.command})`,
    'is at work',
    holder.pid === null ? '' : `as process ${holder.pid}`,
    holder.host === null ? '' : `on ${holder.host}`,
    holder.since === null ? '' : `since ${holder.since.toISOString()}`,
  ];
  return new SyncError('RUN_LOCKED', `${who.filter((part) => part !== '').join(' ')}.`, {
    details: { ...holder, since: holder.since?.toISOString() ?? null },
  });
}
