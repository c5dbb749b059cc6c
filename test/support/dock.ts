import { afterEach } from '@jest/globals';
import type { SourceBatch } from '../../src/flow/source-batch.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import { connect, type ConnectDeps } from '../../src/salesforce/connect.ts';
import type { Salesforce } from '../../src/salesforce/salesforce.ts';
import type { ConnectSettings } from '../../src/salesforce/settings.ts';
import { type Org, type OrgOptions, startOrg } from '../../src/simulator/org.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A simulated org with 40 students that ends with the test; its Bulk jobs are done at the first poll. */
export async function orgForTest(options: OrgOptions = {}): Promise<Org> {
  const org = await startOrg({ students: 40, schools: 3, jobPace: { pollsQueued: 0, pollsRunning: 0 }, ...options });
  open.push(() => org.close());
  return org;
}

export function settingsFor(
  org: Pick<Org, 'url' | 'credentials'>,
  more: Partial<ConnectSettings> = {},
): ConnectSettings {
  return {
    auth: 'client_credentials',
    loginUrl: org.url,
    apiVersion: '62.0',
    apiBudget: { perRun: null, keepFree: 0 },
    credentials: org.credentials,
    ...more,
  };
}

export interface TestDock {
  readonly salesforce: Salesforce;
  /** What was tried again, as `what: code`. */
  readonly retries: readonly string[];
  readonly waits: readonly number[];
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

/** Signs in; tries again after a thousandth of a second. */
export async function dockFor(settings: ConnectSettings, deps: Partial<ConnectDeps> = {}): Promise<TestDock> {
  const retries: string[] = [];
  const waits: number[] = [];
  const controller = new AbortController();
  const salesforce = await connect(settings, {
    env: {},
    signal: controller.signal,
    now: () => new Date(),
    onRetry: ({ what, code, waitMs }) => {
      retries.push(`${what}: ${code}`);
      waits.push(waitMs);
    },
    ...deps,
    retries: { firstPauseMs: 1, ...deps.retries },
  });
  open.push(() => salesforce.close());
  return { salesforce, retries, waits, signal: controller.signal, stop: () => controller.abort() };
}

/** As much of a mapping as reading needs. */
export function mappingForTest(fields: readonly string[], source: Partial<Mapping['source']> = {}): Mapping {
  const soql = `SELECT ${fields.join(', ')} FROM Contact WHERE Contact_Type__c = 'Student'`;
  return {
    name: 'students',
    group: null,
    description: '',
    tags: [],
    file: 'mappings/students.yaml',
    parts: {},
    version: 'v1',
    source: { object: 'Contact', soql, fields, api: 'auto', file: null, ...source },
    lookups: [],
    phases: [],
    tables: [],
    skipWhen: [],
    rules: [],
    hooks: { afterCommit: [], afterStep: [] },
    incremental: null,
    refreshFormulas: null,
    deletes: null,
    giveUpAfter: null,
  };
}

export async function all(batches: AsyncIterable<SourceBatch>): Promise<SourceBatch[]> {
  const read: SourceBatch[] = [];
  for await (const batch of batches) read.push(batch);
  return read;
}

/** The same dock, and every query that goes through it by REST. */
export function listening(salesforce: Salesforce): {
  readonly salesforce: Salesforce;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  const dock = new Proxy(salesforce, {
    get: (target, name) => {
      if (name !== 'restQuery') {
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return (...[place, signal]: Parameters<Salesforce['restQuery']>) => {
        if ('soql' in place) asked.push(place.soql);
        return target.restQuery(place, signal);
      };
    },
  });
  return { salesforce: dock, asked };
}
