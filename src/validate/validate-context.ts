import type { RecordAtHand } from '../config/bind-expression.ts';
import type { Mapping } from '../config/mapping.ts';
import type { BoundFunctions } from '../plugin/bind-functions.ts';

export interface ValidateDeps {
  /** The plugins' functions; null where the project has none. */
  readonly functions: Pick<BoundFunctions, 'check' | 'recordCheck'> | null;
  /** The day of the run, `YYYY-MM-DD`. */
  readonly today: string;
}

/** What the checks of a mapping share. */
export interface ValidateContext {
  readonly mapping: Mapping;
  readonly functions: ValidateDeps['functions'];
  /** Pointed at the record that is being checked, where an expression looks at it. */
  readonly at: RecordAtHand;
}
