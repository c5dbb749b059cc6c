import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Salesforce } from '../../src/salesforce/salesforce.ts';
import { dockFor, orgForTest, settingsFor, type TestDock } from '../support/dock.ts';

const STUDENTS = "SELECT Id FROM Contact WHERE Contact_Type__c = 'Student'";
const COUNT = "SELECT COUNT() FROM Contact WHERE Contact_Type__c = 'Student'";

/** Every kind of request that takes a session, with the path that a fault strikes it by. */
const REQUESTS: readonly [
  name: string,
  path: string,
  ask: (salesforce: Salesforce, dock: TestDock) => Promise<unknown>,
][] = [
  ['describe', '/describe$', (salesforce, { signal }) => salesforce.describe('Contact', signal)],
  ['the list of objects', '/sobjects$', (salesforce, { signal }) => salesforce.listObjects(signal)],
  ['limits', '/limits$', (salesforce, { signal }) => salesforce.limits(signal)],
  ['count', '/query[?]', (salesforce, { signal }) => salesforce.count(COUNT, signal)],
  ['a later page of a query', '/query/', (salesforce, dock) => idsByRest(salesforce, dock)],
  [
    'a new job',
    '/jobs/query$',
    (salesforce, { signal }) => salesforce.createQueryJob(STUDENTS, { includeDeleted: false }, signal),
  ],
  ['a poll', '/jobs/query/[^/]+$', (salesforce, dock) => completeJob(salesforce, dock)],
];

async function idsByRest(salesforce: Salesforce, { signal }: TestDock): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const page of salesforce.restQuery({ soql: STUDENTS }, signal)) {
    ids.push(...page.records.map((record) => record['Id']));
  }
  return ids;
}

async function completeJob(salesforce: Salesforce, { signal }: TestDock): Promise<string> {
  const job = await salesforce.createQueryJob(STUDENTS, { includeDeleted: false }, signal);
  return (await salesforce.waitForJob(job, signal)).id;
}

