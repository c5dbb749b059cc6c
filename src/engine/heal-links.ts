import type { Mapping } from '../config/mapping.ts';
import type { StageLink } from '../flow/stage.ts';
import { describeLinks } from '../load/load.ts';
import { linkContext } from './step-deps.ts';
import { countWaiting, hasWaiting, type LinkPart, type LinkProgress } from '../state/waiting-links.ts';
import { commitLinkPart } from './link-part.ts';
import type { StepDeps } from './step-deps.ts';

const LINKS_AT_ONCE = 5_000;

/**
 * Links the rows whose parent has come since they were loaded, and counts those that still wait.
 * @param names  `table.column` of the links to look at; null for those that no later phase resolves
 */
export async function healLinks(
  mapping: Mapping,
  mappingId: number,
  names: readonly string[] | null,
  deps: Pick<StepDeps, 'scope' | 'project' | 'tally' | 'signal'>,
): Promise<void> {
  const { scope, project, tally } = deps;
  const links = describeLinks(mapping, linkContext(project)).filter(({ link, later }) =>
    names === null ? !later : names.includes(link),
  );
  if (links.length === 0) return;
  if (await hasWaiting(scope, mappingId)) {
    // A required link waits for no row that is here: without its parent, the record was deferred.
    for (const link of links) if (!link.required) await heal(link, mappingId, deps);
  }
  const { waiting, missingParents } = await countWaiting(scope, mappingId, links, mapping.giveUpAfter);
  tally.links = { ...tally.links, waiting, missing_parents: missingParents };
}

async function heal(
  link: StageLink,
  mappingId: number,
  deps: Pick<StepDeps, 'scope' | 'tally' | 'signal'>,
): Promise<void> {
  const { tally, signal } = deps;
  for (let after: string | null = ''; after !== null;) {
    signal.throwIfAborted();
    const part: LinkPart = { after, size: LINKS_AT_ONCE, all: false };
    const progress: LinkProgress = await commitLinkPart({ link, mappingId, part }, deps);
    tally.addLinked(progress.resolved);
    tally.addTables({ [tableOf(link)]: { updated: progress.written } });
    after = progress.last;
  }
}

export function tableOf({ link }: StageLink): string {
  return link.slice(0, link.indexOf('.'));
}
