import type { Queryable } from '../database/database.ts';
import type { Stage, StageLink } from '../flow/stage.ts';

/**
 * Keeps the raw references of a link that a later phase resolves: what is new or has changed in the stage.
 * @param loaded.allFresh  true when no staged record had a row before
 */
export async function noteLaterLinks(
  tx: Queryable,
  mappingId: number,
  { stage, allFresh }: { readonly stage: Stage; readonly allFresh: boolean },
  link: StageLink,
): Promise<void> {
  const raw = link.reference;
  // A record that is new has nothing to clear; an older one may have lost its reference, and that must be written too.
  const source = allFresh
    ? `${stage.name} s WHERE ${raw} IS NOT NULL`
    : `${stage.name} s
       LEFT JOIN sluice.waiting_link w ON w.mapping_id = $1 AND w.link = $2 AND w.source_id = s.source_id
       LEFT JOIN ${link.child.table} t ON t.${link.child.key} = s.id
       WHERE (${raw} IS NOT NULL OR w.source_id IS NOT NULL OR t.${link.child.column} IS NOT NULL)
         AND (w.source_id IS NULL OR w.parent_ref IS DISTINCT FROM ${raw} OR w.row_id IS DISTINCT FROM s.id::text)`;
  await tx.query(
    `INSERT INTO sluice.waiting_link AS w (mapping_id, link, source_id, row_id, parent_ref)
     SELECT $1, $2, s.source_id, s.id::text, ${raw} FROM ${source}
     ON CONFLICT (mapping_id, link, source_id) DO UPDATE SET ${REOPEN}`,
    [mappingId, link.link],
  );
}

const REOPEN = `row_id = EXCLUDED.row_id, parent_ref = EXCLUDED.parent_ref, linked_at = NULL, attempts = 0, first_seen_at = now()`;

/**
 * Notes the staged rows whose parent is not here; they were written without the link.
 * @returns how many
 */
export async function noteMissingParents(
  tx: Queryable,
  mappingId: number,
  stage: Stage,
  link: StageLink,
): Promise<number> {
  const { child } = link;
  // A parent that came with the same load is here by now, but was not when the row was written.
  const missed =
    link.own && child.key !== null
      ? `EXISTS (SELECT 1 FROM ${child.table} t WHERE t.${child.key} = s.id AND t.${child.column} IS NULL)`
      : `${link.valueOf(link.reference)} IS NULL`;
  const { rowCount } = await tx.query(
    `INSERT INTO sluice.waiting_link AS w (mapping_id, link, source_id, row_id, parent_ref)
     SELECT $1, $2, s.source_id, s.id::text, ${link.reference} FROM ${stage.name} s
     WHERE ${link.reference} IS NOT NULL AND ${missed}
     ON CONFLICT (mapping_id, link, source_id) DO UPDATE SET ${REOPEN}
       WHERE w.parent_ref IS DISTINCT FROM EXCLUDED.parent_ref OR w.row_id IS DISTINCT FROM EXCLUDED.row_id
          OR w.linked_at IS NOT NULL`,
    [mappingId, link.link],
  );
  return rowCount;
}

/** Forgets what staged rows waited for where this load has linked them, or the org has cleared the reference. */
export async function forgetResolved(tx: Queryable, mappingId: number, stage: Stage, link: StageLink): Promise<void> {
  await tx.query(
    `DELETE FROM sluice.waiting_link w USING ${stage.name} s
     WHERE w.mapping_id = $1 AND w.link = $2 AND w.source_id = s.source_id
       AND (${link.reference} IS NULL OR ${link.valueOf(link.reference)} IS NOT NULL)`,
    [mappingId, link.link],
  );
}

/**
 * Notes records that are kept out because the link is required: they have no row yet. They are tried in every run; that
 * is noted once a day, because a run that changes nothing writes nothing.
 */
