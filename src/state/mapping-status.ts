import type { Queryable } from '../database/database.ts';
import type { RunStatus } from '../flow/run-events.ts';
import { countOpen } from './deletions.ts';
import { type LinkStatus, linkStatus, type WatchedLink } from './link-status.ts';
import { knownMappingId } from './mappings.ts';
import type { QuarantineCount } from './quarantine-entries.ts';
import { DELETED } from './records.ts';

/** What the caller knows from the configuration. */
export interface WatchedMapping {
  readonly name: string;
  /** In order; the first one reads from the org. */
  readonly phases: readonly string[];
  /** Links to report, with the phase that resolves each. */
  readonly links: readonly (WatchedLink & { readonly phase: string })[];
}

export interface LastStep {
  readonly run_id: string;
  readonly status: RunStatus | 'running' | 'pending' | 'skipped';
  readonly at: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface PhaseStatus {
  readonly phase: string;
  readonly last: LastStep | null;
  readonly last_success: LastStep | null;
}

export interface MappingStatus {
  readonly mapping: string;
  readonly phases: readonly PhaseStatus[];
  /** Records that are loaded. */
  readonly records: number;
  readonly links: readonly (LinkStatus & { readonly phase: string })[];
  /** Records that are gone from the org, and whose rows are not marked or deleted yet. */
  readonly deletions: OpenDeletions;
  readonly quarantined: number;
  readonly quarantine: readonly QuarantineCount[];
}

export interface OpenDeletions {
  /** Noticed: the next run carries them out, or a person decides. */
  readonly pending: number;
  /** A person has said yes. */
  readonly confirmed: number;
  /** Something refers to the row. */
  readonly refused: number;
}

/**
 * How far one mapping is.
 * @param quarantine  open entries, of this mapping only
 * @param top  how many missing parents are named for each link
 */
export async function mappingStatus(
  database: Queryable,
  mapping: WatchedMapping,
  { quarantine, top }: { readonly quarantine: readonly QuarantineCount[]; readonly top: number },
): Promise<MappingStatus> {
  return {
    mapping: mapping.name,
    phases: await phaseStatuses(database, mapping),
    ...(await rowsOf(database, mapping, top)),
    quarantined: quarantine.reduce((sum, { count }) => sum + count, 0),
    quarantine,
  };
}

async function rowsOf(
  database: Queryable,
  mapping: WatchedMapping,
  top: number,
): Promise<Pick<MappingStatus, 'records' | 'links' | 'deletions'>> {
  const id = await knownMappingId(database, mapping.name);
  if (id === null) return { records: 0, links: [], deletions: { pending: 0, confirmed: 0, refused: 0 } };
  const links: MappingStatus['links'][number][] = [];
  for (const link of mapping.links) {
    links.push({ ...(await linkStatus(database, id, link, top)), phase: link.phase });
  }
  const { rows } = await database.query<{ records: number }>(
    `SELECT count(*)::int AS records FROM sluice.record WHERE mapping_id = $1 AND hash <> ${DELETED}`,
    [id],
  );
  const { unconfirmed: pending, confirmed, refused } = await countOpen(database, id);
  return { records: rows[0]?.records ?? 0, links, deletions: { pending, confirmed, refused } };
}

async function phaseStatuses(database: Queryable, mapping: WatchedMapping): Promise<PhaseStatus[]> {
  const { rows } = await database.query<StepRow>(
    `SELECT DISTINCT ON (phase, good) phase, status IN ('succeeded', 'succeeded_with_warnings') AS good, run_id, status,
       coalesce(finished_at, started_at) AS at, error, id
     FROM sluice.step WHERE mapping = $1 ORDER BY phase, good, id DESC`,
    [mapping.name],
  );
  return mapping.phases.map((phase) => {
    const own = rows.filter((row) => row.phase === phase).toSorted((a, b) => Number(b.id) - Number(a.id));
    return { phase, last: lastStep(own[0]), last_success: lastStep(own.find(({ good }) => good)) };
  });
}

function lastStep(row: StepRow | undefined): LastStep | null {
  if (row === undefined) return null;
  const error = row.error === null ? null : { code: row.error.code, message: row.error.message };
  return { run_id: row.run_id, status: row.status, at: row.at.toISOString(), error };
}

interface StepRow {
  readonly id: string;
  readonly phase: string;
  readonly good: boolean;
  readonly run_id: string;
  readonly status: LastStep['status'];
  readonly at: Date;
  readonly error: { readonly code: string; readonly message: string } | null;
}
