import * as Flags from '@oclif/core/flags';
import { SyncError } from '../errors/sync-error.ts';
import type { DeletionFilter } from '../state/deletion-decisions.ts';
import type { DeletionStatus } from '../state/deletions.ts';

/** Flags of the commands by which a person decides about records that are gone. */
export const DECISION_FLAGS = {
  select: Flags.string({ aliases: ['mapping'], summary: 'Records of this mapping.' }),
  all: Flags.boolean({ summary: 'All records that wait for a decision, of the mapping or of all.' }),
};

/**
 * Which records a decision is about.
 * @param statuses  of those that it can be about; by their ids also those that were discarded
 * @throws SyncError USAGE_INVALID when nobody has said which
 */
export function decisionFilter(
  { ids, select, all }: { readonly ids: readonly string[]; readonly select: string | undefined; readonly all: boolean },
  statuses: { readonly all: readonly DeletionStatus[]; readonly named: readonly DeletionStatus[] },
): DeletionFilter {
  if (ids.length > 0) return { mapping: select, ids, statuses: statuses.named };
  if (!all) {
    throw new SyncError('USAGE_INVALID', 'Say which records: their Salesforce ids, or --all, perhaps with --select.');
  }
  return { mapping: select, statuses: statuses.all };
}