export async function noteDeferred(
  tx: Queryable,
  mappingId: number,
  link: string,
  deferred: readonly { readonly sourceId: string; readonly reference: string }[],
): Promise<void> {
  if (deferred.length === 0) return;
  await tx.query(
    `INSERT INTO sluice.waiting_link AS w (mapping_id, link, source_id, parent_ref, attempts, last_tried_at)
     SELECT $1, $2, d.id, d.reference, 1, now() FROM unnest($3::text[], $4::text[]) AS d(id, reference)
     ON CONFLICT (mapping_id, link, source_id) DO UPDATE SET parent_ref = EXCLUDED.parent_ref,
       attempts = w.attempts + 1, last_tried_at = now(), linked_at = NULL
       WHERE w.parent_ref IS DISTINCT FROM EXCLUDED.parent_ref OR w.linked_at IS NOT NULL
          OR w.last_tried_at IS NULL OR w.last_tried_at < now() - interval '1 day'`,
    [mappingId, link, deferred.map(({ sourceId }) => sourceId), deferred.map(({ reference }) => reference)],
  );
}

/**
 * Forgets what kept these records out before and no longer does: they are loaded now, or left out for another reason.
 * @param links  `table.column` of those that can keep a record out
 * @param deferred  those of the records that are kept out now, with the link
 */
export async function forgetDeferred(
  tx: Queryable,
  mappingId: number,
  links: readonly string[],
  records: {
    readonly sourceIds: readonly string[];
    readonly deferred: readonly { readonly sourceId: string; readonly link: string }[];
  },
): Promise<void> {
  const { sourceIds, deferred } = records;
  await tx.query(
    `DELETE FROM sluice.waiting_link w
     WHERE w.mapping_id = $1 AND w.link = ANY($2) AND w.source_id = ANY($3) AND w.row_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM unnest($4::text[], $5::text[]) AS d(id, link) WHERE d.id = w.source_id AND d.link = w.link)`,
    [mappingId, links, sourceIds, deferred.map(({ sourceId }) => sourceId), deferred.map(({ link }) => link)],
  );
}

export interface LinkProgress {
  /** Last record of this part, to go on from; null when there was none left. */
  readonly last: string | null;
  readonly tried: number;
  /** References whose parent is here, or that were cleared. */
  readonly resolved: number;
  /** Rows that the database changed. */
  readonly written: number;
}

const NOTHING_WAITS: LinkProgress = { last: null, tried: 0, resolved: 0, written: 0 };

export interface LinkPart {
  /** Source id to go on from, '' for the first part. */
  readonly after: string;
  /** Links to look at. */
  readonly size: number;
  /** True to look at links again that were written before, so that local drift is mended. */
  readonly all: boolean;
}

/**
 * Writes the next waiting links whose parent is here, set-based; those whose parent is not stay, and their row holds
 * no stale parent meanwhile. A try in vain is noted once a day: a run that changes nothing writes nothing.
 */
export async function linkWaiting(
  tx: Queryable,
  mappingId: number,
  link: StageLink,
  part: LinkPart,
): Promise<LinkProgress> {
  const { child } = link;
  if (child.key === null) return NOTHING_WAITS;
  const { rows } = await tx.query<{ last: string | null; tried: string; resolved: string; written: string }>(
    // Its own rows are found again by their place and not by their key: without statistics, as after a first load, the
    // planner takes the key's first two columns for a handful of rows and compares every link with every other.
    `WITH part AS MATERIALIZED (
       SELECT ctid AS place, source_id, row_id, parent_ref, linked_at FROM sluice.waiting_link
       WHERE mapping_id = $1 AND link = $2 AND row_id IS NOT NULL AND source_id > $3 ${whichOf(link, part)}
       ORDER BY source_id LIMIT $4
     ), found AS MATERIALIZED (
       SELECT p.*, p.value IS NOT NULL OR p.parent_ref IS NULL AS resolved
       FROM (SELECT part.*, ${link.valueOf('part.parent_ref')} AS value FROM part OFFSET 0) p
     ), written AS (
       UPDATE ${child.table} t SET ${[`${child.column} = f.value`, ...child.touched.map((name) => `${name} = now()`)].join(', ')} FROM found f
       WHERE t.${child.key} = f.row_id::${child.idType} AND t.${child.column} IS DISTINCT FROM f.value
       RETURNING 1
     ), cleared AS (
       DELETE FROM sluice.waiting_link w USING found f
       WHERE w.ctid = f.place AND f.parent_ref IS NULL
     ), linked AS (
       UPDATE sluice.waiting_link w SET linked_at = now(), last_tried_at = now(), attempts = w.attempts + 1 FROM found f
       WHERE w.ctid = f.place
         AND f.resolved AND f.parent_ref IS NOT NULL AND f.linked_at IS NULL
     ), missed AS (
       UPDATE sluice.waiting_link w SET linked_at = NULL, last_tried_at = now(), attempts = w.attempts + 1 FROM found f
       WHERE w.ctid = f.place AND NOT f.resolved
         AND (w.linked_at IS NOT NULL OR w.last_tried_at IS NULL OR w.last_tried_at < now() - interval '1 day')
     )
     SELECT max(source_id) AS last, count(*) AS tried, count(*) FILTER (WHERE resolved) AS resolved,
       (SELECT count(*) FROM written) AS written FROM found`,
    [mappingId, link.link, part.after, part.size],
  );
  const row = rows[0];
  return {
    last: row?.last ?? null,
    tried: Number(row?.tried ?? 0),
    resolved: Number(row?.resolved ?? 0),
    written: Number(row?.written ?? 0),
  };
}

