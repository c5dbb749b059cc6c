import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;

beforeAll(async () => {
  org = await startOrg({ students: 2500, schools: 20, bulkPageSize: 900 });
  client = await signIn(org);
});
afterAll(async () => {
  await org.close();
});

const STUDENTS =
  "SELECT Id, FirstName, MiddleName, Current_Grade__c, Birthdate, DoNotCall, SystemModstamp, npsp__Primary_Affiliation__r.Name, Local_Student_ID__c, Racial_Ethnic_Background__c FROM Contact WHERE Contact_Type__c = 'Student'";

async function refusalOf(query: string, more: Record<string, string> = {}): Promise<unknown> {
  return errorOf(await client.send('POST', `${API}/jobs/query`, { operation: 'query', query, ...more }));
}

describe('a query job', () => {
  it('moves on by polls', async () => {
    const slow = await startOrg({ students: 10, jobPace: { pollsQueued: 1, pollsRunning: 2 } });
    const slowClient = await signIn(slow);
    const created = await slowClient.send('POST', `${API}/jobs/query`, { operation: 'query', query: STUDENTS });
    const job = (await created.json()) as Record<string, unknown>;
    const states = [job['state']];
    for (let poll = 0; poll < 5; poll += 1) {
      const info = (await (await slowClient.get(`${API}/jobs/query/${String(job['id'])}`)).json()) as {
        state: string;
      };
      states.push(info.state);
    }
    await slow.close();

    expect(states).toEqual([
      'UploadComplete',
      'UploadComplete',
      'InProgress',
      'InProgress',
      'JobComplete',
      'JobComplete',
    ]);
    expect(job).toMatchObject({ object: 'Contact', operation: 'query', lineEnding: 'LF', columnDelimiter: 'COMMA' });
  });

  it('tells how many rows it found once it is complete', async () => {
    expect(await client.job(STUDENTS)).toMatchObject({
      state: 'JobComplete',
      numberRecordsProcessed: 2500,
      jobType: 'V2Query',
    });
  });

  it('is aborted while it runs and deleted when it does not', async () => {
    const created = await client.send('POST', `${API}/jobs/query`, { operation: 'query', query: STUDENTS });
    const { id } = (await created.json()) as { id: string };
    const path = `${API}/jobs/query/${id}`;

    expect(await errorOf(await client.send('DELETE', path))).toMatchObject({
      status: 400,
      errorCode: 'INVALIDJOBSTATE',
    });
    expect(await errorOf(await client.page(id))).toMatchObject({ errorCode: 'INVALIDJOBSTATE' });
    expect(await (await client.send('PATCH', path, { state: 'Aborted' })).json()).toMatchObject({ state: 'Aborted' });
    expect((await client.send('DELETE', path)).status).toBe(204);
    expect(await errorOf(await client.get(path))).toMatchObject({ status: 404, errorCode: 'NOT_FOUND' });
  });

  it('is refused at once when its query cannot run, or Bulk cannot run it', async () => {
    expect(await refusalOf('SELECT Id FROM')).toMatchObject({ status: 400, errorCode: 'MALFORMED_QUERY' });
    expect(await refusalOf('SELECT Id, Nope FROM Contact')).toMatchObject({ errorCode: 'INVALID_FIELD' });
    expect(await refusalOf('SELECT MailingAddress FROM Contact')).toMatchObject({
      message: expect.stringContaining('Selecting compound data not supported in Bulk Query'),
    });
    for (const query of [
      'SELECT COUNT() FROM Contact',
      'SELECT Type, COUNT(Id) FROM Account GROUP BY Type',
      'SELECT Id FROM Contact OFFSET 5',
      'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
    ]) {
      expect(await refusalOf(query)).toMatchObject({
        status: 400,
        message: expect.stringContaining('not supported in Bulk'),
      });
    }
    expect(await refusalOf(STUDENTS, { columnDelimiter: 'STAR' })).toMatchObject({ status: 400 });
  });
});

