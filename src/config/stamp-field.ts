import type { Source } from './source.ts';

/** Fields in which the org tells when a record was changed, the better one first. */
const STAMPS = ['systemmodstamp', 'lastmodifieddate'];

/**
 * The selected field by which an older state of a record is told from a newer one, as it is written in the query. A field
 * that users fill in says nothing of that: it may go back.
 */
export function stampField({ fields }: Pick<Source, 'fields'>): string | null {
  const found = STAMPS.map((stamp) => fields.find((field) => field.toLowerCase() === stamp));
  return found.find((field) => field !== undefined) ?? null;
}
