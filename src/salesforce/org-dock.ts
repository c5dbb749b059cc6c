import type { Connection } from 'jsforce/lib/connection.js';
import { SyncError } from '../errors/sync-error.ts';
import type { ApiUsage, Usage } from './api-usage.ts';
import { type JobInfo, pollPauseMs, readJob } from './bulk-jobs.ts';
import {
  type DescribeBatch,
  type Described,
  describeBatches,
  missingObject,
  readDescriptions,
} from './describe-batch.ts';
import { type ObjectDescription, type OrgObject, readDescription, readObjects } from './describe.ts';
import type { Jsforce } from './jsforce.ts';
import { isMap } from '../config/is-record.ts';
import type { OrgClient, OrgRequest } from './org-client.ts';
import type { OrgClock } from './org-clock.ts';
import { readRestPage, type RestPage } from './rest-query.ts';
import { type ResultPage, resultPage } from './result-page.ts';
import { pause, type Retry } from './retry.ts';
import type { Identity, OrgLimit, ResultPlace, Salesforce } from './salesforce.ts';
import type { Deadlines } from './settings.ts';

export interface OrgDockDeps {
  readonly identity: Identity;
  readonly apiVersion: string;
  readonly jsforce: Jsforce;
  readonly org: OrgClient;
  readonly usage: ApiUsage;
  readonly clock: OrgClock;
  readonly retry: Retry;
  readonly deadlines: Deadlines;
  readonly close: () => void;
}

/** What one request of jsforce needs beside the request. */
type Call = Pick<OrgRequest, 'signal' | 'what' | 'tidiesUp'>;

/** Tidying up must not hold up the end of a run. */
const TIDY_UP_MS = 10_000;

/** The dock over jsforce (see {@link Salesforce}); only result pages go around it. */
export class OrgDock implements Salesforce {
  readonly identity: Identity;
  readonly retry: Retry;
  readonly #deps: OrgDockDeps;

  constructor(deps: OrgDockDeps) {
    this.#deps = deps;
    this.identity = deps.identity;
    this.retry = deps.retry;
  }

  async describe(object: string, signal: AbortSignal): Promise<ObjectDescription> {
    const what = `describe ${object}`;
    return this.#ask({ signal, what }, async (connection) => readDescription(await connection.describe(object)));
  }

  async describeAll(
    objects: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ObjectDescription | SyncError>> {
    const described = new Map<string, ObjectDescription | SyncError>();
    for (const batch of describeBatches(objects, this.#deps.apiVersion)) {
      const told = batch.objects.length === 1 ? [] : await this.#describeBatch(batch, signal);
      for (const [object, one] of told) if (!isPassing(one)) described.set(object, one);
      const missing = batch.objects.filter((object) => !described.has(object));
      for (const object of missing) described.set(object, await this.#describeOne(object, signal));
    }
    return described;
  }

  /** @returns nothing when the org knows no batches */
  async #describeBatch({ objects, body }: DescribeBatch, signal: AbortSignal): Promise<Described> {
    const url = `/services/data/v${this.#deps.apiVersion}/composite/batch`;
    const headers = { 'content-type': 'application/json' };
    try {
      const answer = await this.#ask({ signal, what: 'descriptions' }, async (connection) =>
        connection.request<string>({ method: 'POST', url, body, headers }, { responseType: 'text/plain' }),
      );
      return readDescriptions(objects, answer);
    } catch (error) {
      if (error instanceof SyncError && REFUSALS.has(error.code)) return [];
      throw error;
    }
  }

  async #describeOne(object: string, signal: AbortSignal): Promise<ObjectDescription | SyncError> {
    try {
      return await this.describe(object, signal);
    } catch (error) {
      if (!(error instanceof SyncError) || !REFUSALS.has(error.code)) throw error;
      return error.code === 'ORG_OBJECT_MISSING' ? missingObject(object) : error;
    }
  }