describe('the dock', () => {
  it('describes an object', async () => {
    const { salesforce, signal } = await dockFor(settingsFor(await orgForTest()));

    const { fields, ...rest } = await salesforce.describe('Contact', signal);

    expect(rest).toEqual({ name: 'Contact', label: 'Contact', queryable: true });
    expect(fields.find(({ name }) => name === 'LastName')).toMatchObject({
      type: 'string',
      length: 80,
      nillable: false,
    });
    expect(fields.find(({ name }) => name === 'Class__c')).toMatchObject({ referenceTo: ['Class__c'] });
  });

  it('lists objects and limits, and counts', async () => {
    const { salesforce, signal } = await dockFor(settingsFor(await orgForTest()));

    expect((await salesforce.listObjects(signal)).map(({ name }) => name)).toContain('Account');
    expect((await salesforce.limits(signal)).get('DailyApiRequests')).toEqual({ max: 100_000, remaining: 99_998 });
    expect(await salesforce.count(COUNT, signal)).toBe(40);
  });

  it('reads a query page by page, and on from a page', async () => {
    const { salesforce, signal } = await dockFor(settingsFor(await orgForTest({ restPageSize: 15 })));
    const pages = [];

    for await (const page of salesforce.restQuery({ soql: STUDENTS }, signal)) pages.push(page);

    expect(pages.map(({ records }) => records.length)).toEqual([15, 15, 10]);
    expect(pages.map(({ total }) => total)).toEqual([40, 40, 40]);
    const again = await salesforce.restQuery({ locator: pages[1]?.locator ?? '' }, signal).next();
    expect(again.value).toEqual(pages[1]);
  });

  it("tells the org's time, also when the clocks differ", async () => {
    const org = await orgForTest({ now: () => new Date('2031-05-06T07:08:09Z') });
    const { salesforce, signal } = await dockFor(settingsFor(org), { now: () => new Date('2020-01-01T00:00:00Z') });

    expect((await salesforce.serverNow(signal)).toISOString()).toMatch(/^2031-05-06T07:08:/);
  });

  it('describes many objects in one call, each with an answer of its own', async () => {
    const org = await orgForTest({ hidden: ['Class__c'] });
    const { salesforce, signal } = await dockFor(settingsFor(org));

    const told = await salesforce.describeAll(['Contact', 'Class__c', 'Account'], signal);

    expect([...told.keys()]).toEqual(['Contact', 'Class__c', 'Account']);
    expect(told.get('Contact')).toMatchObject({ name: 'Contact', queryable: true });
    expect(told.get('Class__c')).toMatchObject({ code: 'ORG_OBJECT_MISSING' });
    expect(org.limit.used).toBe(1);
  });

  it('describes them one by one where the org knows no batches', async () => {
    const org = await orgForTest();
    org.faults.add({
      fault: { kind: 'status', status: 404, code: 'NOT_FOUND' },
      path: 'composite/batch',
      times: 'always',
    });
    const { salesforce, signal } = await dockFor(settingsFor(org));

    const told = await salesforce.describeAll(['Contact', 'Account'], signal);

    expect([...told.values()]).toMatchObject([{ name: 'Contact' }, { name: 'Account' }]);
  });

  it('counts its calls and reads those of everybody else', async () => {
    const org = await orgForTest();
    org.limit.used = 500;
    const { salesforce, signal } = await dockFor(settingsFor(org));

    await salesforce.limits(signal);
    await salesforce.count(COUNT, signal);

    expect(salesforce.usage()).toEqual({ calls: 2, mine: null, used: 502, limit: 100_000, left: 99_498 });
  });

  it('does not go through a proxy to this machine', async () => {
    const env = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };
    const { salesforce, signal } = await dockFor(settingsFor(await orgForTest()), { env });

    expect(await salesforce.count(COUNT, signal)).toBe(40);
  });

  it('aborts a job that is not done, and deletes one that is', async () => {
    const slow = await orgForTest({ jobPace: { pollsQueued: 0, pollsRunning: 100 } });
    const quick = await orgForTest();
    for (const [org, method] of [
      [slow, 'PATCH'],
      [quick, 'DELETE'],
    ] as const) {
      const { salesforce, signal } = await dockFor(settingsFor(org));
      const job = await salesforce.createQueryJob(STUDENTS, { includeDeleted: false }, signal);

      await salesforce.dropJob(job);

      expect(org.requests.at(-1)).toMatchObject({ method, path: expect.stringContaining(job) });
    }
  });

  it('aborts the job when the run is stopped while it waits', async () => {
    const org = await orgForTest({ jobPace: { pollsQueued: 100, pollsRunning: 0 } });
    const { salesforce, signal, stop } = await dockFor(settingsFor(org));
    const job = await salesforce.createQueryJob(STUDENTS, { includeDeleted: false }, signal);

    const waiting = salesforce.waitForJob(job, signal);
    stop();

    await expect(waiting).rejects.toThrow(/abort/i);
    expect(org.requests.at(-1)).toMatchObject({ method: 'PATCH', status: 200 });
  });

  it('gives the reason of a failed job', async () => {
    const org = await orgForTest();
    org.faults.add({
      fault: { kind: 'fail-job', message: 'InternalServerError: it broke' },
      path: '/jobs/query/[^/]+$',
    });
    const dock = await dockFor(settingsFor(org));

    await expect(completeJob(dock.salesforce, dock)).rejects.toMatchObject({
      code: 'ORG_JOB_FAILED',
      message: expect.stringContaining('InternalServerError: it broke'),
    });
  });
});

