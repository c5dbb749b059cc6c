import type { SourceBatch } from '../flow/source-batch.ts';

/**
 * Reads the records of one query, through one of the org's APIs. Both holders, Bulk and REST, give the same records
 * with the same values, hashes included, so a mapping may change its API without a record counting as changed.
 */
export interface RowReader {
  /**
   * The next records: at most a batch, all of one slice. Tries again by itself while the trouble is transient.
   * @returns null at the end
   */
  next(): Promise<SourceBatch | null>;
  /** Stops what still goes on in the org or on the network. Never throws. */
  close(): Promise<void>;
}

/** What a reader does not make up itself. */
export interface ReadRequest {
  readonly soql: string;
  /** Selected paths, in the order of a record's values. */
  readonly fields: readonly string[];
  /** Of the mapping: when it changes, so does every hash. */
  readonly version: string;
  readonly batchSize: number;
  /** Records at most; null for all. */
  readonly limit: number | null;
  /** True to read also what is in the recycle bin. */
  readonly includeDeleted?: boolean;
}
