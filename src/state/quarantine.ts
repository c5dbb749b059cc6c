import type { Queryable } from '../database/database.ts';
import type { Rejection } from '../flow/mapped-batch.ts';
import { plainDigest, type RecordKeeping } from '../privacy/seal-record.ts';

export type { RecordKeeping };

/**
 * How an entry ended.
 * - `loaded`: the record was taken later.
 * - `discarded`: a person does not want it; the record as it is now is not kept again.
 * - `deleted`: it is gone from the source.
 * - `left_out`: a rule of the mapping leaves it out now, a newer state of it is here, or a reading of everything has not met
 *   it any more.
 */
export type ClosedAs = 'loaded' | 'discarded' | 'deleted' | 'left_out';

/** What became of the records that a commit could not take. */
export interface Quarantined {
  /** Those that are in quarantine now. */
  readonly kept: readonly Rejection[];
  /** How many of them were not in it before. */
  readonly fresh: number;
  /** Records that a person has discarded as they are: they stay out. */
  readonly discarded: number;
  /** Records of which a newer state is here: what is refused of them is past. */
  readonly older: number;
}

interface NewEntries {
  readonly mappingId: number;
  readonly runId: string;
  readonly rejections: readonly Rejection[];
  readonly keeping: RecordKeeping;
  /** Keeps also a record of which a newer state is here, because what the source says now counts. */
  readonly evenOlder: boolean;
}

/**
 * Keeps records that could not be taken. One that is in quarantine already is seen once more, with today's reason. What
 * is loaded of them is no longer what the source has: also unchanged they must be looked at when they come again.
 */
export async function addToQuarantine(tx: Queryable, entries: NewEntries): Promise<Quarantined> {
  const { mappingId, keeping, rejections, evenOlder } = entries;
  if (rejections.length === 0) return { kept: [], fresh: 0, discarded: 0, older: 0 };
  const all = rejections.map((rejection) => withHash(rejection, keeping));
  const current = evenOlder ? all : without(await newerHere(tx, mappingId, all), all);
  await lookAgain(tx, mappingId, current);
  const rest = without(await discardedAlready(tx, mappingId, current), current);
  const fresh = rest.length === 0 ? 0 : await keep(tx, entries, rest);
  return {
    kept: rest.map(({ rejection }) => rejection),
    fresh,
    discarded: current.length - rest.length,
    older: all.length - current.length,
  };
}

function without(places: ReadonlySet<number>, refused: readonly Refused[]): readonly Refused[] {
  return places.size === 0 ? refused : refused.filter((_one, place) => !places.has(place));
}

interface Refused {
  readonly rejection: Rejection;
  readonly text: string;
  readonly hash: string;
  /** The hash that it would have without a key: one that was discarded before there was a key has no other. */
  readonly plainHash: string;
  /** When the record was changed; null when no field tells. */
  readonly stamp: string | null;
}

/** When a record was last touched is not what it is; but where nothing names it, all of it does. */
const STAMPS = new Set(['systemmodstamp', 'lastmodifieddate']);

/** What tells a record from another one and from itself after a change. */
export function recordHash(
  { record, sourceId }: Pick<Rejection, 'record' | 'sourceId'>,
  { seal }: RecordKeeping,
): string {
  const told =
    sourceId === ''
      ? JSON.stringify(record)
      : JSON.stringify(Object.entries(record).filter(([field]) => !STAMPS.has(field.toLowerCase())));
  return seal === null ? plainDigest(told) : seal.digest(told);
}

function withHash(rejection: Rejection, keeping: RecordKeeping): Refused {
  const { record } = rejection;
  const text = JSON.stringify(record);
  const valueOf = (name: string) => Object.entries(record).find(([field]) => field.toLowerCase() === name)?.[1];
  const stamp = valueOf('systemmodstamp') ?? valueOf('lastmodifieddate') ?? '';
  const hash = recordHash(rejection, keeping);
  const plainHash = keeping.seal === null ? hash : recordHash(rejection, { ...keeping, seal: null });
  return { rejection, text, hash, plainHash, stamp: INSTANT.test(stamp) ? stamp : null };
}

/** As the org writes them; in a file it could be anything. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|\+00:?00)$/;

/** Places of the records that are here, or were deleted, in a newer state. */
async function newerHere(tx: Queryable, mappingId: number, refused: readonly Refused[]): Promise<ReadonlySet<number>> {
  const { rows } = await tx.query<{ place: number }>(
    // Not a join: without statistics, as in a first load, the planner would read the whole ledger for a few records.
    `SELECT (n - 1)::int AS place FROM unnest($2::text[], $3::timestamptz[]) WITH ORDINALITY AS p(source_id, stamp, n)
     WHERE (SELECT r.stamp FROM sluice.record r WHERE r.mapping_id = $1 AND r.source_id = p.source_id) > p.stamp`,
    [mappingId, refused.map(({ rejection }) => rejection.sourceId), refused.map(({ stamp }) => stamp)],
  );
  return new Set(rows.map(({ place }) => place));
}

