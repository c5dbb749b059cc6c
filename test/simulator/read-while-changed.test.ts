import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org, type OrgOptions } from '../../src/simulator/org.ts';
import { API, askToken, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;

beforeAll(async () => {
  org = await startOrg({ students: 400, schools: 2, restPageSize: 200 });
  client = await signIn(org);
});
afterEach(() => {
  org.reset();
  org.timeouts.bulkRows = Infinity;
  org.timeouts.restRows = Infinity;
});
afterAll(async () => {
  await org.close();
});

const STUDENTS = "SELECT Id, LastName, Account.Name FROM Contact WHERE Contact_Type__c = 'Student'";

describe('a Bulk job', () => {
  it('gives the rows and the values of the instant when it was created, parents too', async () => {
    const account = org.records.insert('Account', { Name: 'Old name' });
    const id = org.records.insert('Contact', {
      LastName: 'Before',
      Contact_Type__c: 'Student',
      AccountId: account,
    });
    const job = await client.job(STUDENTS);
    org.records.update('Contact', id, { LastName: 'After' });
    org.records.update('Account', account, { Name: 'New name' });
    org.records.insert('Contact', { LastName: 'Later', Contact_Type__c: 'Student' });
    for (const gone of org.records.find('Contact', () => true, 5)) org.records.purge('Contact', gone);
    org.schema.hide('Contact.LastName');

    const text = await (await client.page(String(job['id']))).text();
    expect(text.split('\n')).toHaveLength(403);
    expect(text).toContain(`"${id}","Before","Old name"`);
    expect(text).not.toContain('Later');
  });

  it('gives the new values to the next job', async () => {
    const id = org.records.insert('Contact', { LastName: 'Before', Contact_Type__c: 'Student' });
    await (await client.page(String((await client.job(STUDENTS))['id']))).text();
    org.records.update('Contact', id, { LastName: 'After' });

    expect(await (await client.page(String((await client.job(STUDENTS))['id']))).text()).toContain(`"${id}","After"`);
  });

  it('keeps its results until it is expired', async () => {
    const [first, second] = [await client.job(STUDENTS), await client.job(STUDENTS)];
    const status = async (job: Record<string, unknown>): Promise<number> =>
      (await client.get(`${API}/jobs/query/${String(job['id'])}`)).status;
    org.expireJob(String(first['id']));
    expect([await status(first), await status(second)]).toEqual([404, 200]);

    await fetch(`${org.url}/simulator/jobs`, { method: 'DELETE' });
    expect(await status(second)).toBe(404);
    expect(await errorOf(await client.page(String(second['id'])))).toMatchObject({ errorCode: 'NOT_FOUND' });
  });
});

describe('a REST query', () => {
  it('gives the rows of the instant of the query, with the values that they have page by page', async () => {
    const first = await client.query(`${STUDENTS} ORDER BY Id`);
    const [late = ''] = org.records.find('Contact', () => true, 400).slice(300);
    org.records.update('Contact', late, { LastName: 'Changed while read' });
    org.records.insert('Contact', { LastName: 'Later', Contact_Type__c: 'Student' });
    const second = (await (await client.get(first.nextRecordsUrl ?? '')).json()) as typeof first;

    expect([first.records.length, second.records.length, second.done]).toEqual([200, 200, true]);
    expect(second.records).toContainEqual(expect.objectContaining({ Id: late, LastName: 'Changed while read' }));
  });
});

describe('a change while records are read', () => {
  it('happens right before the request that is told is answered', async () => {
    const [id = ''] = org.records.find('Contact', () => true, 1);
    const handle = org.onRequest({ path: '/query\\?', nth: 2 }, async () => {
      await Promise.resolve();
      org.records.update('Contact', id, { LastName: 'In between' });
    });
    const soql = `SELECT LastName FROM Contact WHERE Id = '${id}'`;
    const [before, after] = [await client.query(soql), await client.query(soql)];

    expect(before.records).not.toMatchObject([{ LastName: 'In between' }]);
    expect(after.records).toMatchObject([{ LastName: 'In between' }]);
    expect(handle.hits()).toBe(1);
  });
});

describe('a query that means too many rows', () => {
  it('fails as a job, in one of the ways that a real org has', async () => {
    org.timeouts.bulkRows = 100;
    const failures = [await client.job(STUDENTS), await client.job(STUDENTS)];
    const small = await client.job('SELECT Id FROM Account LIMIT 100');

    expect(failures.map((job) => job['state'])).toEqual(['Failed', 'Failed']);
    expect(new Set(failures.map((job) => job['errorMessage']))).toEqual(
      new Set([
        'InternalServerError : Retried more than thirty times',
        'QUERY_TIMEOUT: Your query request was running for too long.',
      ]),
    );
    expect(small).toMatchObject({ state: 'JobComplete' });
  });

  it('is refused by REST, and counted all the same', async () => {
    org.timeouts.restRows = 100;
    const refused = await client.get(`${API}/query?q=${encodeURIComponent(STUDENTS)}`);

    expect(await errorOf(refused)).toMatchObject({ status: 400, errorCode: 'QUERY_TIMEOUT' });
    expect((await client.query('SELECT COUNT() FROM Contact')).totalSize).toBeGreaterThan(100);
    expect((await client.query('SELECT Id FROM Contact LIMIT 100')).records).toHaveLength(100);
  });

  it('is told by an option, or over HTTP', async () => {
    const slow = await startOrg({ students: 5, bulkTimeoutRows: 1, restTimeoutRows: 1 });
    const slowClient = await signIn(slow);
    const failed = await slowClient.job('SELECT Id FROM Contact');
    const body = JSON.stringify({ bulkRows: null, restRows: 100_000 });
    await fetch(`${slow.url}/simulator/timeouts`, { method: 'POST', body });
    const done = await slowClient.job('SELECT Id FROM Contact');
    await slow.close();

    expect([failed['state'], done['state']]).toEqual(['Failed', 'JobComplete']);
  });
});

describe('the clock and the limit', () => {
  it('are told by the answers, as the org sees them', async () => {
    const skewed = await startOrg({ students: 5, now: () => new Date('2031-05-06T07:08:09Z'), bulkLimitInfo: false });
    const skewedClient = await signIn(skewed);
    const answers = [
      await skewedClient.get(`${API}/limits`),
      await skewedClient.get(`${API}/query?q=nonsense`),
      await skewedClient.get(`${API}/sobjects/Nothing__c/describe`),
      await skewedClient.get(`${API}/jobs/query`),
      await askToken(skewed, { grant_type: 'none' }),
    ];
    await skewed.close();

    expect(new Set(answers.map(({ headers }) => headers.get('date')))).toEqual(
      new Set(['Tue, 06 May 2031 07:08:09 GMT']),
    );
    expect(answers.map(({ headers }) => headers.get('sforce-limit-info'))).toEqual([
      'api-usage=1/100000',
      'api-usage=2/100000',
      'api-usage=3/100000',
      null,
      null,
    ]);
  });
});

async function idOf(options: OrgOptions): Promise<string> {
  const one = await startOrg(options);
  const form = { client_id: one.credentials.clientId, client_secret: one.credentials.clientSecret };
  const answer = await askToken(one, { grant_type: 'client_credentials', ...form });
  const { id } = (await answer.json()) as { id: string };
  await one.close();
  expect(id.split('/').at(-2)).toBe(one.id);
  return one.id;
}

describe('the id of an org', () => {
  it('is the same for equal options, and another for another size or seed', async () => {
    const [first, again, larger, seeded] = [
      await idOf({ students: 5, restPageSize: 3 }),
      await idOf({ students: 5 }),
      await idOf({ students: 6 }),
      await idOf({ students: 5, seed: 2 }),
    ];

    expect(first).toMatch(/^00D\w{15}$/);
    expect(again).toBe(first);
    expect(new Set([first, larger, seeded]).size).toBe(3);
  });
});