describe('an expired session', () => {
  it.each(REQUESTS)('is renewed at %s', async (_name, struck, ask) => {
    const org = await orgForTest({ restPageSize: 15 });
    const dock = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'expire-session' }, path: struck });

    await ask(dock.salesforce, dock);

    expect(org.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
    expect(org.requests.some(({ status }) => status === 401)).toBe(true);
    expect(dock.retries).toEqual([]);
  });

  it('is renewed once for all who wait', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    org.expireSessions();

    await Promise.all([salesforce.limits(signal), salesforce.count(COUNT, signal), salesforce.listObjects(signal)]);

    expect(org.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
  });

  it('ends the run when a fresh one is refused too', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'expire-session' }, path: '/limits$', times: 'always' });

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'ORG_SESSION_REFUSED' });
    expect(org.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
  });

  it('ends the run when it was handed to us, and is not asked for again', async () => {
    const org = await orgForTest();
    const credentials = { accessToken: '00D5e000000Demo!stale', instanceUrl: org.url };
    const { salesforce, signal } = await dockFor(settingsFor(org, { auth: 'access_token', credentials }));

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    await expect(salesforce.limits(signal)).rejects.toMatchObject({
      actions: [expect.stringContaining('SF_ACCESS_TOKEN')],
    });
  });

  it('is not what a 401 about policy means', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    const message = 'This session is not valid for use with the REST API';
    org.faults.add({ fault: { kind: 'status', status: 401, code: 'INVALID_SESSION_ID', message }, path: '/limits$' });

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'ORG_ACCESS_DENIED' });
  });
});

describe('transient trouble', () => {
  it.each(REQUESTS)('is tried again at %s', async (_name, struck, ask) => {
    const org = await orgForTest({ restPageSize: 15 });
    const dock = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'status', status: 503, html: true }, path: struck, times: 2 });

    await ask(dock.salesforce, dock);

    expect(dock.retries.map((line) => line.replace(/^.*: /, ''))).toEqual(['ORG_BUSY', 'ORG_BUSY']);
  });

  it.each([
    ['a connection that is reset in the body', { kind: 'reset', afterBytes: 40 }, 'ORG_UNREACHABLE'],
    [
      'a connection that is reset before its announced end',
      { kind: 'reset', afterBytes: 40, withLength: true },
      'ORG_UNREACHABLE',
    ],
    ['a busy server with an empty answer', { kind: 'status', status: 502, message: '' }, 'ORG_BUSY'],
    [
      'too many requests at once',
      { kind: 'status', status: 403, code: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' },
      'ORG_BUSY',
    ],
    ['an unknown exception', { kind: 'status', status: 500, code: 'UNKNOWN_EXCEPTION' }, 'ORG_BUSY'],
  ] as const)('is %s', async (_name, fault, code) => {
    const org = await orgForTest();
    const { salesforce, signal, retries } = await dockFor(settingsFor(org));
    org.faults.add({ fault, path: '/limits$' });

    await salesforce.limits(signal);

    expect(retries).toEqual([`limits: ${code}`]);
  });

  it('is an answer that stalls: it is given up at its deadline', async () => {
    const org = await orgForTest();
    const { salesforce, signal, retries } = await dockFor(settingsFor(org), { deadlines: { answerMs: 30 } });
    org.faults.add({ fault: { kind: 'stall', afterBytes: 10 }, path: '/limits$' });

    await salesforce.limits(signal);

    expect(retries).toEqual(['limits: ORG_UNREACHABLE']);
  });

  it('is an answer that does not begin in time', async () => {
    const org = await orgForTest();
    const { salesforce, signal, retries } = await dockFor(settingsFor(org), { deadlines: { headersMs: 30 } });
    org.faults.add({ fault: { kind: 'hold' }, path: '/limits$' });

    await salesforce.limits(signal);

    expect(retries).toEqual(['limits: ORG_UNREACHABLE']);
  });

  it('waits as long as the org asks for', async () => {
    const org = await orgForTest();
    const { salesforce, signal, waits } = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'status', status: 503, retryAfter: 0.02 }, path: '/limits$' });

    await salesforce.limits(signal);

    expect(waits).toEqual([20]);
  });

  it('is given up when the org asks for a longer pause than a run can make', async () => {
    const org = await orgForTest();
    const { salesforce, signal, retries } = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'status', status: 503, retryAfter: 3600 }, path: '/limits$' });

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'ORG_BUSY' });
    expect(retries).toEqual([]);
  });

  it('is given up after some tries', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org), { retries: { tries: 3 } });
    const fault = org.faults.add({ fault: { kind: 'status', status: 503 }, path: '/limits$', times: 'always' });

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'ORG_BUSY' });
    expect(fault.hits()).toBe(3);
  });

  it('is given up when the whole run has tried too often', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org), { retries: { budget: 3 } });
    org.faults.add({ fault: { kind: 'status', status: 503 }, path: '/limits$', times: 2 });
    org.faults.add({ fault: { kind: 'status', status: 503 }, path: '/query', times: 'always' });

    await salesforce.limits(signal);

    await expect(salesforce.count(COUNT, signal)).rejects.toMatchObject({ code: 'RETRY_BUDGET_SPENT' });
  });

  it('is given up after two tries at an org that is deleted', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    const fault = org.faults.add({ fault: { kind: 'status', status: 420 }, path: '/limits$', times: 'always' });

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'ORG_BUSY' });
    expect(fault.hits()).toBe(2);
  });

  it('ends its pause when the run is stopped', async () => {
    const org = await orgForTest();
    const { salesforce, signal, stop, retries } = await dockFor(settingsFor(org), {
      retries: { firstPauseMs: 60_000 },
      onRetry: () => stop(),
    });
    org.faults.add({ fault: { kind: 'status', status: 503 }, path: '/limits$' });

    await expect(salesforce.limits(signal)).rejects.toThrow(/abort/i);
    expect(retries).toEqual([]);
  });
});

