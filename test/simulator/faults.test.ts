import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anyFault, FAULT_KINDS, type FaultRule } from '../../src/simulator/faults.ts';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, askToken, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;
let jobId: string;

beforeAll(async () => {
  org = await startOrg({ students: 3000, schools: 5, restPageSize: 500 });
  client = await signIn(org);
  const job = await client.job("SELECT Id, FirstName, LastName FROM Contact WHERE Contact_Type__c = 'Student'");
  jobId = String(job['id']);
});
afterEach(() => {
  org.faults.clear();
});
afterAll(async () => {
  await org.close();
});

const LIMITS = `${API}/limits`;

/** Faults of one seed. */
function draws(count: number): FaultRule[] {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 0x1_0000_0000;
  };
  return Array.from({ length: count }, () => anyFault(random));
}

async function limitsStatus(): Promise<number> {
  return (await client.get(LIMITS)).status;
}

describe('a fault', () => {
  it('strikes the nth matching request, so many times, and no other', async () => {
    const fault = org.faults.add({
      fault: { kind: 'status', status: 503 },
      method: 'get',
      path: '/limits$',
      nth: 2,
      times: 2,
    });

    const statuses = [];
    for (let request = 0; request < 5; request += 1) statuses.push(await limitsStatus());
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect(fault.hits()).toBe(2);
    expect((await client.get(`${API}/sobjects`)).status).toBe(200);
  });

  it('goes on until it is released, when it is told to', async () => {
    const fault = org.faults.add({ fault: { kind: 'status', status: 500 }, times: 'always' });

    expect([await limitsStatus(), await limitsStatus()]).toEqual([500, 500]);
    fault.release();
    expect(await limitsStatus()).toBe(200);
  });

  it('can be a status with a code, a pause to keep, or a page in HTML', async () => {
    org.faults.add({ fault: { kind: 'status', status: 429, code: 'TOO_MANY', message: 'slower', retryAfter: 3 } });
    const busy = await client.get(LIMITS);
    org.faults.add({ fault: { kind: 'status', status: 503, html: true } });
    const maintenance = await client.get(LIMITS);
    org.faults.add({ fault: { kind: 'status', status: 400, code: 'inactive_org', message: 'org is gone' } });
    const login = await askToken(org, { grant_type: 'client_credentials' });

    expect(busy.headers.get('retry-after')).toBe('3');
    expect(await errorOf(busy)).toEqual({ status: 429, errorCode: 'TOO_MANY', message: 'slower' });
    expect(maintenance.headers.get('content-type')).toBe('text/html');
    expect(await maintenance.text()).toContain('<h1>');
    expect(await login.json()).toEqual({ error: 'inactive_org', error_description: 'org is gone' });
  });

  it.each([{ withLength: false }, { withLength: true }])('resets the connection inside the body: %o', async (how) => {
    org.faults.add({ fault: { kind: 'reset', afterBytes: 5000, ...how }, path: '/results' });
    const page = await client.page(jobId);

    expect(page.status).toBe(200);
    expect(page.headers.has('content-length')).toBe(how.withLength);
    await expect(page.text()).rejects.toThrow('terminated');
    expect((await (await client.page(jobId)).text()).split('\n')).toHaveLength(3002);
  });

  it('ends a body cleanly and too early', async () => {
    org.faults.add({ fault: { kind: 'cut', afterBytes: 1000 }, path: '/query\\?' });
    const soql = encodeURIComponent('SELECT Id FROM Contact');
    const text = await (await client.get(`${API}/query?q=${soql}`)).text();

    expect(text).toHaveLength(1000);
  });

  it('truncates a page between rows or inside of one', async () => {
    org.faults.add({ fault: { kind: 'truncate', rows: 2 }, path: '/results' });
    const between = await client.page(jobId);
    org.faults.add({ fault: { kind: 'truncate', rows: 2, insideRow: true }, path: '/results' });
    const inside = await (await client.page(jobId)).text();

    expect(between.headers.get('sforce-numberofrecords')).toBe('3000');
    expect(await between.text()).toMatch(/^"Id".*\n"003.*\n"003.*\n$/);
    expect(inside).toMatch(/^"Id".*\n"003.*\n"003.*\n"003[^\n]+$/);
  });

  it('lies about the rows of a page, or hides where the next begins', async () => {
    org.faults.add({ fault: { kind: 'wrong-count', by: -1 }, path: '/results' });
    org.faults.add({ fault: { kind: 'no-locator' }, path: '/results' });
    const page = await client.page(jobId, { maxRecords: 10 });

    expect(page.headers.get('sforce-numberofrecords')).toBe('9');
    expect(page.headers.has('sforce-locator')).toBe(false);
  });

  it('puts bytes into a page that are no UTF-8', async () => {
    org.faults.add({ fault: { kind: 'invalid-utf8', row: 1 }, path: '/results' });
    const bytes = Buffer.from(await (await client.page(jobId, { maxRecords: 3 })).arrayBuffer());

    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow('not valid');
    expect(bytes.toString().split('\n')).toHaveLength(5);
    expect(bytes.toString().split('\n')[2]).toContain('\ufffd');
  });

  it('lets the session or the locator expire', async () => {
    org.faults.add({ fault: { kind: 'expire-session' }, path: '/limits' });
    expect(await errorOf(await client.get(LIMITS))).toMatchObject({ status: 401, errorCode: 'INVALID_SESSION_ID' });
    client = await signIn(org);

    org.faults.add({ fault: { kind: 'expire-locator' }, path: '/query/0r8' });
    const { nextRecordsUrl = '' } = await client.query('SELECT Id FROM Contact');
    expect(await errorOf(await client.get(nextRecordsUrl))).toMatchObject({ errorCode: 'INVALID_QUERY_LOCATOR' });
    expect(await errorOf(await client.get(nextRecordsUrl))).toMatchObject({ errorCode: 'INVALID_QUERY_LOCATOR' });
  });

  it('fails a job with its reason', async () => {
    org.faults.add({ fault: { kind: 'fail-job', message: 'QUERY_TIMEOUT: too long' }, path: '/jobs/query/750' });

    expect(await client.job('SELECT Id FROM Contact')).toMatchObject({
      state: 'Failed',
      errorMessage: 'QUERY_TIMEOUT: too long',
    });
  });

  it('holds an answer until it is let go', async () => {
    const fault = org.faults.add({ fault: { kind: 'hold' }, path: '/limits' });
    let answered = false;
    const waiting = client.get(LIMITS).finally(() => {
      answered = true;
    });
    await client.get(`${API}/sobjects`);
    expect(answered).toBe(false);
    fault.release();

    expect((await waiting).status).toBe(200);
  });

  it('stalls inside a body and keeps the connection open', async () => {
    const fault = org.faults.add({ fault: { kind: 'stall', afterBytes: 3000 }, path: '/results' });
    const reader = (await client.page(jobId)).body?.getReader();
    const first = await reader?.read();
    const second = reader?.read();
    fault.release();

    expect(first?.done).toBe(false);
    await expect(second).rejects.toThrow('terminated');
  });

  it('answers late', async () => {
    org.faults.add({ fault: { kind: 'delay', ms: 30 }, path: '/limits' });
    const before = performance.now();
    await limitsStatus();

    expect(performance.now() - before).toBeGreaterThan(25);
  });

  it('spends the daily limit', async () => {
    const other = await startOrg({ students: 10 });
    const otherClient = await signIn(other);
    other.faults.add({ fault: { kind: 'spent-limit' } });

    const spent = await otherClient.get(LIMITS);
    const after = await otherClient.get(LIMITS);
    await other.close();
    expect(await errorOf(spent)).toMatchObject({ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED' });
    expect(after.status).toBe(403);
  });
});

describe('a connection that dies in place of an answer', () => {
  it.each([
    { before: true, made: 0 },
    { before: false, made: 1 },
  ])('may have carried the request out or not: %o', async ({ before, made }) => {
    const jobs = async (): Promise<number> =>
      ((await (await client.get(`${API}/jobs/query`)).json()) as { records: unknown[] }).records.length;
    const known = await jobs();
    org.faults.add({ fault: { kind: 'drop', before }, method: 'POST', path: '/jobs/query' });
    const created = client.send('POST', `${API}/jobs/query`, { operation: 'query', query: 'SELECT Id FROM Account' });

    await expect(created).rejects.toThrow('fetch failed');
    expect((await jobs()) - known).toBe(made);
  });
});

describe('a job', () => {
  it('can be gone when it is asked for', async () => {
    const gone = await client.job('SELECT Id FROM Account');
    org.faults.add({ fault: { kind: 'expire-job' }, path: '/results' });

    expect(await errorOf(await client.page(String(gone['id'])))).toMatchObject({ status: 404 });
    expect(await errorOf(await client.page(String(gone['id'])))).toMatchObject({ status: 404 });
  });
});

describe('what is held or stalled', () => {
  it('goes on by itself when it is told how long', async () => {
    org.faults.add({ fault: { kind: 'hold', forMs: 5 }, path: '/limits' });
    expect(await limitsStatus()).toBe(200);
    org.faults.add({ fault: { kind: 'stall', afterBytes: 10, forMs: 5 }, path: '/limits' });

    await expect((await client.get(LIMITS)).text()).rejects.toThrow('terminated');
  });
});

describe('any fault', () => {
  it('is drawn from all kinds, the same by the same numbers, and can be told over HTTP', async () => {
    const rules = draws(500);
    expect(rules).toEqual(draws(500));
    expect(new Set(rules.map(({ fault }) => fault.kind))).toEqual(new Set(FAULT_KINDS));
    for (const rule of rules.slice(0, 50)) {
      const body = JSON.stringify(rule);
      expect((await fetch(`${org.url}/simulator/faults`, { method: 'POST', body })).status).toBe(204);
    }
  });
});

describe('faults from another process', () => {
  it('are switched on and off over HTTP, where nothing else is struck', async () => {
    const body = { fault: { kind: 'status', status: 502 }, path: '/limits', times: 'always' };
    const on = await fetch(`${org.url}/simulator/faults`, { method: 'POST', body: JSON.stringify(body) });
    const struck = await limitsStatus();
    const off = await fetch(`${org.url}/simulator/faults`, { method: 'DELETE' });

    expect([on.status, struck, off.status, await limitsStatus()]).toEqual([204, 502, 204, 200]);
  });

  it('are refused when there is no such fault', async () => {
    const refused = await fetch(`${org.url}/simulator/faults`, { method: 'POST', body: '{"fault":{"kind":"rain"}}' });

    expect(await errorOf(refused)).toMatchObject({ status: 400, errorCode: 'INVALID_FAULT' });
  });
});

describe('the log of requests', () => {
  it('tells method, path and status, and no query', async () => {
    await client.query("SELECT Id FROM Contact WHERE LastName = 'secret'");

    expect(org.requests.at(-1)).toEqual({ method: 'GET', path: `${API}/query`, status: 200 });
    expect(JSON.stringify(org.requests)).not.toContain('secret');
  });
});
