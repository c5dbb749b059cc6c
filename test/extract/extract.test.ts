import { describe, expect, it } from '@jest/globals';
import { extract, type ExtractDeps, type ExtractRequest } from '../../src/extract/extract.ts';
import type { SourceBatch } from '../../src/flow/source-batch.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import type { Org, OrgOptions } from '../../src/simulator/org.ts';
import { all, dockFor, mappingForTest, orgForTest, settingsFor, type TestDock } from '../support/dock.ts';

const FIELDS = ['Id', 'LastName', 'npsp__Primary_Affiliation__r.Name', 'Current_Grade__c', 'SystemModstamp'];
const RESULTS = '/results';
/** Path of the second page: only later pages have a locator. */
const SECOND_PAGE = '/results[?].*locator=';

interface Reading {
  readonly org: Org;
  readonly dock: TestDock;
  readonly expected: readonly number[];
  read(request?: Partial<ExtractRequest>, deps?: Partial<ExtractDeps>): AsyncGenerator<SourceBatch, void, undefined>;
}

/** An org with 40 students whose Bulk pages hold 15 records, and a way to read them in batches of 6. */
async function reading(api: 'bulk' | 'rest' | 'auto', options: OrgOptions = {}, fields = FIELDS): Promise<Reading> {
  const org = await orgForTest({ restPageSize: 15, ...options });
  const dock = await dockFor(settingsFor(org), { deadlines: { idleMs: 300 } });
  const expected: number[] = [];
  const mapping = mappingForTest(fields, { api });
  return {
    org,
    dock,
    expected,
    read: (request = {}, deps = {}) =>
      extract(
        { mapping, batchSize: 6, limit: null, ...request },
        {
          salesforce: dock.salesforce,
          signal: dock.signal,
          log: { info: () => undefined },
          onExpected: (records) => expected.push(records),
          pageRecords: 15,
          ...deps,
        },
      ),
  };
}

function idsOf(batches: readonly SourceBatch[]): string[] {
  return batches.flatMap(({ records }) => records.map(({ id }) => id));
}

function studentIds(org: Org): string[] {
  return org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student').toSorted();
}

function paths(org: Org): string[] {
  return org.requests.map(
    ({ method, path }) => `${method} ${path.replace(/^.*\/v62\.0/, '').replace(/750\w+/, 'JOB')}`,
  );
}

