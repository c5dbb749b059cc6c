import type { Mapping } from '../config/mapping.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { describeLinks } from '../load/load.ts';
import { keptBackInVain, stillKeptBack } from '../state/left-out.ts';
import { toLookAgain } from '../state/records.ts';
import { MOST_AGAIN } from './choose-reading.ts';
import type { KnownState } from './commit-deps.ts';
import { settleVanished } from './settle-vanished.ts';
import { linkContext, type StepDeps } from './step-deps.ts';
import { type Path, walk } from './walk.ts';

/**
 * Ids of records that must be read again although they may not have changed: what kept them back is gone. More than
 * {@link MOST_AGAIN} are not listed.
 */
export async function readAgain(
  mapping: Mapping,
  { mappingId }: KnownState,
  { scope, project, request, fullRefresh }: StepDeps,
): Promise<readonly string[]> {
  if (mapping.incremental === null || request.only !== null || fullRefresh) return [];
  const most = MOST_AGAIN + 1;
  const links = describeLinks(mapping, linkContext(project));
  const kept = await keptBackInVain(scope, mappingId, links, { most });
  return [...new Set([...kept, ...(await toLookAgain(scope, mappingId, most))])].slice(0, most);
}

interface KeptBackStep {
  readonly mapping: Mapping;
  readonly deps: StepDeps;
  readonly known: KnownState;
  readonly path: Path;
  readonly again: readonly string[];
}

/**
 * Reads what was kept back and need not be any more: a window does not hold records that have not changed. A reading of
 * everything has met them, if they are still there; those that it has not met are asked for.
 * @param read  takes these records from their source
 */
export async function readKeptBack(
  step: KeptBackStep,
  read: (ids: readonly string[]) => AsyncIterable<SourceBatch>,
): Promise<void> {
  const ids = await idsToRead(step);
  if (ids.length === 0) return;
  const came = new Set<string>();
  await walk(noting(read(ids), came), step.path);
  await settleVanished(
    ids.filter((id) => !came.has(id)),
    step,
  );
}

async function idsToRead({ mapping, again, deps, known }: KeptBackStep): Promise<readonly string[]> {
  const { scope, tally, stepId, project, limit } = deps;
  if (tally.reading?.kind === 'window') {
    if (again.length === 0) return [];
    // Some of them were in the window as well, and are settled.
    return stillKeptBack(scope, known.mappingId, again.slice(0, MOST_AGAIN));
  }
  if (tally.reading?.kind !== 'full' || mapping.source.file !== null || limit !== null) return [];
  if (!known.leftOut && !known.deferred) return [];
  const links = describeLinks(mapping, linkContext(project));
  return keptBackInVain(scope, known.mappingId, links, { most: MOST_AGAIN, beforeStep: stepId });
}

async function* noting(
  batches: AsyncIterable<SourceBatch>,
  came: Set<string>,
): AsyncGenerator<SourceBatch, void, undefined> {
  for await (const batch of batches) {
    for (const { id } of batch.records) came.add(id);
    yield batch;
  }
}
