import { describe, expect, it } from '@jest/globals';
import type { Mapping } from '../../src/config/mapping.ts';
import { askWhereabouts, extractKeys, extractWhereabouts } from '../../src/extract/extract.ts';
import type { OrgKeys } from '../../src/flow/org-key.ts';
import type { SourceRecord } from '../../src/flow/source-batch.ts';
import type { Salesforce } from '../../src/salesforce/salesforce.ts';
import { dockFor, listening, mappingForTest, orgForTest, settingsFor } from '../support/dock.ts';

const FIELDS = ['Id', 'LastName', 'SystemModstamp'];

/** An org with students, and a mapping of them. */
async function students(count: number, source: Partial<Mapping['source']> = {}) {
  const org = await orgForTest({ students: count, restPageSize: 2000 });
  const dock = await dockFor(settingsFor(org));
  const { salesforce, asked } = listening(dock.salesforce);
  const mapping = mappingForTest(FIELDS, source);
  const deps = { salesforce, signal: dock.signal, log: { info: () => undefined } };
  const ids = org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student').toSorted();
  return { org, dock, deps, mapping, asked, ids };
}

const request = { rule: null, until: '2030-01-01T00:00:00.000Z', expected: null };

/** Each record as its columns say. */
async function rows(keys: AsyncIterable<OrgKeys> | null): Promise<Record<string, string>[]> {
  const found: Record<string, string>[] = [];
  for await (const { csv, columns } of keys ?? []) {
    for (const line of csv.toString().trim().split('\n').filter(Boolean)) {
      const values = line.replaceAll('"', '').split(',');
      found.push(Object.fromEntries(columns.map((column, place) => [column, values[place] ?? ''])));
    }
  }
  return found.toSorted((a, b) => ((a['source_id'] ?? '') < (b['source_id'] ?? '') ? -1 : 1));
}

describe('reading the keys of a mapping', () => {
  it('gives the id and the stamp of everything that it reads, by Bulk as by REST', async () => {
    const { deps, mapping, ids } = await students(30);
    const source = (api: 'bulk' | 'rest') => ({ ...mapping, source: { ...mapping.source, api } });

    const bulk = await rows(extractKeys({ ...request, mapping: source('bulk') }, deps));
    const rest = await rows(extractKeys({ ...request, mapping: source('rest') }, deps));

    expect(bulk.map((key) => key['source_id'])).toEqual(ids);
    expect(rest).toEqual(bulk.map((key) => ({ ...key, left_out: 'f' })));
    expect(bulk[0]?.['stamp']).toMatch(/^\d{4}-\d{2}-\d{2}T/u);
  });

  it('asks for nothing else of the records', async () => {
    const { deps, mapping, asked } = await students(5, { api: 'rest' });

    await rows(extractKeys({ ...request, mapping }, deps));

    expect(asked).toEqual(["SELECT Id, SystemModstamp FROM Contact WHERE Contact_Type__c = 'Student'"]);
  });

  it('reads what a rule needs, and tells which records it leaves out', async () => {
    const { deps, mapping, asked, ids } = await students(5, { api: 'rest' });
    const [first] = ids;
    const leavesOut = ({ id, values }: SourceRecord): boolean => id === first && (values[0] ?? '') !== '';

    const keys = await rows(extractKeys({ ...request, mapping, rule: { fields: ['LastName'], leavesOut } }, deps));

    expect(asked[0]).toContain('SELECT LastName, Id, SystemModstamp FROM');
    expect(keys.map((key) => [key['source_id'], key['left_out']])).toEqual(
      ids.map((id) => [id, id === first ? 't' : 'f']),
    );
  });

  it.each([
    ['is cut off between two records', { kind: 'truncate', rows: 3 }],
    ['is cut off inside a record', { kind: 'truncate', rows: 3, insideRow: true }],
    ['is cut off inside its last record', { kind: 'truncate', rows: 29, insideRow: true }],
    ['says another number of records', { kind: 'wrong-count', by: 1 }],
    ['has bytes that are no text', { kind: 'invalid-utf8', row: 4 }],
    ['is reset', { kind: 'reset', afterBytes: 100 }],
  ] as const)('asks again for a page that %s', async (_how, fault) => {
    const { org, dock, deps, mapping, ids } = await students(30, { api: 'bulk' });
    org.faults.add({ path: '/results', fault });

    const keys = await rows(extractKeys({ ...request, mapping }, deps));

    expect(keys.map((key) => key['source_id'])).toEqual(ids);
    expect(dock.retries).toHaveLength(1);
  });

  it('is no answer when the pages hold fewer than the job has: the others would pass for deleted', async () => {
    const { deps, mapping } = await students(30, { api: 'bulk' });
    const salesforce = new Proxy(deps.salesforce, {
      get: (target, name) => {
        if (name !== 'waitForJob') return Reflect.get(target, name) as unknown;
        return async (...[job, signal]: Parameters<Salesforce['waitForJob']>) => ({
          ...(await target.waitForJob(job, signal)),
          records: 31,
        });
      },
    });

    await expect(rows(extractKeys({ ...request, mapping }, { ...deps, salesforce }))).rejects.toMatchObject({
      message: 'the pages hold 30 keys of 31',
    });
  });

  it('reads as all records are read where the org cannot do it in one query', async () => {
    const { org, deps, mapping, ids } = await students(30, { api: 'bulk' });
    org.timeouts.bulkRows = 20;

    const keys = await rows(extractKeys({ ...request, mapping }, deps));

    expect([...new Set(keys.map((key) => key['source_id']))]).toEqual(ids);
  });
});

describe('asking where records are', () => {
  it('tells those in the bin, merged ones and those that left the filter; the purged are nowhere', async () => {
    const { org, deps, mapping, ids } = await students(6);
    const [binned = '', left = '', purged = '', loser = '', winner = ''] = ids;
    org.records.remove('Contact', binned);
    org.records.update('Contact', left, { Contact_Type__c: 'Teacher' });
    org.records.purge('Contact', purged);
    org.records.merge('Contact', winner, [loser]);

    const found = await askWhereabouts(mapping, [binned, left, purged, loser], deps);

    expect(new Map(found.map(({ id, reason, masterId }) => [id, [reason, masterId]]))).toEqual(
      new Map([
        [binned, ['deleted', null]],
        [left, ['left_filter', null]],
        [loser, ['merged', winner]],
      ]),
    );
  });

  it('reads the whole object by Bulk when there are too many to ask for each', async () => {
    const { org, deps, mapping, asked, ids } = await students(2_001);
    const [binned = ''] = ids;
    org.records.remove('Contact', binned);

    const found = await rows(await extractWhereabouts({ mapping, ids }, deps));

    expect(asked).toEqual([]);
    expect(found.length).toBeGreaterThan(2_000);
    expect(found.filter((key) => key['deleted'] === 'true').map((key) => key['source_id'])).toEqual([binned]);
  });
});