describe('reading by Bulk', () => {
  it('gives every record once, in batches that end with their page', async () => {
    const { org, expected, read } = await reading('bulk');

    const batches = await all(read());

    expect(batches.map(({ records }) => records.length)).toEqual([6, 6, 3, 6, 6, 3, 6, 4]);
    expect(batches.map(({ last }) => last)).toEqual([false, false, true, false, false, true, false, true]);
    expect(batches.map(({ slice }) => slice.ordinal)).toEqual([1, 1, 1, 2, 2, 2, 3, 3]);
    expect(idsOf(batches).toSorted()).toEqual(studentIds(org));
    expect(expected).toEqual([40]);
  });

  it('describes each slice so that it can be read alone', async () => {
    const { read } = await reading('bulk');
    const batches = await all(read());
    const second = batches.find(({ slice }) => slice.ordinal === 2)?.slice;

    const again = await all(read({ resume: second ?? null }));

    expect(second).toMatchObject({ kind: 'bulk_page', job: expect.stringMatching(/^750/) });
    expect(idsOf(again)).toEqual(idsOf(batches.filter(({ slice }) => slice.ordinal >= 2)));
    expect(again[0]?.slice).toEqual(second);
  });

  it('gives one empty batch for no record, and one full batch for one record', async () => {
    const { org, read } = await reading('bulk', { students: 1 });

    expect(await all(read())).toMatchObject([{ records: [{ id: studentIds(org)[0] }], last: true }]);
    for (const id of studentIds(org)) org.records.purge('Contact', id);
    expect(await all(read())).toMatchObject([{ records: [], last: true, slice: { ordinal: 1, locator: null } }]);
  });

  it('gives an exact multiple of the batch size without an empty batch at the end', async () => {
    const { read } = await reading('bulk', { students: 12 });

    expect((await all(read())).map(({ records, last }) => [records.length, last])).toEqual([
      [6, false],
      [6, true],
    ]);
  });

  it('takes smaller pages than it asked for', async () => {
    const { org, read } = await reading('bulk', { bulkPageSize: 7 });

    expect(idsOf(await all(read())).toSorted()).toEqual(studentIds(org));
  });

  it('asks for the next page while records of the first are still in use', async () => {
    const { org, read } = await reading('bulk');
    const records = read();
    await records.next();

    while (!paths(org).filter((path) => path.endsWith('/results'))[1]) await new Promise(setImmediate);
    await records.return();

    expect(paths(org).filter((path) => path.endsWith('/results'))).toHaveLength(2);
  });

  it('stops at the limit and throws the rest of the result away', async () => {
    const { org, expected, read } = await reading('bulk');

    const batches = await all(read({ limit: 20 }));

    expect(batches.map(({ records, last }) => [records.length, last])).toEqual([
      [6, false],
      [6, false],
      [3, true],
      [5, true],
    ]);
    expect(expected).toEqual([20]);
    expect(paths(org).at(-1)).toBe('DELETE /jobs/query/JOB');
  });

  it('keeps the job when its reader leaves early: a later run may read on', async () => {
    const { org, read } = await reading('bulk');
    for await (const batch of read()) if (batch.slice.ordinal === 1) break;

    expect(paths(org).filter((path) => path.startsWith('DELETE') || path.startsWith('PATCH'))).toEqual([]);
  });

  describe('over a line that breaks', () => {
    const FAULTS: readonly [string, Fault][] = [
      ['a page cut off between two records', { kind: 'truncate', rows: 8 }],
      ['a page cut off inside a record', { kind: 'truncate', rows: 8, insideRow: true }],
      ['a page without a record', { kind: 'truncate', rows: 0 }],
      ['a connection reset in the body', { kind: 'reset', afterBytes: 300 }],
      ['a connection reset before its announced end', { kind: 'reset', afterBytes: 300, withLength: true }],
      ['a body that ends early', { kind: 'cut', afterBytes: 700 }],
      ['a body that stalls', { kind: 'stall', afterBytes: 300 }],
      ['a wrong count', { kind: 'wrong-count', by: 1 }],
      ['a missing locator', { kind: 'no-locator' }],
      ['a busy org', { kind: 'status', status: 503, html: true }],
      ['an answer that is cut off before it begins', { kind: 'reset', afterBytes: 0 }],
    ];

    describe.each([
      ['the first', `${RESULTS}[?]maxRecords=15$`],
      ['a later', SECOND_PAGE],
    ])('at %s page', (_which, path) => {
      it.each(FAULTS)('loses and repeats nothing: %s', async (_name, fault) => {
        const { org, dock, read } = await reading('bulk');
        org.faults.add({ fault, path, times: 2 });

        const batches = await all(read());

        expect(idsOf(batches).toSorted()).toEqual(studentIds(org));
        expect(dock.retries.length).toBeGreaterThan(0);
        expect(batches.filter(({ last }) => last).map(({ slice }) => slice.ordinal)).toEqual([1, 2, 3]);
      });
    });

    it('skips what it has given out of a page, when the page is long', async () => {
      const { org, dock, read } = await reading('bulk', { students: 3000, bulkPageSize: 2000 });
      org.faults.add({ fault: { kind: 'truncate', rows: 1700 }, path: RESULTS });

      const batches = await all(read({ batchSize: 100 }, { pageRecords: 2000 }));

      expect(idsOf(batches).toSorted()).toEqual(studentIds(org));
      expect(dock.retries).toEqual(['result page: ORG_RESULT_BROKEN']);
    });

    it('gives up a page that stays broken', async () => {
      const { org, read } = await reading('bulk');
      org.faults.add({ fault: { kind: 'truncate', rows: 3 }, path: SECOND_PAGE, times: 'always' });

      await expect(all(read())).rejects.toMatchObject({
        code: 'ORG_RESULT_BROKEN',
        message: expect.stringContaining('3 records and says 15'),
      });
    });

    it('never takes a missing locator for the end, nor for the first page again', async () => {
      const { org, read } = await reading('bulk');
      org.faults.add({ fault: { kind: 'no-locator' }, path: SECOND_PAGE, times: 'always' });
      const given: SourceBatch[] = [];

      await expect(
        (async () => {
          for await (const batch of read()) given.push(batch);
        })(),
      ).rejects.toMatchObject({ code: 'ORG_RESULT_BROKEN' });
      expect(idsOf(given)).toHaveLength(15);
    });

    it.each([
      ['a web page with an error', { kind: 'status', status: 403, html: true }, 'ORG_ACCESS_DENIED'],
      ['a web page with no error', { kind: 'status', status: 200, html: true }, 'ORG_UNEXPECTED_ANSWER'],
      ['a spent quota', { kind: 'spent-limit' }, 'API_BUDGET_SPENT'],
    ] as const)('hands no error to the CSV reader: %s', async (_name, fault, code) => {
      const { org, read } = await reading('bulk');
      org.faults.add({ fault, path: SECOND_PAGE, times: 'always' });

      await expect(all(read())).rejects.toMatchObject({ code });
    });
  });

  it('renews an expired session at a result page', async () => {
    const { org, dock, read } = await reading('bulk');
    org.faults.add({ fault: { kind: 'expire-session' }, path: SECOND_PAGE });

    expect(idsOf(await all(read())).toSorted()).toEqual(studentIds(org));
    expect(dock.retries).toEqual([]);
  });

  it('asks anew when the job to resume is forgotten, and says so by its slices', async () => {
    const { org, read } = await reading('bulk');
    const resume = { kind: 'bulk_page', ordinal: 2, job: '7505e00000FORGOTAA', locator: 'MTU6bm93aGVyZQ' } as const;

    const batches = await all(read({ resume }));

    expect(idsOf(batches).toSorted()).toEqual(studentIds(org));
    expect(batches[0]?.slice.ordinal).toBe(1);
  });

  it('fails when the job is forgotten after records were given out', async () => {
    const { org, read } = await reading('bulk');
    org.faults.add({ fault: { kind: 'expire-locator' }, path: SECOND_PAGE, times: 'always' });

    await expect(all(read())).rejects.toMatchObject({ code: 'ORG_LOCATOR_EXPIRED' });
  });

  it('fails with the reason of a job that fails', async () => {
    const { org, read } = await reading('bulk');
    org.faults.add({ fault: { kind: 'fail-job', message: 'too many retries' }, path: '/jobs/query/[^/]+$' });

    await expect(all(read())).rejects.toMatchObject({
      code: 'ORG_JOB_FAILED',
      message: expect.stringContaining('too many retries'),
    });
  });

  it('stops in the middle of a page when the run is stopped', async () => {
    const { org, dock, read } = await reading('bulk');
    org.faults.add({ fault: { kind: 'stall', afterBytes: 300 }, path: RESULTS, times: 'always' });
    const records = all(read());
    while (!paths(org).some((path) => path.startsWith('GET /jobs'))) await new Promise(setImmediate);

    dock.stop();

    await expect(records).rejects.toThrow(/abort/i);
  });

  it('marks the record with bytes that are not UTF-8, and reads its neighbours', async () => {
    const { org, read } = await reading('bulk');
    org.faults.add({ fault: { kind: 'invalid-utf8', row: 2 }, path: RESULTS });

    const [batch] = await all(read());

    expect(batch?.records.map(({ broken }) => broken ?? null)).toEqual([null, null, 'INVALID_TEXT', null, null, null]);
  });
});

