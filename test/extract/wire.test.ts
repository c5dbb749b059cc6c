import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { http, HttpResponse } from 'msw';
import { extract, type ExtractRequest } from '../../src/extract/extract.ts';
import type { SourceBatch } from '../../src/flow/source-batch.ts';
import { all, dockFor, mappingForTest, settingsFor } from '../support/dock.ts';
import { network } from '../support/network.ts';

/** Answers that the simulated org does not give, but that real ones, old ones and proxies do. */
const ORG = 'https://school.my.salesforce.com';
const DATA = `${ORG}/services/data/v62.0`;
const ID = '0035e0000000001AAA';

beforeAll(() => network.enable());
afterEach(() => network.resetHandlers());
afterAll(() => network.disable());

interface Page {
  readonly csv: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An org that answers a Bulk job with these pages, in this order, whatever is asked. */
function bulkOrg(pages: readonly Page[], records: number): void {
  let next = 0;
  network.use(
    ...login(),
    http.post(`${DATA}/jobs/query`, () => HttpResponse.json({ id: 'JOB', state: 'UploadComplete' })),
    http.get(`${DATA}/jobs/query/JOB`, () =>
      HttpResponse.json({ id: 'JOB', state: 'JobComplete', numberRecordsProcessed: records }),
    ),
    http.get(`${DATA}/jobs/query/JOB/results`, () => {
      const { csv, headers } = pages[Math.min(next++, pages.length - 1)] ?? { csv: '' };
      const one = { 'content-type': 'text/csv', 'sforce-locator': 'null', 'sforce-numberofrecords': '1', ...headers };
      return new HttpResponse(csv, { headers: one });
    }),
  );
}

/** An org that answers a query with these pages. */
function restOrg(pages: readonly string[]): void {
  const answer = (at: number) => () =>
    new HttpResponse(pages[at] ?? '', { headers: { 'content-type': 'application/json' } });
  network.use(...login(), http.get(`${DATA}/query`, answer(0)), http.get(`${DATA}/query/more`, answer(1)));
}

function login(token: () => object = () => ({})) {
  const grant = { access_token: '00D!one', instance_url: ORG, id: `${ORG}/id/00D000000000001AAA/005000000000001AAA` };
  return [http.post(`${ORG}/services/oauth2/token`, () => HttpResponse.json({ ...grant, ...token() }))];
}

async function read(
  api: 'rest' | 'bulk',
  fields: readonly string[],
  more: Partial<ExtractRequest> = {},
): Promise<SourceBatch[]> {
  const credentials = { clientId: 'id', clientSecret: 'secret', refreshToken: 'first' };
  const settings = settingsFor({ url: ORG, credentials: credentials as never });
  const { salesforce, signal } = await dockFor(settings, { retries: { tries: 2 } });
  const deps = { salesforce, signal, log: { info: () => undefined } };
  return all(extract({ mapping: mappingForTest(fields, { api }), batchSize: 100, limit: null, ...more }, deps));
}

function valuesOf(batches: readonly SourceBatch[]): (readonly string[])[] {
  return batches.flatMap(({ records }) => records.map(({ values }) => values));
}

describe('a Bulk page', () => {
  it('may have CRLF, bare values and no gzip', async () => {
    bulkOrg([{ csv: `Id,"LastName"\r\n${ID},"A\nB"\r\n` }], 1);

    expect(valuesOf(await read('bulk', ['Id', 'LastName']))).toEqual([[ID, 'A\nB']]);
  });

  it('may have its columns in another order and another case', async () => {
    bulkOrg([{ csv: `"LASTNAME","Id"\n"Bell","${ID}"\n` }], 1);

    const [batch] = await read('bulk', ['Id', 'LastName']);

    expect(batch?.records[0]?.id).toBe(ID);
    expect(batch?.records[0]?.values).toEqual([ID, 'Bell']);
  });

  it('may be empty to the last byte when there is no record', async () => {
    bulkOrg([{ csv: '', headers: { 'sforce-numberofrecords': '0' } }], 0);

    expect(await read('bulk', ['Id'])).toMatchObject([{ records: [], last: true }]);
  });

  it('gives an id of 15 characters its checksum, and an invalid one none', async () => {
    const csv = `"Id"\n"001A0000006Vm9r"\n"not an id"\n"001A0000006Vm9rAAA"\n`;
    bulkOrg([{ csv, headers: { 'sforce-numberofrecords': '3' } }], 3);

    const [batch] = await read('bulk', ['Id']);

    expect(batch?.records.map(({ id }) => id)).toEqual(['001A0000006Vm9rIAC', '', '']);
  });

  it.each([
    ['lacks a column', { csv: `"Id"\n"${ID}"\n` }],
    ['has a column that nobody selected', { csv: `"Id","LastName","Phone"\n"${ID}","A","B"\n` }],
    ['has a record with a value too few', { csv: `"Id","LastName"\n"${ID}"\n` }],
    [
      'does not say how many records it has',
      { csv: `"Id","LastName"\n"${ID}","A"\n`, headers: { 'sforce-numberofrecords': '' } },
    ],
    ['ends without its last line break', { csv: `"Id","LastName"\n"${ID}","O"` }],
  ])('is refused when it %s', async (_what, page) => {
    bulkOrg([page], 1);

    await expect(read('bulk', ['Id', 'LastName'])).rejects.toMatchObject({ code: 'ORG_RESULT_BROKEN' });
  });

  it('is refused when it is no CSV', async () => {
    bulkOrg([{ csv: '<html>', headers: { 'content-type': 'text/html' } }], 1);

    await expect(read('bulk', ['Id'])).rejects.toMatchObject({ code: 'ORG_UNEXPECTED_ANSWER' });
  });

  it('ends the reading when pages go round in a circle', async () => {
    const csv = `"Id"\n"${ID}"\n`;
    bulkOrg([{ csv, headers: { 'sforce-locator': 'two' } }], 9);

    await expect(read('bulk', ['Id'])).rejects.toMatchObject({ message: expect.stringContaining('circle') });
  });

  it('ends the reading when all pages together hold fewer records than the job says', async () => {
    bulkOrg([{ csv: `"Id"\n"${ID}"\n` }], 2);

    await expect(read('bulk', ['Id'])).rejects.toMatchObject({ message: 'the pages hold 1 records of 2' });
  });
});

function record(values: string): string {
  return `{"attributes":{"type":"Contact"},${values}}`;
}

/** A page of one record. */
function pageWith(more: string): string {
  return `{"totalSize":3,${more},"records":[${record(`"Id":"${ID}"`)}]}`;
}

describe('a REST page', () => {
  it('gives numbers as they were sent', async () => {
    const records = record(`"Id":"${ID}","A":9.0,"B":1.0E7,"C":12345678901234567890,"D":-0.10`);
    restOrg([`{"totalSize":1,"done":true,"records":[${records}]}`]);

    expect(valuesOf(await read('rest', ['Id', 'A', 'B', 'C', 'D']))).toEqual([
      [ID, '9.0', '1.0E7', '12345678901234567890', '-0.10'],
    ]);
  });

  it('gives nothing for a parent that is empty, and its fields in whatever case', async () => {
    const records = [
      record(`"Id":"${ID}","Account":{"Name":"North","Owner":{"Name":"Kim"}}`),
      record(`"Id":"${ID}","Account":null`),
    ];
    restOrg([`{"totalSize":2,"done":true,"records":[${records.join(',')}]}`]);

    expect(valuesOf(await read('rest', ['id', 'account.name', 'ACCOUNT.Owner.Name']))).toEqual([
      [ID, 'North', 'Kim'],
      [ID, '', ''],
    ]);
  });

  it('is refused when the pages hold fewer records than the query has', async () => {
    restOrg([pageWith('"done":false,"nextRecordsUrl":"/services/data/v62.0/query/more"'), pageWith('"done":true')]);

    await expect(read('rest', ['Id'])).rejects.toMatchObject({ message: 'the query ends after 2 records of 3' });
  });

  it.each([
    ['is no JSON', 'not json'],
    ['is empty', ''],
    ['holds no records', '{"totalSize":1,"done":true}'],
    ['does not say where the next is', '{"totalSize":1,"done":false,"records":[]}'],
  ])('is refused when it %s', async (_what, body) => {
    restOrg([body]);

    await expect(read('rest', ['Id'])).rejects.toMatchObject({ code: 'ORG_UNEXPECTED_ANSWER' });
  });
});

describe('a session', () => {
  it('moves to another address when a login says so', async () => {
    const other = 'https://moved.my.salesforce.com';
    let logins = 0;
    network.use(
      ...login(() => (++logins === 1 ? {} : { access_token: '00D!two', instance_url: other })),
      http.get(`${DATA}/query`, () =>
        HttpResponse.json([{ errorCode: 'INVALID_SESSION_ID', message: 'expired' }], { status: 401 }),
      ),
      http.get(`${other}/services/data/v62.0/query`, ({ request }) =>
        request.headers.get('authorization') === 'Bearer 00D!two'
          ? HttpResponse.json({ totalSize: 1, done: true, records: [{ Id: ID }] })
          : new HttpResponse(null, { status: 500 }),
      ),
    );

    expect(valuesOf(await read('rest', ['Id']))).toEqual([[ID]]);
  });
});