/** Places of the records that were discarded as they are, and of which nothing has come since. */
async function discardedAlready(
  tx: Queryable,
  mappingId: number,
  refused: readonly Refused[],
): Promise<ReadonlySet<number>> {
  const { rows } = await tx.query<{ place: number }>(
    `SELECT (n - 1)::int AS place FROM unnest($2::text[], $3::uuid[], $4::uuid[]) WITH ORDINALITY AS r(source_id, hash, plain, n)
     WHERE EXISTS (SELECT 1 FROM sluice.quarantine q WHERE q.mapping_id = $1 AND q.source_id = r.source_id
         AND q.closed_as = 'discarded' AND q.record_hash IN (r.hash, r.plain))
       AND NOT EXISTS (SELECT 1 FROM sluice.quarantine q WHERE q.mapping_id = $1 AND q.source_id = r.source_id
         AND q.source_id <> '' AND q.closed_at IS NULL)`,
    [
      mappingId,
      refused.map(({ rejection }) => rejection.sourceId),
      refused.map(({ hash }) => hash),
      refused.map(({ plainHash }) => plainHash),
    ],
  );
  return new Set(rows.map(({ place }) => place));
}

/** @returns how many were not there before */
async function keep(tx: Queryable, entries: NewEntries, refused: readonly Refused[]): Promise<number> {
  const { mappingId, runId, keeping } = entries;
  const rejections = refused.map(({ rejection }) => rejection);
  const { rows } = await tx.query<{ fresh: boolean }>(
    `INSERT INTO sluice.quarantine AS q
       (mapping_id, source_id, code, "column", field, rule, record, sealed, record_hash, first_run_id, last_run_id)
     SELECT DISTINCT ON (source_id, CASE WHEN source_id = '' THEN hash END)
       $1, source_id, code, "column", field, rule, record::json, decode(sealed, 'hex'), hash, $2, $2
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[])
       WITH ORDINALITY AS r(source_id, code, "column", field, rule, record, sealed, hash, n)
     ORDER BY source_id, CASE WHEN source_id = '' THEN hash END, n DESC
     ON CONFLICT (mapping_id, source_id,
         (CASE WHEN source_id = '' THEN record_hash ELSE '00000000-0000-0000-0000-000000000000'::uuid END))
       WHERE closed_at IS NULL
     DO UPDATE SET code = EXCLUDED.code, "column" = EXCLUDED."column", field = EXCLUDED.field, rule = EXCLUDED.rule,
       record = EXCLUDED.record, sealed = EXCLUDED.sealed, record_hash = EXCLUDED.record_hash,
       last_run_id = EXCLUDED.last_run_id, last_seen_at = now(), attempts = q.attempts + 1
     RETURNING xmax = 0 AS fresh`,
    [
      mappingId,
      runId,
      rejections.map(({ sourceId }) => sourceId),
      rejections.map(({ code }) => code),
      rejections.map(({ column }) => column),
      rejections.map(({ field }) => field),
      rejections.map(({ rule }) => rule),
      refused.map(({ text }) => (keeping.record === 'keep' ? text : null)),
      refused.map(({ rejection, text }) => sealedText(keeping, text, placeOf(mappingId, rejection.sourceId))),
      refused.map(({ hash }) => hash),
    ],
  );
  return rows.filter(({ fresh }) => fresh).length;
}

/** @returns hex; null where nothing is to be encrypted */
export function sealedText({ record, seal }: RecordKeeping, text: string, place: string): string | null {
  if (record !== 'encrypt') return null;
  // Never in the clear where it was to be encrypted: without a key no run begins.
  if (seal === null) throw new RangeError('a record is to be sealed without a key');
  return seal.seal(text, place).toString('hex');
}

/** What a sealed record belongs to: it cannot be moved to another entry. */
export function placeOf(mappingId: number, sourceId: string): string {
  return `${String(mappingId)} ${sourceId}`;
}

/** The hash of a record that was refused since it was loaded. Other marks (all of one digit) say more, and stay. */
const REFUSED = '11111111-1111-1111-1111-111111111111';

async function lookAgain(tx: Queryable, mappingId: number, refused: readonly Refused[]): Promise<void> {
  await tx.query(
    `UPDATE sluice.record SET hash = $3
     WHERE mapping_id = $1 AND source_id = ANY ($2::text[]) AND hash::text !~ '^(.)(\\1|-)*$'`,
    [mappingId, refused.map(({ rejection }) => rejection.sourceId), REFUSED],
  );
}

/** True when some record of the mapping is in quarantine, or was discarded: then a load has to look whether it frees one. */
export async function hasQuarantined(database: Queryable, mappingId: number): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT 1 FROM sluice.quarantine WHERE mapping_id = $1 AND (closed_at IS NULL OR closed_as = 'discarded') LIMIT 1`,
    [mappingId],
  );
  return rows.length > 0;
}

/**
 * Closes the entries of records that have loaded or are gone, discarded ones as well, and forgets what they kept.
 * @returns how many
 */
export async function closeQuarantined(
  tx: Queryable,
  mappingId: number,
  sourceIds: readonly string[],
  closedAs: Exclude<ClosedAs, 'discarded'> = 'loaded',
): Promise<number> {
  if (sourceIds.length === 0) return 0;
  const { rowCount } = await tx.query(
    `UPDATE sluice.quarantine SET closed_at = coalesce(closed_at, now()), closed_as = $3, record = NULL, sealed = NULL
     WHERE mapping_id = $1 AND source_id = ANY ($2::text[]) AND source_id <> ''
       AND (closed_at IS NULL OR closed_as = 'discarded')`,
    [mappingId, sourceIds, closedAs],
  );
  return rowCount;
}
