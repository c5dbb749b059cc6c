import type { Mapping } from '../config/mapping.ts';
import type { JobInfo } from '../salesforce/bulk-jobs.ts';
import { isRefusedByBulk } from '../salesforce/classify.ts';
import { chooseApi } from './choose-api.ts';
import type { KeysReaderDeps } from './keys-reader.ts';
import { isTooMuch } from './window.ts';

/** The Bulk job whose pages can be given on as they come; null where keys must be read as all records are. */
export async function keysJob(
  mapping: Mapping,
  expected: number | null,
  deps: KeysReaderDeps,
): Promise<JobInfo | null> {
  const { api } = await chooseApi({ mapping, limit: null, counted: expected }, deps);
  return api === 'rest' ? null : completeJob(mapping.source.soql, false, deps);
}

/**
 * Makes a Bulk job and waits for its end.
 * @returns null when Bulk cannot do it
 */
export async function completeJob(
  soql: string,
  includeDeleted: boolean,
  { salesforce, signal }: KeysReaderDeps,
): Promise<JobInfo | null> {
  try {
    const id = await salesforce.createQueryJob(soql, { includeDeleted }, signal);
    return await salesforce.waitForJob(id, signal);
  } catch (error) {
    if (isTooMuch(error) || isRefusedByBulk(error)) return null;
    throw error;
  }
}