describe('trouble that does not heal', () => {
  it.each([
    ['an object that is not there', 'SELECT Id FROM Nothing__c', 'ORG_OBJECT_MISSING', 'Nothing__c'],
    ['a field that is not there', 'SELECT Id, Nothing__c FROM Contact', 'ORG_FIELD_MISSING', 'Nothing__c'],
    ['a query that does not parse', 'SELECT Id FROM', 'ORG_QUERY_REFUSED', 'MALFORMED_QUERY'],
  ])('fails at once: %s', async (_name, soql, code, said) => {
    const { salesforce, signal, retries } = await dockFor(settingsFor(await orgForTest()));

    await expect(salesforce.restQuery({ soql }, signal).next()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(said),
    });
    await expect(salesforce.createQueryJob(soql, { includeDeleted: false }, signal)).rejects.toMatchObject({ code });
    expect(retries).toEqual([]);
  });

  it.each(REQUESTS)('says so when the answer is cut off cleanly: %s', async (_name, path, ask) => {
    const org = await orgForTest({ restPageSize: 5 });
    const dock = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'cut', afterBytes: 1 }, path });

    await expect(ask(dock.salesforce, dock)).rejects.toMatchObject({ code: 'ORG_UNEXPECTED_ANSWER' });
  });

  it('fails at once: describe of an object that is not there', async () => {
    const { salesforce, signal } = await dockFor(settingsFor(await orgForTest()));

    await expect(salesforce.describe('Nothing__c', signal)).rejects.toMatchObject({
      code: 'ORG_OBJECT_MISSING',
      message: expect.stringContaining('describe Nothing__c'),
    });
  });

  it.each([
    ['a permission', { status: 403, code: 'INSUFFICIENT_ACCESS' }, 'ORG_ACCESS_DENIED'],
    ['an API that is switched off', { status: 403, code: 'API_DISABLED_FOR_ORG' }, 'ORG_ACCESS_DENIED'],
    ['a query that took two minutes', { status: 400, code: 'QUERY_TIMEOUT' }, 'ORG_QUERY_TIMEOUT'],
    ['a retired version', { status: 410, code: 'UNSUPPORTED_API_VERSION' }, 'ORG_UNEXPECTED_ANSWER'],
    ['a web page that says no', { status: 403, html: true }, 'ORG_ACCESS_DENIED'],
    ['a query that is too long', { status: 414, html: true }, 'ORG_QUERY_REFUSED'],
    [
      'a literal of the wrong type',
      { status: 400, code: 'INVALID_FIELD', message: 'value of filter criterion must be of type dateTime' },
      'ORG_QUERY_REFUSED',
    ],
  ])('fails at once: %s', async (_name, answer, code) => {
    const org = await orgForTest();
    const { salesforce, signal, retries } = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'status', ...answer }, path: '/query' });

    await expect(salesforce.count(COUNT, signal)).rejects.toMatchObject({ code });
    expect(retries).toEqual([]);
  });

  it('is a web page in the place of an answer', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'status', status: 200, html: true }, path: '/query' });

    await expect(salesforce.count(COUNT, signal)).rejects.toMatchObject({ code: 'ORG_UNEXPECTED_ANSWER' });
  });

  it('is an answer from something that does not speak HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-nothing\r\n'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const url = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
    const org = await orgForTest();

    const failure = dockFor(settingsFor({ url, credentials: org.credentials }), { retries: { tries: 2 } });

    await expect(failure).rejects.toMatchObject({ code: 'ORG_UNREACHABLE' });
    server.close();
  });
});

