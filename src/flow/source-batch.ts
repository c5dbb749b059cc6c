import type { Slice } from './slice.ts';

/** One record as Salesforce sent it, brought to one form whichever API it came through. */
export interface SourceRecord {
  /** 18-character Salesforce id, or '' when the record has none that is valid. */
  readonly id: string;
  /**
   * The selected fields as text, in the order of {@link SourceBatch.fields}; '' is null, as in the Bulk API. Made anew
   * each time it is asked for: take it once.
   */
  readonly values: readonly string[];
  /** 128-bit hash of the record as it came and of the mapping's version, 32 hex digits. */
  readonly hash: string;
  /** SystemModstamp as sent (ISO 8601, UTC), or '' when it was not selected. */
  readonly stamp: string;
  /** True when the record's bytes were not valid UTF-8: it must be quarantined, not loaded with replacement marks. */
  readonly broken?: true;
}

/** Records that are read, checked and staged together: at most `batch_size`, all of one slice. */
export interface SourceBatch {
  readonly slice: Slice;
  /** Field paths as selected (`Id`, `Account.Name`), one for each value of a record. */
  readonly fields: readonly string[];
  readonly records: readonly SourceRecord[];
  /** True for the last batch of its slice. An empty slice gives one empty batch. */
  readonly last: boolean;
}
