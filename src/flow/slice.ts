/**
 * A part of a step's work that stands alone: whoever has this description can do it, on any machine. Kept in
 * `sluice.slice`, so nothing about it lives only in memory.
 * - `bulk_page`: one result page of a Bulk query job.
 * - `rest_page`: one page of a REST query.
 * - `waiting_links`: a range of waiting links.
 * - `ids`: records that are read again by their ids.
 * - `file`: a file of the project, whole.
 * - `quarantine`: records that were kept in quarantine.
 * - `deletions`: records that are gone from the org.
 */
export interface Slice {
  readonly kind: 'bulk_page' | 'rest_page' | 'waiting_links' | 'ids' | 'file' | 'quarantine' | 'deletions';
  /** 1 for the first slice of its step. */
  readonly ordinal: number;
  /** Bulk job id; null for other kinds. */
  readonly job: string | null;
  /** Opaque place of the page (Bulk locator, REST nextRecordsUrl, last link id); null for the first. */
  readonly locator: string | null;
  /** Where the next page begins; null for the last, left out where nobody goes on from there. */
  readonly next?: string | null;
}
