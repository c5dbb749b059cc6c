import type { App } from '../app.ts';
import type { EntryFilter } from '../state/quarantine-entries.ts';
import type { Redrivable } from '../state/quarantine-decisions.ts';
import { type CarriedOut, carryOut } from './carry-out.ts';
import { requestOf } from './run-flags.ts';
import { counted } from './text.ts';

/** What became of the entries that were sent down the path again. */
export interface Redriven {
  readonly entries: number;
  readonly loaded: number;
  /** Refused again, with today's reason; or not reached, when the run ended early. */
  readonly still_quarantined: number;
  /** Left out by a rule now, waiting for a parent, or here in a newer state. */
  readonly left_out: number;
  /** Gone from the source. */
  readonly deleted: number;
  /** Entries that could not be sent: records without an id, and of mappings that the project has no more. */
  readonly passed_over: { readonly without_id: number; readonly unknown_mappings: readonly string[] };
}

export interface RedriveOutcome {
  readonly result: Redriven;
  /** Null when there was nothing to send. */
  readonly outcome: CarriedOut | null;
}

/**
 * Sends open entries down the path again.
 * @throws SyncError QUARANTINE_KEY_MISSING when records were encrypted by a key that is not here; nothing is run then
 */
export async function redriveEntries(
  app: App,
  filter: Omit<EntryFilter, 'closed'>,
  command: string,
): Promise<RedriveOutcome> {
  const { countOutcome, redrivable, reopenDiscarded } = await import('../state/quarantine-decisions.ts');
  const database = await app.state();
  if (filter.ids !== undefined) await reopenDiscarded(database, filter.ids);
  const found = await redrivable(database, filter);
  app.requireKey(found.keyIds);
  const { byMapping, unknown } = withinProject(app, found);
  const ids = [...byMapping.values()].flat();
  const passedOver = { without_id: found.nameless, unknown_mappings: unknown };
  if (ids.length === 0) {
    const nothing = { entries: 0, loaded: 0, still_quarantined: 0, left_out: 0, deleted: 0, passed_over: passedOver };
    return { result: nothing, outcome: null };
  }
  const request = {
    ...requestOf({ select: [...byMapping.keys()], 'full-refresh': false, 'fail-fast': false }),
    only: { kind: 'quarantine' as const, byMapping },
  };
  const outcome = await carryOut(app, { kind: 'run', command, request });
  const { open, ...counts } = await countOutcome(database, ids);
  return {
    result: { entries: ids.length, still_quarantined: open, passed_over: passedOver, ...counts },
    outcome,
  };
}

function withinProject(
  app: App,
  { byMapping }: Redrivable,
): { readonly byMapping: Redrivable['byMapping']; readonly unknown: readonly string[] } {
  const known = new Set(app.project.mappings.map(({ name }) => name));
  return {
    byMapping: new Map([...byMapping].filter(([mapping]) => known.has(mapping))),
    unknown: [...byMapping.keys()].filter((mapping) => !known.has(mapping)),
  };
}

function some(count: number, text: string): string[] {
  return count === 0 ? [] : [`${counted(count, 'record')} ${text}`];
}

/** One line for each thing that happened. */
export function redrivenText(result: Redriven): string {
  const { entries, loaded, still_quarantined: still, left_out: leftOut, deleted, passed_over: passedOver } = result;
  return [
    `${counted(entries, 'record')} sent down the path again`,
    ...some(loaded, 'loaded'),
    ...some(still, 'still in quarantine'),
    ...some(leftOut, 'left out by a rule now, waiting for a parent, or here in a newer state'),
    ...some(deleted, 'gone from the source'),
    ...some(passedOver.without_id, 'passed over: without an id they can only be read with everything else'),
    ...passedOver.unknown_mappings.map((mapping) => `mapping ${mapping} is not in the project: its records stay`),
  ].join('\n');
}
