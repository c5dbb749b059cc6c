import { ERRORS, type ErrorCode, type ErrorSpec } from './codes.ts';

export interface SyncErrorOptions {
  readonly cause?: unknown;
  /** Names, places and numbers for `--json`. Never a record's values. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Steps that fit this case better than the code's own next step. */
  readonly actions?: readonly string[];
}

/** The one error class: a code, what happened, and the person's next step. Never carries a record's values. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly actions: readonly string[];

  constructor(code: ErrorCode, message: string, options: SyncErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.actions = options.actions ?? [ERRORS[code].next];
  }

  get spec(): ErrorSpec {
    return ERRORS[this.code];
  }
}