describe('reading by REST', () => {
  it('gives every record once, in batches that end with their page', async () => {
    const { org, expected, read } = await reading('rest');

    const batches = await all(read());

    expect(batches.map(({ records }) => records.length)).toEqual([6, 6, 3, 6, 6, 3, 6, 4]);
    expect(batches.map(({ last }) => last)).toEqual([false, false, true, false, false, true, false, true]);
    expect(idsOf(batches).toSorted()).toEqual(studentIds(org));
    expect(expected).toEqual([40]);
  });

  it('describes each slice so that it can be read alone', async () => {
    const { read } = await reading('rest');
    const batches = await all(read());
    const second = batches.find(({ slice }) => slice.ordinal === 2)?.slice;

    const again = await all(read({ resume: second ?? null }));

    expect(idsOf(again)).toEqual(idsOf(batches.filter(({ slice }) => slice.ordinal >= 2)));
    expect(again[0]?.slice).toEqual(second);
  });

  it('gives one empty batch for no record', async () => {
    const { read } = await reading('rest', { students: 0 });

    expect(await all(read())).toMatchObject([{ records: [], last: true }]);
  });

  it('leaves the limit to the org', async () => {
    const { expected, read } = await reading('rest');

    expect(idsOf(await all(read({ limit: 20 })))).toHaveLength(20);
    expect(expected).toEqual([20]);
  });

  it('keeps the smaller of two limits', async () => {
    const { dock, read } = await reading('rest');
    const mapping = mappingForTest(['Id'], { api: 'rest', soql: 'SELECT Id FROM Contact LIMIT 3' });

    expect(idsOf(await all(read({ mapping, limit: 5 })))).toHaveLength(3);
    expect(dock.retries).toEqual([]);
  });

  it('fails when the locator is forgotten after records were given out', async () => {
    const { org, read } = await reading('rest');
    org.faults.add({ fault: { kind: 'expire-locator' }, path: '/query/' });

    await expect(all(read())).rejects.toMatchObject({ code: 'ORG_LOCATOR_EXPIRED' });
  });

  it('asks anew when the locator to resume is forgotten', async () => {
    const { org, read } = await reading('rest');
    const resume = {
      kind: 'rest_page',
      ordinal: 2,
      job: null,
      locator: '/services/data/v62.0/query/01gNOTHERE-15',
    } as const;

    expect(idsOf(await all(read({ resume }))).toSorted()).toEqual(studentIds(org));
  });

  it.each([
    ['a connection reset in the body', { kind: 'reset', afterBytes: 300 }],
    ['a busy org', { kind: 'status', status: 503 }],
    ['an expired session', { kind: 'expire-session' }],
  ] as const)('loses and repeats nothing over %s', async (_name, fault) => {
    const { org, read } = await reading('rest');
    org.faults.add({ fault, path: '/query' });
    org.faults.add({ fault, path: '/query/' });

    expect(idsOf(await all(read())).toSorted()).toEqual(studentIds(org));
  });
});

