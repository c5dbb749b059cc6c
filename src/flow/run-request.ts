import type { OnEvent } from './run-events.ts';

/** What a person or a test may ask of one run. */
export interface RunRequest {
  /** Names, `phase:x`, `tag:x`, `+name` (with what it needs), `name+` (with what needs it); empty for all. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly phase: string | null;
  /** At most this many records of each step that reads. */
  readonly limit: number | null;
  readonly fullRefresh: boolean;
  readonly failFast: boolean;
}

/** `run` commits; `plan` (and `run --dry-run`) does the same work in one transaction that is rolled back. */
export type RunKind = 'run' | 'plan';

export interface RunCall {
  readonly kind: RunKind;
  readonly request: RunRequest;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}
