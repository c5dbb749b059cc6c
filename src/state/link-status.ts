import type { Queryable } from '../database/database.ts';
import type { StageLink } from '../flow/stage.ts';

/** A link as far as its state is asked for: who waits, and where the parent would be. */
export interface WatchedLink extends Pick<StageLink, 'link' | 'valueOf'> {
  /** Seconds after which a row that waits no longer counts as waiting; null for never. */
  readonly giveUpAfter: number | null;
}

/** A parent that is not here, and what waits for it. */
export interface MissingParent {
  readonly parent_ref: string;
  readonly rows: number;
  readonly oldest: string;
}

export interface LinkStatus {
  /** `table.column` of the rows that refer. */
  readonly link: string;
  /** Links that were written by the link's phase and hold. */
  readonly linked: number;
  /** Rows whose parent is not here. */
  readonly waiting: number;
  /** Rows whose parent is not here, and that have waited longer than the mapping's `give_up`. */
  readonly given_up: number;
  /** Rows whose parent is here: the link's phase has only to run. */
  readonly ready: number;
  /** Distinct parents that are waited for. */
  readonly missing_parents: number;
  /** Since when the oldest row waits for a parent that is not here. */
  readonly oldest: string | null;
  /** The parents that most rows wait for, the most wanted first. */
  readonly most_wanted: readonly MissingParent[];
}

/** @param top  how many missing parents are named */
export async function linkStatus(
  database: Queryable,
  mappingId: number,
  link: WatchedLink,
  top: number,
): Promise<LinkStatus> {
  const { rows } = await database.query<TotalsRow>(
    `WITH ${openLinks(link)}
     SELECT (SELECT count(*)::int FROM sluice.waiting_link
         WHERE mapping_id = $1 AND link = $2 AND linked_at IS NOT NULL) AS linked,
       coalesce(sum(rows) FILTER (WHERE NOT here AND NOT given_up), 0)::int AS waiting,
       coalesce(sum(rows) FILTER (WHERE NOT here AND given_up), 0)::int AS given_up,
       coalesce(sum(rows) FILTER (WHERE here), 0)::int AS ready,
       count(*) FILTER (WHERE NOT here AND NOT given_up)::int AS missing_parents,
       min(oldest) FILTER (WHERE NOT here AND NOT given_up) AS oldest
     FROM open`,
    [mappingId, link.link, link.giveUpAfter],
  );
  const totals = rows[0];
  return {
    link: link.link,
    linked: totals?.linked ?? 0,
    waiting: totals?.waiting ?? 0,
    given_up: totals?.given_up ?? 0,
    ready: totals?.ready ?? 0,
    missing_parents: totals?.missing_parents ?? 0,
    oldest: totals?.oldest?.toISOString() ?? null,
    most_wanted: totals?.missing_parents === 0 ? [] : await mostWanted(database, mappingId, link, top),
  };
}

async function mostWanted(
  database: Queryable,
  mappingId: number,
  link: WatchedLink,
  top: number,
): Promise<MissingParent[]> {
  const { rows } = await database.query<{ parent_ref: string; rows: number; oldest: Date }>(
    `WITH ${openLinks(link)}
     SELECT parent_ref, rows::int AS rows, oldest FROM open WHERE NOT here AND NOT given_up
     ORDER BY open.rows DESC, parent_ref LIMIT $4`,
    [mappingId, link.link, link.giveUpAfter, top],
  );
  return rows.map((row) => ({ parent_ref: row.parent_ref, rows: row.rows, oldest: row.oldest.toISOString() }));
}

/** Grouped before the parents are looked up: few parents are missing, many rows wait. */
function openLinks({ valueOf }: WatchedLink): string {
  return `missing AS MATERIALIZED (
      SELECT parent_ref, count(*) AS rows, min(first_seen_at) AS oldest FROM sluice.waiting_link
      WHERE mapping_id = $1 AND link = $2 AND linked_at IS NULL AND parent_ref IS NOT NULL GROUP BY parent_ref
    ), open AS (
      SELECT m.*, ${valueOf('m.parent_ref')} IS NOT NULL AS here,
        coalesce(oldest < now() - $3::float8 * interval '1 second', false) AS given_up FROM missing m
    )`;
}

interface TotalsRow {
  readonly linked: number;
  readonly waiting: number;
  readonly given_up: number;
  readonly ready: number;
  readonly missing_parents: number;
  readonly oldest: Date | null;
}
