import * as Flags from '@oclif/core/flags';
import type { EntryFilter } from '../state/quarantine-entries.ts';

/** Flags that choose entries of the quarantine. */
export const ENTRY_FLAGS = {
  select: Flags.string({ aliases: ['mapping'], summary: 'Only records of this mapping.' }),
  code: Flags.string({ summary: 'Only this reason, for example VALUE_TOO_LONG.' }),
  column: Flags.string({ summary: 'Only this column, as table.column.' }),
  run: Flags.string({ summary: 'Only records last seen by the run with this id.' }),
};

interface EntryFlags {
  readonly select?: string | undefined;
  readonly code?: string | undefined;
  readonly column?: string | undefined;
  readonly run?: string | undefined;
}

export function filterOf({ select, code, column, run }: EntryFlags): EntryFilter {
  return { mapping: select, code, column, runId: run };
}

/** True when the filter takes everything. */
export function isEverything(filter: EntryFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}
