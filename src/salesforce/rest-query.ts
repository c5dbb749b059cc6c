import { SyncError } from '../errors/sync-error.ts';
import { isMap } from '../config/is-record.ts';
import type { JsonObject } from './json.ts';

/** A record as REST gives it, but with numbers as the text that was sent: JSON would read `9.0` as 9. */
export type RestRecord = JsonObject;

/** One page of a REST query. Its size is the org's choice. */
export interface RestPage {
  readonly records: readonly RestRecord[];
  /** Records of the whole query. */
  readonly total: number;
  /** Where this page is; null for the first. */
  readonly locator: string | null;
  /** Where the next page is; null on the last. */
  readonly next: string | null;
}

/**
 * Reads the answer to a query.
 * @throws SyncError ORG_UNEXPECTED_ANSWER when it is none
 */
export function readRestPage(body: string, locator: string | null): RestPage {
  const answer = parse(body);
  const { records, totalSize, done, nextRecordsUrl } = answer;
  const total = Number(totalSize);
  if (!isListOfObjects(records) || !Number.isInteger(total)) throw unexpected('holds no records');
  if (done === true) return { records, total, locator, next: null };
  if (typeof nextRecordsUrl !== 'string') throw unexpected('is not the last and does not say where the next is');
  return { records, total, locator, next: nextRecordsUrl };
}

function isListOfObjects(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.every(isMap);
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body, numbersAsSent);
    if (isMap(value)) return value;
  } catch (cause) {
    throw unexpected('is not JSON', cause);
  }
  throw unexpected('is not an object');
}

function numbersAsSent(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? context?.source : value;
}

function unexpected(why: string, cause?: unknown): SyncError {
  return new SyncError('ORG_UNEXPECTED_ANSWER', `a page of the query ${why}`, { cause });
}
