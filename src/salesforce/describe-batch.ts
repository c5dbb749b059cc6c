import type { DescribeSObjectResult } from 'jsforce/lib/types/index.js';
import { SyncError } from '../errors/sync-error.ts';
import { errorOf } from './classify.ts';
import { type ObjectDescription, readDescription } from './describe.ts';
import { isMap } from '../config/is-record.ts';
import { parseJson } from './json.ts';

/** Requests that `POST /composite/batch` takes at most; together they count as one call. */
const MOST = 25;

/** One request for the descriptions of several objects. */
export interface DescribeBatch {
  readonly objects: readonly string[];
  readonly body: string;
}

export function describeBatches(objects: readonly string[], apiVersion: string): readonly DescribeBatch[] {
  const batches: DescribeBatch[] = [];
  for (let from = 0; from < objects.length; from += MOST) {
    const some = objects.slice(from, from + MOST);
    const batchRequests = some.map((object) => ({
      method: 'GET',
      url: `v${apiVersion}/sobjects/${encodeURIComponent(object)}/describe`,
    }));
    batches.push({ objects: some, body: JSON.stringify({ batchRequests, haltOnError: false }) });
  }
  return batches;
}

/** What the org said of each object, in the order asked. */
export type Described = readonly (readonly [string, ObjectDescription | SyncError])[];

/**
 * Reads the answer to a batch: each object has a status of its own.
 * @throws SyncError ORG_UNEXPECTED_ANSWER when it is no such answer
 */
export function readDescriptions(objects: readonly string[], answer: string): Described {
  const body = parseJson(answer);
  const results = isMap(body) ? body['results'] : null;
  if (!Array.isArray(results) || results.length !== objects.length) {
    throw new SyncError('ORG_UNEXPECTED_ANSWER', 'the answer to a batch of descriptions holds none');
  }
  return objects.map((object, at) => [object, readResult(object, results[at])]);
}

function readResult(object: string, told: unknown): ObjectDescription | SyncError {
  const { statusCode, result } = isMap(told) ? told : {};
  if (statusCode === 200 && isMap(result) && Array.isArray(result['fields'])) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as jsforce takes it from a single describe
    return readDescription(result as unknown as DescribeSObjectResult);
  }
  const status = typeof statusCode === 'number' ? statusCode : 500;
  if (status === 404) return missingObject(object);
  return errorOf({ status, headers: {}, body: JSON.stringify(result ?? null) }, `describe ${object}`);
}

/** In our words: the org only says that nothing is found. */
export function missingObject(object: string): SyncError {
  return new SyncError(
    'ORG_OBJECT_MISSING',
    `The org has no object ${object} that this user can read: it is misspelt, or the permission was lost.`,
  );
}