/** A row that must not be touched goes on waiting. */
function whichOf({ isLeft }: StageLink, { all }: LinkPart): string {
  return `${all ? '' : 'AND linked_at IS NULL'}${isLeft === null ? '' : ` AND NOT ${isLeft('row_id')}`}`;
}

/** Goes past the next waiting link without writing it. */
export async function passOver(
  tx: Queryable,
  mappingId: number,
  link: StageLink,
  part: LinkPart,
): Promise<LinkProgress> {
  const { rows } = await tx.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.waiting_link
     WHERE mapping_id = $1 AND link = $2 AND row_id IS NOT NULL AND source_id > $3 ${whichOf(link, part)}
     ORDER BY source_id LIMIT 1`,
    [mappingId, link.link, part.after],
  );
  return { last: rows[0]?.source_id ?? null, tried: rows.length, resolved: 0, written: 0 };
}

/**
 * How many of a mapping's links wait, and for how many parents that are not here.
 * @param giveUpAfter  seconds after which one that waits no longer counts as waiting; null for never
 */
export async function countWaiting(
  database: Queryable,
  mappingId: number,
  links: readonly StageLink[],
  giveUpAfter: number | null,
): Promise<{ readonly waiting: number; readonly missingParents: number; readonly open: number }> {
  let waiting = 0;
  let missingParents = 0;
  let open = 0;
  for (const link of links) {
    const { rows } = await database.query<{ waiting: string; missing: string; open: string }>(
      // Grouped before the parents are looked up: few parents are missing, many rows wait.
      `SELECT coalesce(sum(m.rows), 0) AS open, coalesce(sum(m.rows) FILTER (WHERE m.value IS NULL AND NOT m.given_up), 0) AS waiting,
         count(*) FILTER (WHERE m.value IS NULL AND NOT m.given_up) AS missing
       FROM (
         SELECT g.rows, ${link.valueOf('g.parent_ref')} AS value,
           coalesce(g.oldest < now() - $3::float8 * interval '1 second', false) AS given_up FROM (
           SELECT w.parent_ref, count(*) AS rows, min(w.first_seen_at) AS oldest FROM sluice.waiting_link w
           WHERE w.mapping_id = $1 AND w.link = $2 AND w.linked_at IS NULL AND w.parent_ref IS NOT NULL GROUP BY w.parent_ref
         ) g OFFSET 0
       ) m`,
      [mappingId, link.link, giveUpAfter],
    );
    waiting += Number(rows[0]?.waiting ?? 0);
    missingParents += Number(rows[0]?.missing ?? 0);
    open += Number(rows[0]?.open ?? 0);
  }
  return { waiting, missingParents, open };
}

/** True when some link of the mapping is not resolved: then a load has to look whether it resolves one. */
export async function hasWaiting(database: Queryable, mappingId: number): Promise<boolean> {
  const { rows } = await database.query(
    'SELECT 1 FROM sluice.waiting_link WHERE mapping_id = $1 AND linked_at IS NULL LIMIT 1',
    [mappingId],
  );
  return rows.length > 0;
}
