import { classifyDatabaseError } from '../database/database-error.ts';
import type { RowCode } from '../errors/row-codes.ts';
import type { Tx } from '../database/database.ts';
import type { StageLink } from '../flow/stage.ts';
import { linkWaiting, type LinkPart, type LinkProgress, passOver } from '../state/waiting-links.ts';
import type { StepDeps } from './step-deps.ts';

interface LinkWork {
  readonly link: StageLink;
  readonly mappingId: number;
  readonly part: LinkPart;
  /** What else commits with the part. */
  readonly alongside?: (tx: Tx, done: LinkProgress) => Promise<void>;
}

/**
 * Commits one part of a link's waiting references. When the database refuses it for a row's sake, smaller parts are
 * tried, until that row is alone: its link goes on waiting, with a warning, and its neighbours are linked.
 */
export async function commitLinkPart(work: LinkWork, deps: Pick<StepDeps, 'scope' | 'tally'>): Promise<LinkProgress> {
  const { link, mappingId, part, alongside } = work;
  const commit = async (doPart: (tx: Tx) => Promise<LinkProgress>): Promise<LinkProgress> =>
    deps.scope.transaction(async (tx) => {
      const done = await doPart(tx);
      await alongside?.(tx, done);
      return done;
    });
  try {
    return await commit(async (tx) => linkWaiting(tx, mappingId, link, part));
  } catch (error) {
    const trouble = classifyDatabaseError(error);
    if (trouble?.kind !== 'row') throw error;
    if (part.size > 1) return commitLinkPart({ ...work, part: { ...part, size: Math.ceil(part.size / 2) } }, deps);
    const code: RowCode = trouble.code;
    deps.tally.addWarnings(new Map([[`${code} ${link.link}`, 1]]));
    return commit(async (tx) => passOver(tx, mappingId, link, part));
  }
}
