import { Flags } from '@oclif/core';
import type { RunRequest } from '../flow/run-request.ts';

/** Flags that choose steps. */
export const SELECTION_FLAGS = {
  select: Flags.string({
    char: 's',
    multiple: true,
    delimiter: ',',
    summary: 'Only these: names, phase:NAME, tag:NAME, +NAME (with what it needs), NAME+ (with what needs it).',
  }),
  exclude: Flags.string({ multiple: true, delimiter: ',', summary: 'Not these; written as for --select.' }),
  phase: Flags.string({ summary: 'Only the steps of this phase.' }),
};

/** Flags that say which part of the work a run or plan does. */
export const REQUEST_FLAGS = {
  ...SELECTION_FLAGS,
  limit: Flags.integer({ min: 1, summary: 'At most this many records of each mapping: a first try of a new import.' }),
  'full-refresh': Flags.boolean({
    summary: 'Read everything and compare it with the target rows themselves, so that local changes are mended.',
  }),
  'fail-fast': Flags.boolean({
    summary: 'Stop at the first step that fails; otherwise steps that do not need it go on.',
  }),
};

interface RequestFlags {
  readonly select?: string[] | undefined;
  readonly exclude?: string[] | undefined;
  readonly phase?: string | undefined;
  readonly limit?: number | undefined;
  readonly 'full-refresh': boolean;
  readonly 'fail-fast': boolean;
}

export function requestOf(flags: RequestFlags): RunRequest {
  return {
    select: flags.select ?? [],
    exclude: flags.exclude ?? [],
    phase: flags.phase ?? null,
    limit: flags.limit ?? null,
    fullRefresh: flags['full-refresh'],
    failFast: flags['fail-fast'],
    since: null,
    until: null,
    only: null,
  };
}
