import type { Mapping, MappingPhase } from '../config/mapping.ts';
import type { Counts } from '../flow/counts.ts';
import type { Slice } from '../flow/slice.ts';
import type { StageLink } from '../flow/stage.ts';
import { describeLinks } from '../load/load.ts';
import { linkContext } from './step-deps.ts';
import { mappingId } from '../state/mappings.ts';
import { saveSlice } from '../state/steps.ts';
import { countWaiting, type LinkProgress } from '../state/waiting-links.ts';
import { tableOf } from './heal-links.ts';
import { commitLinkPart } from './link-part.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * Resolves a phase's links from the references that the reading phase kept: no call to the org. Safe alone and again:
 * it writes only rows that differ, and leaves what has no parent yet waiting.
 */
export async function runLinkStep(mapping: Mapping, phase: MappingPhase, deps: StepDeps): Promise<void> {
  const { scope, project, tally } = deps;
  const id = await mappingId(scope, mapping.name);
  const links = describeLinks(mapping, linkContext(project)).filter(({ link }) => phase.links.includes(link));
  const { open } = await countWaiting(scope, id, links, mapping.giveUpAfter);
  tally.expected = deps.fullRefresh ? null : open;
  deps.onProgress();
  const resolver: Resolver = { ...deps, mappingId: id, phase, ordinal: 1 };
  for (const link of links) await resolve(link, resolver);
  const { waiting, missingParents } = await countWaiting(scope, id, links, mapping.giveUpAfter);
  tally.links = { ...tally.links, waiting, missing_parents: missingParents };
}

interface Resolver extends StepDeps {
  readonly mappingId: number;
  readonly phase: MappingPhase;
  /** Of the next slice. */
  ordinal: number;
}

/** One link, slice by slice; a slice is `batch_size` references, a commit `commit_size`. */
async function resolve(link: StageLink, resolver: Resolver): Promise<void> {
  const { batchSize, commitSize } = resolver.phase;
  const most = resolver.limit ?? Number.MAX_SAFE_INTEGER;
  let slice = sliceFrom('', link, resolver);
  let inSlice = 0;
  for (let after: string | null = ''; after !== null && resolver.tally.counts.read < most;) {
    resolver.signal.throwIfAborted();
    const size = Math.min(commitSize, batchSize - inSlice, most - resolver.tally.counts.read);
    const progress: LinkProgress = await commitPart({ link, after, size, slice }, resolver);
    after = progress.last;
    inSlice += progress.tried;
    if (inSlice < batchSize) continue;
    slice = sliceFrom(after ?? '', link, resolver);
    inSlice = 0;
  }
}

function sliceFrom(after: string, { link }: StageLink, resolver: Resolver): Slice {
  resolver.ordinal += 1;
  return { kind: 'waiting_links', ordinal: resolver.ordinal - 1, job: null, locator: `${link} ${after}`.trim() };
}

interface Part {
  readonly link: StageLink;
  readonly after: string;
  readonly size: number;
  readonly slice: Slice;
}

async function commitPart({ link, after, size, slice }: Part, resolver: Resolver): Promise<LinkProgress> {
  const { tally, stepId, fullRefresh, mappingId: id } = resolver;
  const progress = await commitLinkPart(
    {
      link,
      mappingId: id,
      part: { after, size, all: fullRefresh },
      alongside: async (tx, done) => {
        if (done.tried === 0) return;
        await saveSlice(tx, stepId, slice, { records: done.tried, counts: countsOf(done), total: null });
      },
    },
    resolver,
  );
  const { tried, written } = progress;
  tally.add(countsOf(progress));
  tally.addLinked(written);
  tally.addTables({ [tableOf(link)]: { updated: written, unchanged: tried - written } });
  if (written > 0) tally.addChanges(new Map([[link.link, { rows: written, samples: [] }]]));
  resolver.onProgress();
  return progress;
}

/** A reference is a record that was read before: either its row changes now, or it does not. */
function countsOf({ tried, written }: LinkProgress): Partial<Counts> {
  return { read: tried, updated: written, unchanged: tried - written };
}
