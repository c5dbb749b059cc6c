import * as Flags from '@oclif/core/flags';
import { SyncError } from '../errors/sync-error.ts';
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
  since: Flags.string({
    parse: async (text) => instantOf(text),
    summary: 'Read what was changed at this time (UTC) or later, once; the watermark stays.',
    helpValue: '2026-05-01[T12:00:00Z]',
  }),
  until: Flags.string({
    parse: async (text) => instantOf(text),
    summary: 'Read what was changed before this time (UTC), once; the watermark stays.',
    helpValue: '2026-05-02[T12:00:00Z]',
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
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly 'fail-fast': boolean;
}

const TIME = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?<zone>Z|UTC|[+-]\d\d:\d\d)?)?$/u;

/** A day is its first moment; without a zone it is UTC, as in all that is printed here. @throws SyncError USAGE_INVALID */
function instantOf(text: string): string {
  const { day = '', time = '00:00', zone = 'Z' } = TIME.exec(text)?.groups ?? {};
  const at = Date.parse(`${day}T${time}${zone === 'UTC' ? 'Z' : zone}`);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new SyncError('USAGE_INVALID', `"${text}" is no time like 2026-05-01 or 2026-05-01T12:00:00Z.`);
}

export function requestOf(flags: RequestFlags): RunRequest {
  const { since, until } = flags;
  if (since !== undefined && until !== undefined && since >= until) {
    throw new SyncError('USAGE_INVALID', '--since must be before --until.');
  }
  return {
    select: flags.select ?? [],
    exclude: flags.exclude ?? [],
    phase: flags.phase ?? null,
    limit: flags.limit ?? null,
    fullRefresh: flags['full-refresh'],
    failFast: flags['fail-fast'],
    since: flags.since ?? null,
    until: flags.until ?? null,
    only: null,
  };
}
