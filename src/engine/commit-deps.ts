import type { Mapping } from '../config/mapping.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { EncodedPart, Loader } from '../load/load.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * What a mapping's state holds: what is not there need not be looked for. As it was when the reading began, and with what
 * its own commits have kept back since: the same record may come twice in one reading, in an older and a newer state.
 */
export interface KnownState {
  readonly mappingId: number;
  readonly records: boolean;
  waiting: boolean;
  deferred: boolean;
  quarantined: boolean;
  leftOut: boolean;
  /** True when records were deleted: one that comes may be one that returns. */
  readonly deleted: boolean;
}

export interface CommitDeps extends StepDeps {
  readonly mapping: Mapping;
  readonly phase: string;
  readonly loader: Loader;
  /** Maps and checks records anew, for those that are sent again in smaller parts. */
  readonly encodeAgain: (sources: readonly SourceRecord[], fields: readonly string[]) => EncodedPart;
  readonly known: KnownState;
  /** Ids of the records that another one was preferred to, in this step. */
  readonly merged: Set<string>;
}