  async listObjects(signal: AbortSignal): Promise<OrgObject[]> {
    return this.#ask({ signal, what: 'list of objects' }, async (connection) =>
      // Not by describeGlobal, which fails in a way of its own over an answer that is none.
      readObjects(
        await connection.request({ method: 'GET', url: `/services/data/v${this.#deps.apiVersion}/sobjects` }),
      ),
    );
  }

  async limits(signal: AbortSignal): Promise<ReadonlyMap<string, OrgLimit>> {
    const told = await this.#ask({ signal, what: 'limits' }, async (connection) => connection.limits());
    // jsforce gives a text that is no JSON as it is.
    if (!isMap(told)) throw new SyncError('ORG_UNEXPECTED_ANSWER', 'the answer about the limits holds none');
    return new Map(
      Object.entries(told).map(([name, { Max, Remaining }]) => [name, { max: Max, remaining: Remaining }]),
    );
  }

  async count(soql: string, signal: AbortSignal): Promise<number> {
    const page = await this.#restPage(this.#queryPath(soql), null, { signal, what: 'count' });
    return page.total;
  }

  async *restQuery(
    place: { soql: string; includeDeleted?: boolean } | { locator: string },
    signal: AbortSignal,
  ): AsyncGenerator<RestPage, void, undefined> {
    let locator = 'locator' in place ? place.locator : null;
    let path = 'locator' in place ? place.locator : this.#queryPath(place.soql, place.includeDeleted);
    for (;;) {
      const page = await this.#restPage(path, locator, { signal, what: 'query' });
      yield page;
      if (page.next === null) return;
      locator = page.next;
      path = page.next;
    }
  }

  async createQueryJob(soql: string, options: { includeDeleted: boolean }, signal: AbortSignal): Promise<string> {
    const operation = options.includeDeleted ? 'queryAll' : 'query';
    const { jsforce } = this.#deps;
    // A try that seemed to fail may have made a job: a spare one costs the org little, and it forgets it in a week.
    const job = await this.#ask({ signal, what: 'new Bulk job' }, async (connection) =>
      readJob(await jsforce.newJob(connection, soql, operation).open()),
    );
    return job.id;
  }

  async waitForJob(id: string, signal: AbortSignal): Promise<JobInfo> {
    const { jsforce } = this.#deps;
    try {
      for (let poll = 0; ; poll++) {
        const job = await this.#ask({ signal, what: `Bulk job ${id}` }, async (connection) =>
          readJob(await jsforce.job(connection, id).check()),
        );
        if (job.state === 'JobComplete') return job;
        await pause(pollPauseMs(poll), signal);
      }
    } catch (error) {
      if (signal.aborted) await this.dropJob(id);
      throw gone(error, id);
    }
  }

  async resultPage({ job, locator, maxRecords }: ResultPlace, signal: AbortSignal): Promise<ResultPage> {
    const query = new URLSearchParams({ maxRecords: String(maxRecords), ...(locator === null ? {} : { locator }) });
    const path = `/services/data/v${this.#deps.apiVersion}/jobs/query/${job}/results?${query.toString()}`;
    const what = `result page of Bulk job ${job}`;
    try {
      const answer = await this.#deps.org.open({ method: 'GET', path, headers: { accept: 'text/csv' }, signal, what });
      return resultPage(answer, this.#deps.deadlines, signal);
    } catch (error) {
      throw gone(error, job);
    }
  }

  async dropJob(id: string): Promise<void> {
    const { jsforce } = this.#deps;
    const call: Call = { signal: AbortSignal.timeout(TIDY_UP_MS), what: `end of Bulk job ${id}`, tidiesUp: true };
    try {
      const job = jsforce.job(this.#connection(call), id);
      const { state } = await job.check();
      await (state === 'UploadComplete' || state === 'InProgress' ? job.abort() : job.delete());
    } catch {
      // The org forgets the job by itself in a week.
    }
  }

  usage(): Usage {
    return this.#deps.usage.now;
  }

  async serverNow(signal: AbortSignal): Promise<Date> {
    const known = this.#deps.clock.now();
    if (known !== null) return known;
    await this.limits(signal);
    const told = this.#deps.clock.now();
    if (told === null) throw new SyncError('ORG_UNEXPECTED_ANSWER', 'the org does not tell the time (Date header)');
    return told;
  }

  close(): Promise<void> {
    this.#deps.close();
    return Promise.resolve();
  }

  #queryPath(soql: string, includeDeleted = false): string {
    const query = includeDeleted ? 'queryAll' : 'query';
    return `/services/data/v${this.#deps.apiVersion}/${query}?q=${encodeURIComponent(soql)}`;
  }

  /** By jsforce's request and not its query: that reads numbers as JavaScript's, so `9.0` would become 9. */
  async #restPage(path: string, locator: string | null, call: Call): Promise<RestPage> {
    const body = await this.#ask(call, async (connection) =>
      connection.request<string>({ method: 'GET', url: path }, { responseType: 'text/plain' }),
    );
    return readRestPage(body, locator);
  }

  async #ask<T>(call: Call, ask: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#deps.retry(call.what, async () => ask(this.#connection(call)), call.signal);
  }

  /** One for each call, so that each has its own signal: it holds nothing that would be worth keeping. */
  #connection(call: Call): Connection {
    const { jsforce, org, identity, apiVersion } = this.#deps;
    return jsforce.connection({ instanceUrl: identity.instanceUrl, version: apiVersion }, async (request) => {
      const { pathname, search } = new URL(request.url);
      const { method, headers = {}, body } = request;
      const path = pathname + search;
      return org.send({ ...call, method, path, headers, ...(typeof body === 'string' ? { body } : {}) });
    });
  }
}

/** What an org says that knows no batches, and of an object that is not there or not for us. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ORG_OBJECT_MISSING',
  'ORG_ACCESS_DENIED',
  'ORG_QUERY_REFUSED',
  'ORG_UNEXPECTED_ANSWER',
]);

/** Whether the same question may be answered in a moment. */
function isPassing(told: ObjectDescription | SyncError): boolean {
  return told instanceof SyncError && told.details?.['transient'] === true;
}

/** For a job, not found means that the org has forgotten it. */
function gone(error: unknown, job: string): unknown {
  if (!(error instanceof SyncError) || error.details?.['status'] !== 404) return error;
  return new SyncError('ORG_LOCATOR_EXPIRED', `the org has forgotten Bulk job ${job}`, { cause: error });
}