describe('the API budget', () => {
  it('stops before the first call past a number of calls', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(
      settingsFor(org, { apiBudget: { perRun: { calls: 2 }, keepFree: 0 } }),
    );
    await salesforce.limits(signal);
    await salesforce.limits(signal);

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'API_BUDGET_SPENT', spec: { exit: 5 } });
    expect(org.limit.used).toBe(2);
  });

  it("stops at a share of the org's quota, as soon as that is known", async () => {
    const org = await orgForTest({ dailyApiRequests: 30 });
    const { salesforce, signal } = await dockFor(
      settingsFor(org, { apiBudget: { perRun: { share: 0.1 }, keepFree: 0 } }),
    );
    for (let call = 0; call < 3; call++) await salesforce.limits(signal);

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'API_BUDGET_SPENT' });
    expect(salesforce.usage().calls).toBe(3);
  });

  it('leaves free what belongs to others', async () => {
    const org = await orgForTest({ dailyApiRequests: 100 });
    org.limit.used = 73;
    const { salesforce, signal } = await dockFor(settingsFor(org, { apiBudget: { perRun: null, keepFree: 0.25 } }));
    await salesforce.limits(signal);
    await salesforce.limits(signal);

    await expect(salesforce.limits(signal)).rejects.toMatchObject({
      code: 'API_BUDGET_SPENT',
      message: expect.stringContaining('75 of 100'),
    });
  });

  it('counts no call that the org has not counted: refused at its door, or not answered at all', async () => {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    await salesforce.limits(signal);
    org.expireSessions();
    org.faults.add({ fault: { kind: 'status', status: 503 }, path: '/limits$' });

    await salesforce.limits(signal);

    expect(salesforce.usage()).toMatchObject({ calls: 2, used: 2 });
    expect(org.limit.used).toBe(2);
  });

  it('reckons with its own calls where answers tell no usage', async () => {
    const org = await orgForTest({ dailyApiRequests: 100, bulkLimitInfo: false });
    const { salesforce, signal } = await dockFor(settingsFor(org, { apiBudget: { perRun: null, keepFree: 0.9 } }));
    await salesforce.limits(signal);
    const job = await salesforce.createQueryJob('SELECT Id FROM Contact', { includeDeleted: false }, signal);
    await salesforce.waitForJob(job, signal);

    expect(salesforce.usage()).toEqual({ calls: 3, mine: null, used: 3, limit: 100, left: 7 });
  });

  it('is spent when the org says that the quota is used up', async () => {
    const org = await orgForTest();
    const { salesforce, signal, retries } = await dockFor(settingsFor(org));
    org.faults.add({ fault: { kind: 'spent-limit' }, path: '/limits$' });

    await expect(salesforce.limits(signal)).rejects.toMatchObject({ code: 'API_BUDGET_SPENT' });
    expect(retries).toEqual([]);
  });
});
