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
  /** Reads records whose cursor is not before this instant (ISO 8601) and leaves the watermark alone; null for as usual. */
  readonly since: string | null;
  /** The same, before this instant. */
  readonly until: string | null;
  /** Only these records instead of what a run would read; null for as usual. */
  readonly only: OnlyRecords | null;
}

/** All that is new of all mappings: what a request is unless more is said. */
export const EVERYTHING: RunRequest = {
  select: [],
  exclude: [],
  phase: null,
  limit: null,
  fullRefresh: false,
  failFast: false,
  since: null,
  until: null,
  only: null,
};

/**
 * - `ids`: these records are read from the org again, by mapping.
 * - `quarantine`: records are taken from quarantine as they were kept, without asking the org; ids of entries by mapping.
 */
export type OnlyRecords =
  | { readonly kind: 'ids'; readonly byMapping: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: 'quarantine'; readonly byMapping: ReadonlyMap<string, readonly string[]> };

/** `run` commits; `plan` (and `run --dry-run`) does the same work in one transaction that is rolled back. */
export type RunKind = 'run' | 'plan';

export interface RunCall {
  readonly kind: RunKind;
  /** What the run is called in the state: the command that asked for it. The kind unless told. */
  readonly command?: string;
  readonly request: RunRequest;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}
