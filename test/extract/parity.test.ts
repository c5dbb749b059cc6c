import { describe, expect, it } from '@jest/globals';
import { extract } from '../../src/extract/extract.ts';
import type { SourceRecord } from '../../src/flow/source-batch.ts';
import type { Org } from '../../src/simulator/org.ts';
import { all, dockFor, mappingForTest, orgForTest, settingsFor } from '../support/dock.ts';

const FIELDS = [
  'Id',
  'FirstName',
  'LastName',
  'Email',
  'Birthdate',
  'DoNotCall',
  'EmailBouncedDate',
  'Current_Grade__c',
  'Description',
  'npsp__Primary_Affiliation__c',
  'npsp__Primary_Affiliation__r.Name',
  'class__r.name',
  'CreatedDate',
  'SystemModstamp',
];

/** With its values taken out, to compare. */
function plain({ id, values, hash, stamp }: SourceRecord): SourceRecord {
  return { id, values, hash, stamp };
}

async function read(org: Org, api: 'rest' | 'bulk', fields = FIELDS, version = 'v1'): Promise<SourceRecord[]> {
  const { salesforce, signal } = await dockFor(settingsFor(org));
  const mapping = { ...mappingForTest(fields, { api }), version };
  const deps = { salesforce, signal, log: { info: () => undefined } };
  const batches = await all(extract({ mapping, batchSize: 500, limit: null }, deps));
  const records = batches.flatMap((batch) => batch.records.map(plain));
  return records.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** An org with one student who has these values. */
async function orgWith(values: Parameters<Org['records']['update']>[2]): Promise<Org> {
  const org = await orgForTest({ students: 1 });
  const [id = ''] = org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
  org.records.update('Contact', id, values);
  return org;
}

describe('the two APIs', () => {
  it('give the same records with the same values and hashes, dirt and all', async () => {
    const org = await orgForTest({ students: 1500, badStudents: 0.05 });

    const byRest = await read(org, 'rest');
    const byBulk = await read(org, 'bulk');

    expect(byRest).toHaveLength(1500);
    expect(byRest).toEqual(byBulk);
  });

  it.each([
    ['text of 131,072 characters', { Description: '"é,\n'.repeat(32_768) }, 'Description'],
    ['a NUL character', { LastName: 'Be\0ll' }, 'LastName'],
    ['line breaks of both kinds', { LastName: 'a\r\nb\nc\r' }, 'LastName'],
    ['quotes at both ends', { LastName: '"a"' }, 'LastName'],
    ['emoji', { LastName: '👩‍🎓' }, 'LastName'],
    ['text that looks like null', { LastName: 'null' }, 'LastName'],
  ])('keep %s as it is', async (_what, values, field) => {
    const org = await orgWith(values);

    const [byRest] = await read(org, 'rest');
    const [byBulk] = await read(org, 'bulk');

    expect(byBulk?.values[FIELDS.indexOf(field)]).toBe(Object.values(values)[0]);
    expect(byRest).toEqual(byBulk);
  });

  it('write every type as the Bulk API does', async () => {
    const org = await orgWith({
      DoNotCall: true,
      Current_Grade__c: 9,
      Birthdate: '2012-02-29',
      EmailBouncedDate: '2024-05-06T07:08:09Z',
      Email: null,
    });
    const fields = ['DoNotCall', 'Current_Grade__c', 'Birthdate', 'EmailBouncedDate', 'Email', 'Class__r.Name'];

    for (const api of ['rest', 'bulk'] as const) {
      const [record] = await read(org, api, fields);
      expect(record?.values.slice(0, 5)).toEqual(['true', '9.0', '2012-02-29', '2024-05-06T07:08:09.000Z', '']);
    }
  });

  it('give a record its id and its stamp, in whatever case they were selected', async () => {
    const org = await orgForTest({ students: 1 });
    const [id] = org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');

    for (const api of ['rest', 'bulk'] as const) {
      const [record] = await read(org, api, ['systemmodstamp', 'ID', 'lastname']);
      expect(record).toMatchObject({ id, stamp: record?.values[0] });
      expect(record?.stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    }
  });

  it('give every record another hash when the mapping has another version', async () => {
    const org = await orgForTest({ students: 2 });

    const before = await read(org, 'bulk');
    const after = await read(org, 'bulk', FIELDS, 'v2');

    expect(new Set([...before, ...after].map(({ hash }) => hash)).size).toBe(4);
    expect(before.map(({ hash }) => hash)).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
  });

  it('give no id where none was selected', async () => {
    const org = await orgForTest({ students: 1 });

    expect(await read(org, 'bulk', ['LastName'])).toMatchObject([{ id: '', stamp: '' }]);
  });
});
