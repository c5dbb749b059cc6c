import type { Mapping, MappingPhase } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import { NO_COUNTS } from '../flow/counts.ts';
import type { Slice } from '../flow/slice.ts';
import type { StageLink } from '../flow/stage.ts';
import { describeLinks } from '../load/load.ts';
import { mappingId } from '../state/mappings.ts';
import { saveSlice } from '../state/steps.ts';
import { countWaiting, linkWaiting, type LinkProgress } from '../state/waiting-links.ts';
import { tableOf } from './heal-links.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * Resolves a phase's links from the references that the reading phase kept: no call to the org. Safe alone and again:
 * it writes only rows that differ, and leaves what has no parent yet waiting.
 */
export async function runLinkStep(mapping: Mapping, phase: MappingPhase, deps: StepDeps): Promise<void> {
  const { scope, project, tally } = deps;
  const id = await mappingId(scope, mapping.name);
  const links = describeLinks(mapping, project.tables, project.database.schema).filter(({ link }) =>
    phase.links.includes(link),
  );
  const { open } = await countWaiting(scope, id, links);
  tally.expected = deps.fullRefresh ? null : open;
  deps.onProgress();
  let ordinal = 1;
  for (const link of links) ordinal = await resolve(link, id, phase, ordinal, deps);
  const { waiting, missingParents } = await countWaiting(scope, id, links);
  tally.links = { ...tally.links, waiting, missing_parents: missingParents };
}

/** One link, slice by slice; a slice is `batch_size` references, a commit `commit_size`. Returns the next ordinal. */
async function resolve(
  link: StageLink,
  id: number,
  phase: MappingPhase,
  firstOrdinal: number,
  deps: StepDeps,
): Promise<number> {
  let ordinal = firstOrdinal;
  let slice: Slice = { kind: 'waiting_links', ordinal, job: null, locator: link.link };
  let inSlice = 0;
  for (let after: string | null = ''; after !== null;) {
    deps.signal.throwIfAborted();
    const size = Math.min(phase.commitSize, phase.batchSize - inSlice, deps.limit ?? Number.MAX_SAFE_INTEGER);
    const progress: LinkProgress = await commitPart(link, id, { after, size }, slice, deps);
    after = progress.last;
    inSlice += progress.tried;
    if (deps.limit !== null && deps.tally.counts.read >= deps.limit) break;
    if (inSlice < phase.batchSize) continue;
    ordinal += 1;
    inSlice = 0;
    slice = { kind: 'waiting_links', ordinal, job: null, locator: `${link.link} ${after ?? ''}` };
  }
  return ordinal + 1;
}

async function commitPart(
  link: StageLink,
  id: number,
  part: { readonly after: string; readonly size: number },
  slice: Slice,
  { scope, tally, stepId, fullRefresh, onProgress }: StepDeps,
): Promise<LinkProgress> {
  const progress = await scope.transaction(async (tx) => {
    const done = await linkWaiting(tx, id, link, { ...part, all: fullRefresh });
    if (done.written > done.tried) {
      throw new SyncError('INTERNAL', `${link.link}: more rows were written than references read.`);
    }
    const counts = { ...NO_COUNTS, read: done.tried, updated: done.written, unchanged: done.tried - done.written };
    if (done.tried > 0) {
      await saveSlice(tx, stepId, slice, { records: done.tried, counts, done: done.last === null });
    }
    return done;
  });
  tally.add({
    read: progress.tried,
    updated: progress.written,
    unchanged: progress.tried - progress.written,
  });
  tally.addLinked(progress.written);
  tally.addTables({ [tableOf(link)]: { updated: progress.written, unchanged: progress.tried - progress.written } });
  onProgress();
  return progress;
}