describe('result pages', () => {
  it('repeat the header, count their rows, and end with the locator null', async () => {
    const { id } = await client.job(STUDENTS);
    const ids: string[] = [];
    const counts: unknown[] = [];
    let locator: string | undefined;
    while (locator !== 'null') {
      const page = await client.page(String(id), { maxRecords: 2000, ...(locator === undefined ? {} : { locator }) });
      const rows = parse(await page.text(), { columns: true });
      counts.push([page.headers.get('sforce-numberofrecords'), rows.length]);
      ids.push(...rows.map((row) => (row as { Id: string }).Id));
      locator = page.headers.get('sforce-locator') ?? undefined;
    }

    expect(counts).toEqual([
      ['900', 900],
      ['900', 900],
      ['700', 700],
    ]);
    expect(new Set(ids).size).toBe(2500);
  });

  it('give the same page for the same locator, packed or not', async () => {
    const { id } = await client.job(STUDENTS);
    const first = await client.page(String(id), { maxRecords: 100 });
    const locator = first.headers.get('sforce-locator') ?? '';
    const [once, again] = await Promise.all(
      [1, 2].map(async () => client.page(String(id), { locator, maxRecords: 100 })),
    );
    const plain = await client.get(`${API}/jobs/query/${String(id)}/results?maxRecords=100&locator=${locator}`, {
      'accept-encoding': 'identity',
    });

    const text = await once?.text();
    expect(once?.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await again?.text()).toBe(text);
    expect(await plain.text()).toBe(text);
  });

  it('hold the same values as REST, in the form of Bulk', async () => {
    const { id } = await client.job(`${STUDENTS} ORDER BY Id LIMIT 600`);
    const text = await (await client.page(String(id))).text();
    const rows = parse(text, { columns: true, skip_empty_lines: false }) as unknown as Record<string, string>[];
    const rest = await client.query(`${STUDENTS} ORDER BY Id LIMIT 600`);

    const expected = rest.records.map((record) => ({
      ...Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textOf(value)])),
      Current_Grade__c: record['Current_Grade__c'] === null ? '' : fraction(record['Current_Grade__c']),
      SystemModstamp: String(record['SystemModstamp']).replace('+0000', 'Z'),
      'npsp__Primary_Affiliation__r.Name':
        (record['npsp__Primary_Affiliation__r'] as { Name: string } | null)?.Name ?? '',
    }));
    for (const record of expected) {
      Reflect.deleteProperty(record, 'attributes');
      Reflect.deleteProperty(record, 'npsp__Primary_Affiliation__r');
    }
    expect(rows).toEqual(expected);
    expect(text.split('\n')[0]).toBe(
      '"Id","FirstName","MiddleName","Current_Grade__c","Birthdate","DoNotCall","SystemModstamp","npsp__Primary_Affiliation__r.Name","Local_Student_ID__c","Racial_Ethnic_Background__c"',
    );
    expect(text).toContain('"Jo ""Jojo"""');
  });

  it('come in the delimiter and line ending asked for', async () => {
    const { id } = await client.job("SELECT Id, Name FROM Account WHERE Type = 'School' ORDER BY Id LIMIT 2", {
      columnDelimiter: 'TAB',
      lineEnding: 'CRLF',
    });

    expect(await (await client.page(String(id))).text()).toMatch(/^"Id"\t"Name"\r\n"001\w{15}"\t"[^"]*"\r\n"001/);
  });

  it('are only a header when nothing was found', async () => {
    const job = await client.job("SELECT Id FROM Contact WHERE LastName = 'nobody at all'");
    const page = await client.page(String(job['id']));

    expect(job['numberRecordsProcessed']).toBe(0);
    expect(page.headers.get('sforce-numberofrecords')).toBe('0');
    expect(page.headers.get('sforce-locator')).toBe('null');
    expect(await page.text()).toBe('"Id"\n');
  });

  it('are refused under another API version and for a strange locator', async () => {
    const { id } = await client.job(STUDENTS);

    expect((await client.get(`/services/data/v60.0/jobs/query/${String(id)}/results`)).status).toBe(409);
    expect(await errorOf(await client.page(String(id), { locator: 'nonsense' }))).toMatchObject({
      status: 400,
      errorCode: 'INVALID_QUERY_LOCATOR',
    });
  });

  it('travel chunked and packed on the wire', async () => {
    const { id } = await client.job(STUDENTS);
    const { clientId, clientSecret } = org.credentials;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const token = (await (await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    const answer = await new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token.access_token}`, 'accept-encoding': 'gzip' };
      request(`${org.url}${API}/jobs/query/${String(id)}/results`, { headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => {
          resolve({ headers: response.headers, body: Buffer.concat(pieces) });
        });
      })
        .on('error', reject)
        .end();
    });

    expect(answer.headers).toMatchObject({ 'transfer-encoding': 'chunked', 'content-encoding': 'gzip' });
    expect(gunzipSync(answer.body).toString()).toMatch(/^"Id",/);
  });
});

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function fraction(value: unknown): string {
  return Number.isInteger(value) ? `${String(value)}.0` : String(value);
}
