import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;

beforeAll(async () => {
  org = await startOrg({ students: 20, schools: 2 });
  client = await signIn(org);
});
afterAll(async () => {
  await org.close();
});

interface Batch {
  readonly hasErrors: boolean;
  readonly results: { readonly statusCode: number; readonly result: unknown }[];
}

async function batch(urls: readonly string[], more: Record<string, unknown> = {}): Promise<Batch> {
  const batchRequests = urls.map((url) => ({ method: 'GET', url }));
  const response = await client.send('POST', `${API}/composite/batch`, { batchRequests, ...more });
  return (await response.json()) as Batch;
}

describe('a batch of requests', () => {
  it('describes and queries many objects in one counted call', async () => {
    const before = org.limit.used;
    const soql = encodeURIComponent('SELECT Id FROM Contact LIMIT 1');
    const objects = org.records.table('Contact') ? ['Account', 'Contact', 'Task'] : [];
    const described = objects.map((object) => `v62.0/sobjects/${object}/describe`);
    const { hasErrors, results } = await batch([...described, `v62.0/query?q=${soql}`, `${API}/limits`]);

    expect(org.limit.used - before).toBe(1);
    expect(hasErrors).toBe(false);
    expect(results.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    expect(results.map(({ result }) => result)).toMatchObject([
      { name: 'Account' },
      { name: 'Contact', fields: expect.any(Array) },
      { name: 'Task' },
      { totalSize: 1, records: [{ attributes: { type: 'Contact' } }] },
      { DailyApiRequests: { Max: 100_000 } },
    ]);
  });

  it('gives each its own status, and stops at an error when it is told to', async () => {
    const urls = ['v62.0/sobjects/Nothing__c/describe', 'v62.0/limits'];

    expect(await batch(urls)).toMatchObject({
      hasErrors: true,
      results: [{ statusCode: 404, result: [{ errorCode: 'NOT_FOUND' }] }, { statusCode: 200 }],
    });
    expect(await batch(urls, { haltOnError: true })).toMatchObject({
      results: [{ statusCode: 404 }, { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED' }] }],
    });
  });

  it('holds 25 at most', async () => {
    const refused = await client.send('POST', `${API}/composite/batch`, {
      batchRequests: Array.from({ length: 26 }, () => ({ method: 'GET', url: 'v62.0/limits' })),
    });

    expect(await errorOf(refused)).toMatchObject({ status: 400, errorCode: 'LIMIT_EXCEEDED' });
  });
});
