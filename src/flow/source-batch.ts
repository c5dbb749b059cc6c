import type { Slice } from './slice.ts';

/** One record as Salesforce sent it, brought to one form whichever API it came through. */
export interface SourceRecord {
  /**
   * 18-character Salesforce id; of a file, the text of its id columns, at most 255 characters. '' when the record has
   * none that is valid.
   */
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
  /**
   * Set when the record must be quarantined as it is: its bytes were not valid UTF-8 (it would be loaded with
   * replacement marks), or its line does not fit the header of its file (its values stand under wrong names).
   */
  readonly broken?: 'INVALID_TEXT' | 'INVALID_LINE';
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