describe('reading by whichever API fits', () => {
  it('goes by REST up to 2,000 records, and by Bulk from there', async () => {
    const small = await reading('auto', { students: 2000, restPageSize: 2000 });
    const large = await reading('auto', { students: 2001 });

    await all(small.read({ batchSize: 5000 }));
    await all(large.read({ batchSize: 5000 }, { pageRecords: 25_000 }));

    expect(paths(small.org).slice(1)).toEqual(['GET /query', 'GET /query']);
    expect(paths(large.org).slice(1)).toEqual([
      'GET /query',
      'POST /jobs/query',
      'GET /jobs/query/JOB',
      'GET /jobs/query/JOB/results',
    ]);
    expect([small.expected[0], large.expected[0]]).toEqual([2000, 2001]);
  });

  it('does not count when the limit is small', async () => {
    const { org, read } = await reading('auto', { students: 2001 });

    expect(idsOf(await all(read({ limit: 4 })))).toHaveLength(4);
    expect(paths(org).slice(1)).toEqual(['GET /query']);
  });

  it('goes by REST where Bulk refuses the object', async () => {
    const { org, read } = await reading('auto', { students: 2001, restPageSize: 2000 });
    org.faults.add({
      fault: {
        kind: 'status',
        status: 400,
        code: 'INVALIDENTITY',
        message: 'Contact is not supported by the Bulk API',
      },
      path: '/jobs/query$',
    });

    expect(idsOf(await all(read())).toSorted()).toEqual(studentIds(org));
  });

  it('goes by Bulk when the records are too many to count', async () => {
    const { org, read } = await reading('auto');
    org.faults.add({ fault: { kind: 'status', status: 400, code: 'QUERY_TIMEOUT' }, path: '/query[?]' });

    expect(idsOf(await all(read())).toSorted()).toEqual(studentIds(org));
    expect(paths(org)).toContain('POST /jobs/query');
  });

  it('goes by Bulk when the query is too long for an address', async () => {
    const { org, read } = await reading('auto');
    const names = Array.from({ length: 900 }, (_, at) => `'Name that nobody has ${String(at)}'`).join(',');
    const mapping = mappingForTest(['Id'], {
      soql: `SELECT Id FROM Contact WHERE LastName NOT IN (${names}) AND Contact_Type__c = 'Student'`,
    });

    expect(idsOf(await all(read({ mapping }))).toSorted()).toEqual(studentIds(org));
    expect(paths(org)[1]).toBe('POST /jobs/query');
  });

  it.each([
    ['object', 'SELECT Id FROM Nothing__c', 'ORG_OBJECT_MISSING'],
    ['field', 'SELECT Id, Nothing__c FROM Contact', 'ORG_FIELD_MISSING'],
  ])('fails at once when the org has no such %s', async (_what, soql, code) => {
    const { read } = await reading('auto');

    await expect(all(read({ mapping: mappingForTest(['Id'], { soql }) }))).rejects.toMatchObject({ code });
  });
});
