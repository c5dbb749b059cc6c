import type { SyncError } from '../errors/sync-error.ts';
import type { Usage } from './api-usage.ts';
import type { JobInfo } from './bulk-jobs.ts';
import type { OrgObject, ObjectDescription } from './describe.ts';
import type { RestPage } from './rest-query.ts';
import type { ResultPage } from './result-page.ts';
import type { Retry } from './retry.ts';

/** Who we are to the org; what the login does not tell is null. */
export interface Identity {
  readonly instanceUrl: string;
  readonly orgId: string | null;
  readonly userId: string | null;
}

/** One of the org's limits, over a rolling 24 hours. */
export interface OrgLimit {
  readonly max: number;
  readonly remaining: number;
}

/**
 * The dock to the org. Everything here tries again by itself while the trouble is transient, but for
 * {@link Salesforce.resultPage}. All throw SyncError.
 */
export interface Salesforce {
  readonly identity: Identity;
  /** @throws SyncError ORG_OBJECT_MISSING */
  describe(object: string, signal: AbortSignal): Promise<ObjectDescription>;
  /**
   * Describes several objects, in one call for each 25. An object that cannot be described has its error in place.
   * @throws SyncError for what is wrong with all of them: the session, the budget, the network
   */
  describeAll(
    objects: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ObjectDescription | SyncError>>;
  listObjects(signal: AbortSignal): Promise<OrgObject[]>;
  /** By name, for example `DailyApiRequests`; which there are varies by org. */
  limits(signal: AbortSignal): Promise<ReadonlyMap<string, OrgLimit>>;
  /** @param soql  a query that selects COUNT() */
  count(soql: string, signal: AbortSignal): Promise<number>;
  /**
   * Pages of a REST query, from the start or from a `locator` that an earlier page gave as its `next`.
   * @param place.includeDeleted  true to see also what is in the recycle bin
   */
  restQuery(
    place: { soql: string; includeDeleted?: boolean } | { locator: string },
    signal: AbortSignal,
  ): AsyncGenerator<RestPage, void, undefined>;
  /** @returns the job's id */
  createQueryJob(soql: string, options: { includeDeleted: boolean }, signal: AbortSignal): Promise<string>;
  /** Waits for the end of a job, and aborts it when the signal does. @throws SyncError ORG_JOB_FAILED with the reason */
  waitForJob(id: string, signal: AbortSignal): Promise<JobInfo>;
  /**
   * Asks for one page of a job's result, once: a page that breaks off is its reader's to ask for again, by
   * {@link Salesforce.retry}.
   */
  resultPage(place: ResultPlace, signal: AbortSignal): Promise<ResultPage>;
  /** Stops a job, or throws away the result of one that is done. Never throws: it tidies up. */
  dropJob(id: string): Promise<void>;
  readonly retry: Retry;
  usage(): Usage;
  /** The org's own time, to the second. */
  serverNow(signal: AbortSignal): Promise<Date>;
  close(): Promise<void>;
}

export interface ResultPlace {
  readonly job: string;
  /** Null for the first page. */
  readonly locator: string | null;
  /** Records at most; the org may give fewer. */
  readonly maxRecords: number;
}
