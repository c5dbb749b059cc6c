import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import type { Queryable } from '../database/database.ts';
import { toLongId, toSalesforceId } from '../flow/salesforce-id.ts';
import { describeLinks } from '../load/load.ts';
import { shownReference } from '../privacy/show-reference.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { knownMappingId } from '../state/mappings.ts';
import { parentFates, pendingParents } from '../state/pending-parents.ts';
import { readUpTo } from '../state/read-up-to.ts';
import { type Cause, causeOfFate, type ParentCause } from './cause.ts';
import { askTheOrg } from './ask-the-org.ts';

/** A parent that is not here, what waits for it, and why it is probably not here. */
export interface MissingParent {
  readonly mapping: string;
  /** `table.column` of what waits. */
  readonly link: string;
  /** As the org refers to it; masked where it is not an id. */
  readonly parent: string;
  /** Rows that are here without the link. */
  readonly rows: number;
  /** Records that have no row until the parent comes. */
  readonly deferred: number;
  readonly since: string;
  readonly attempts: number;
  /** True when it waits longer than the mapping's `give_up`: it is told apart, and linked all the same if it comes. */
  readonly given_up: boolean;
  readonly cause: Cause;
  /** In words, with what to do. */
  readonly explanation: string;
  /** The record in the org; null where the reference is no id, or nobody knows where the org is. */
  readonly url: string | null;
}

export interface PendingDeps {
  readonly database: Queryable;
  /** Null to ask nobody: causes come from the state alone. */
  readonly salesforce: Salesforce | null;
  readonly instanceUrl: string | null;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/**
 * Groups what waits by the parent that is missing, and finds out why it is: first from the state, then from the org, two
 * calls for 200 parents.
 * @returns the most wanted first within each link
 */
export async function findPending(
  project: Project,
  mappings: readonly Mapping[],
  deps: PendingDeps,
): Promise<readonly MissingParent[]> {
  const found: MissingParent[] = [];
  for (const mapping of mappings) {
    const id = await knownMappingId(deps.database, mapping.name);
    if (id === null) continue;
    for (const link of describeLinks(mapping, { tables: project.tables, schema: project.database.schema })) {
      const parents = await pendingParents(deps.database, id, link);
      if (parents.length === 0) continue;
      const references = parents.map(({ parent_ref: reference }) => toLongId(reference));
      const causes = await findCauses(parentMappings(mapping, link.link, project), references, deps);
      found.push(
        ...parents.map((parent, index): MissingParent => {
          const cause = causes.get(references[index] ?? '') ?? UNKNOWN;
          return {
            mapping: mapping.name,
            link: link.link,
            parent: shownReference(parent.parent_ref),
            rows: parent.rows,
            deferred: parent.deferred,
            since: parent.oldest.toISOString(),
            attempts: parent.attempts,
            given_up: isGivenUp(parent.oldest, mapping, deps),
            ...cause,
            url: urlOf(parent.parent_ref, deps),
          };
        }),
      );
    }
  }
  return found;
}

const UNKNOWN: ParentCause = {
  cause: 'unknown',
  explanation: 'Not looked up. Run it without --offline, or look in the org.',
};

/** The mappings that would have loaded the parents of a link. */
function parentMappings(mapping: Mapping, link: string, project: Project): readonly Mapping[] {
  const [table = '', column = ''] = link.split('.');
  const mapped = mapping.tables
    .find(({ table: own }) => own.name === table)
    ?.columns.find(({ column: own }) => own.name === column);
  const names = new Set(mapped?.link?.lookups.flatMap((lookup) => lookup.mappings) ?? []);
  return project.mappings.filter(({ name, group }) => names.has(name) || (group !== null && names.has(group)));
}

async function findCauses(
  mappings: readonly Mapping[],
  references: readonly string[],
  deps: PendingDeps,
): Promise<ReadonlyMap<string, ParentCause>> {
  const names = mappings.map(({ name }) => name);
  const fates = await parentFates(deps.database, names, references);
  const causes = new Map(fates.map((fate) => [fate.source_id, causeOfFate(fate)]));
  for (const reference of references) {
    if (toSalesforceId(reference) !== null || causes.has(reference)) continue;
    causes.set(reference, {
      cause: 'no_such_key',
      explanation: 'The link goes by a value that no loaded row has. Correct it in the org, or add an alias.',
    });
  }
  const open = references.filter((reference) => !causes.has(reference));
  const { salesforce, signal } = deps;
  if (salesforce === null || open.length === 0) return causes;
  const upTo = new Map<string, string>();
  for (const mapping of mappings) upTo.set(mapping.name, await readUpTo(deps.database, mapping));
  return new Map([...causes, ...(await askTheOrg(mappings, open, { salesforce, signal, readUpTo: upTo }))]);
}

function isGivenUp(oldest: Date, { giveUpAfter }: Mapping, { now }: PendingDeps): boolean {
  return giveUpAfter !== null && now().getTime() - oldest.getTime() > giveUpAfter * 1_000;
}

function urlOf(reference: string, { instanceUrl }: PendingDeps): string | null {
  const id = toSalesforceId(reference);
  return id === null || instanceUrl === null ? null : `${instanceUrl}/${id}`;
}
