import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import { askInScope, askWhereabouts } from '../extract/extract.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import type { ParentCause } from './cause.ts';

/** Parents that the org is asked for at most, the most wanted first: an answer for each must not eat up the quota. */
const MOST_ASKED = 2_000;

interface Asking {
  /** How far each mapping has been read for good, by its name: ISO 8601, or no time at all. */
  readonly readUpTo: ReadonlyMap<string, string>;
  readonly salesforce: Salesforce;
  readonly signal: AbortSignal;
}

/** Where the records of these ids are, by id; those past the first {@link MOST_ASKED} have no answer. */
export async function askTheOrg(
  mappings: readonly Mapping[],
  ids: readonly string[],
  asking: Asking,
): Promise<ReadonlyMap<string, ParentCause>> {
  const asked = ids.slice(0, MOST_ASKED);
  const sources = mappings.filter(({ source }) => source.file === null);
  if (sources.length === 0) return new Map(asked.map((id) => [id, NOT_IN_SCOPE]));
  const causes = new Map<string, ParentCause>();
  for (const mapping of sources) {
    const open = asked.filter((id) => !SETTLED.has(causes.get(id)?.cause ?? 'unknown'));
    for (const [id, cause] of await askOf(mapping, open, asking)) {
      // Of several objects, the one that knows the record has the last word.
      if (!causes.has(id) || KNOWN.has(cause.cause)) causes.set(id, cause);
    }
  }
  return causes;
}

const NOT_IN_SCOPE: ParentCause = {
  cause: 'not_in_scope',
  explanation: 'No mapping of this project reads such records from the org.',
};

const KNOWN: ReadonlySet<string> = new Set(['not_read_yet', 'deleted', 'merged', 'filtered_out']);
const SETTLED: ReadonlySet<string> = new Set(['not_read_yet', 'deleted', 'merged']);

async function askOf(
  mapping: Mapping,
  ids: readonly string[],
  asking: Asking,
): Promise<ReadonlyMap<string, ParentCause>> {
  const { name, source } = mapping;
  try {
    const where = new Map((await askWhereabouts(mapping, ids, asking)).map((one) => [one.id, one]));
    const alive = ids.filter((id) => where.get(id)?.reason === 'left_filter');
    const meant = new Set(await askInScope(mapping, alive, asking));
    return new Map(
      ids.map((id): [string, ParentCause] => {
        const found = where.get(id);
        if (found === undefined) return [id, notVisible(source.object)];
        if (meant.has(id))
          return [id, isRead(found.stamp, asking.readUpTo.get(name)) ? ruledOut(name) : notReadYet(name)];
        if (found.reason === 'left_filter') return [id, filteredOut(mapping)];
        return [id, gone(found.masterId)];
      }),
    );
  } catch (error) {
    const code = error instanceof SyncError ? error.code : null;
    if (code !== 'ORG_OBJECT_MISSING' && code !== 'ORG_FIELD_MISSING' && code !== 'ORG_ACCESS_DENIED') throw error;
    return new Map(ids.map((id) => [id, noPermission(source.object)]));
  }
}

function notVisible(object: string): ParentCause {
  return {
    cause: 'not_visible',
    explanation: `The org shows no ${object} with this id: it is deleted for good, or this user may not see it.`,
  };
}

/** What was there when the mapping was read, and meant by its query, was left out by something else in its file. */
function isRead(stamp: string, readUpTo: string | undefined): boolean {
  return stamp !== '' && readUpTo !== undefined && Date.parse(stamp) < Date.parse(readUpTo);
}

function ruledOut(mapping: string): ParentCause {
  return { cause: 'left_out', explanation: `It is in the org, and a rule of ${mapping} leaves it out (skip_when).` };
}

function notReadYet(mapping: string): ParentCause {
  return { cause: 'not_read_yet', explanation: `It is in the org: sluice run --select ${mapping} loads and links it.` };
}

function filteredOut({ name, source }: Mapping): ParentCause {
  return {
    cause: 'filtered_out',
    explanation: `It is a ${source.object} that the query of ${name} does not mean. Widen it, or correct the reference.`,
  };
}

function gone(masterId: string | null): ParentCause {
  if (masterId !== null) {
    return { cause: 'merged', explanation: `It was merged into ${masterId}. The org moves the references.` };
  }
  return { cause: 'deleted', explanation: 'It is in the recycle bin. Restore it there, or correct the reference.' };
}

function noPermission(object: string): ParentCause {
  return {
    cause: 'no_permission',
    explanation: `This user may not read ${object}: ask an administrator, then run sluice doctor.`,
  };
}
