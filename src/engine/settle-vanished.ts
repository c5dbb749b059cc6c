import type { Mapping } from '../config/mapping.ts';
import { askWhereabouts } from '../extract/extract.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import { noticeDeletions } from '../state/deletions.ts';
import { saveSlice } from '../state/steps.ts';
import { forgetVanished, loadedAmong, someLoaded } from '../state/vanished-records.ts';
import type { StepDeps } from './step-deps.ts';
import type { Path } from './walk.ts';

/** The reason under which they are counted as skipped. */
const GONE = 'gone from the org';

/** One call. */
const SAMPLE = 200;

interface VanishedDeps {
  readonly mapping: Mapping;
  readonly deps: StepDeps;
  readonly known: { readonly mappingId: number };
  readonly path: Pick<Path, 'slices'>;
}

/**
 * Deals with records that are to be read again, and that the org does not bring when they are asked for by their ids.
 * Those that lie in the recycle bin, or that the filter does not mean any more, are gone. Those of which the org knows
 * nothing are purged or hidden from us: they count as gone only where it shows what was loaded before. Whoever has a row
 * becomes a deletion, with its limit and its list, where the mapping looks for that; of all others nothing is kept.
 */
export async function settleVanished(
  ids: readonly string[],
  { mapping, deps, known, path }: VanishedDeps,
): Promise<void> {
  if (ids.length === 0) return;
  const { scope, runId, stepId, tally, log } = deps;
  const { mappingId } = known;
  const gone = await whyGone(ids, { mapping, deps, known });
  if (gone.length === 0) return;
  path.slices += 1;
  const slice = { kind: 'deletions', ordinal: path.slices, job: null, locator: null } as const;
  const goneIds = gone.map(({ sourceId }) => sourceId);
  const mayGo = countsAsDeletion(mapping);
  const count = await scope.transaction(async (tx) => {
    const loaded = await loadedAmong(tx, mappingId, goneIds);
    // Of those that were never loaded, what is in quarantine is closed.
    const noticed = gone.filter((one) => !loaded.has(one.sourceId) || mayGo(one));
    await noticeDeletions(tx, mappingId, runId, noticed);
    await forgetVanished(tx, mappingId, goneIds);
    const nowhere = gone.length - loaded.size;
    const counts = { read: nowhere, skipped: nowhere };
    await saveSlice(tx, stepId, slice, { records: nowhere, counts, total: nowhere });
    return nowhere;
  });
  log.info({ records: gone.length }, 'records to be read again are gone');
  if (count === 0) return;
  tally.add({ read: count, skipped: count });
  tally.addSkipped(new Map([[GONE, count]]));
}

/** A mapping that does not compare ids keeps the rows of what was purged. */
function countsAsDeletion({ deletes }: Mapping): (gone: GoneRecord) => boolean {
  return ({ reason }) => {
    if (deletes === null) return false;
    if (reason === 'left_filter' && deletes.leftFilter === 'keep') return false;
    return deletes.reconcile || reason !== 'purged';
  };
}

async function whyGone(
  ids: readonly string[],
  { mapping, deps, known }: Omit<VanishedDeps, 'path'>,
): Promise<readonly GoneRecord[]> {
  const { signal, log } = deps;
  const asking = { salesforce: await deps.salesforce(), log, signal };
  const found = await askWhereabouts(mapping, ids, asking);
  const gone = found.map(({ id: sourceId, reason, masterId, stamp }): GoneRecord => {
    return { sourceId, reason, masterId, stamp: stamp === '' ? null : stamp };
  });
  const places = new Set(found.map(({ id }) => id));
  const nowhere = ids.filter((id) => !places.has(id));
  if (nowhere.length === 0) return gone;
  const sample = await someLoaded(deps.scope, known.mappingId, SAMPLE);
  const shown = sample.length === 0 ? 0 : (await askWhereabouts(mapping, sample, asking)).length;
  if (!isWhole(shown, sample.length, deps.project.limits.deletes)) {
    log.warn({ records: nowhere.length }, 'records are purged, or hidden from the user: nothing is forgotten');
    return gone;
  }
  return [
    ...gone,
    ...nowhere.map((sourceId) => ({ sourceId, reason: 'purged', masterId: null, stamp: null }) as const),
  ];
}

/** @param limit  the share that may be gone; null for any */
function isWhole(shown: number, asked: number, limit: number | null): boolean {
  return shown > 0 && (limit === null || asked - shown <= Math.floor(limit * asked));
}
