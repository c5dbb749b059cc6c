import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { extractKeys, extractWhereabouts } from '../extract/extract.ts';
import { explainExtras } from '../state/explain-extras.ts';
import { findExtras } from '../state/find-extras.ts';
import { differences, expectedKeys } from '../state/key-comparison.ts';
import { noticeExtras } from '../state/notice-extras.ts';
import type { KnownState } from './commit-deps.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * Compares all ids with the org's when everything is read, and notes what is here and not there: also what was purged,
 * or left the filter without a new stamp, which no window shows.
 */
export async function noticeMissing(mapping: Mapping, known: KnownState, deps: StepDeps): Promise<void> {
  if (mapping.deletes?.reconcile !== true || mapping.source.file !== null || !known.records) return;
  const noticed = await deps.scope.transaction(async (tx) => notice(tx, mapping, known, deps));
  if (noticed > 0) deps.log.info({ records: noticed }, 'records are not in the org any more');
}

async function notice(tx: Tx, mapping: Mapping, { mappingId }: KnownState, deps: StepDeps): Promise<number> {
  const { runId, log, signal } = deps;
  const salesforce = await deps.salesforce();
  const asking = { salesforce, log, signal };
  const askedAt = (await salesforce.serverNow(signal)).toISOString();
  const expected = await expectedKeys(tx, mappingId);
  // What is extra is extra whatever a rule says of other records: no rule needs to be asked.
  const keys = extractKeys({ mapping, rule: null, until: askedAt, expected }, asking);
  if ((await findExtras(tx, keys, { mappingId, askedAt })) === 0) return 0;
  const ids: string[] = [];
  for await (const page of differences(tx, 'extra', TOO_MANY)) for (const record of page) ids.push(record.source_id);
  const known = await extractWhereabouts({ mapping, ids }, asking);
  if (known === null) return 0;
  const keepsLeavers = mapping.deletes?.leftFilter === 'keep';
  await explainExtras(tx, known, { readUpTo: EVERYTHING, keepsLeavers });
  return noticeExtras(tx, mappingId, runId);
}

/** Nothing is left to a later run. */
const EVERYTHING = 'infinity';

/** Of so many the ids are not needed: the whole object is read instead. */
const TOO_MANY = 5_000;
