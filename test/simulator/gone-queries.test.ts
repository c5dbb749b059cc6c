import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { signIn, type OrgClient } from './org-client.ts';

/** Queries with which a client looks for what is gone, changed or new in a picklist, by REST and by Bulk. */

let org: Org;
let client: OrgClient;
let now = new Date('2027-01-01T00:00:00Z');
const ids: Record<string, string> = {};

function of(name: string): string {
  return ids[name] ?? '';
}

beforeAll(async () => {
  org = await startOrg({ students: 20, schools: 2, now: () => now });
  client = await signIn(org);
  for (const name of ['live', 'left', 'binned', 'loser', 'winner', 'purged']) {
    const type = name === 'left' ? 'Donor' : 'Student';
    ids[name] = org.records.insert('Contact', { LastName: `gone ${name}`, Contact_Type__c: type });
  }
  now = new Date('2027-01-02T00:00:00Z');
  org.records.remove('Contact', of('binned'));
  org.records.merge('Contact', of('winner'), [of('loser')]);
  org.records.remove('Contact', of('purged'));
  org.records.purge('Contact', of('purged'));
});
afterAll(async () => {
  await org.close();
});

const SINCE = 'SystemModstamp >= 2026-12-31T00:00:00Z';

describe.each([
  ['deleted rows', 'IsDeleted = true', ['binned', 'loser']],
  [
    'rows that are deleted or left the filter',
    `IsDeleted = true OR NOT (Contact_Type__c = 'Student')`,
    ['left', 'binned', 'loser'],
  ],
  [
    'rows that left one of two conditions',
    `IsDeleted = true OR (NOT (Contact_Type__c = 'Student' AND LastName != null))`,
    ['left', 'binned', 'loser'],
  ],
  ['rows that left a filter with a text that no row has', `NOT (Contact_Type__c IN ('Student', 'x'))`, ['left']],
  ['merged rows', 'MasterRecordId != null', ['loser']],
  ['deleted rows that are not merged', 'IsDeleted = true AND MasterRecordId = null', ['binned']],
  ['rows that changed on the second day', 'SystemModstamp >= 2027-01-02T00:00:00Z', ['binned', 'loser', 'winner']],
])('%s', (_, condition, names) => {
  const soql = `SELECT Id, IsDeleted, MasterRecordId, SystemModstamp FROM Contact WHERE ${SINCE} AND (${condition})`;

  it('are found by REST', async () => {
    const { records } = await client.queryAll(soql);

    expect(records.map((record) => record['Id'])).toEqual(names.map(of));
  });

  it('are found by Bulk', async () => {
    const job = await client.job(soql, { operation: 'queryAll' });
    const lines = (await (await client.page(String(job['id']))).text()).trim().split('\n').slice(1);

    expect(lines.map((line) => line.split('","')[0]?.slice(1))).toEqual(names.map(of));
  });
});

describe('questions about many rows at once', () => {
  const students = `FROM Contact WHERE ${SINCE}`;

  it('count the values of a picklist', async () => {
    const soql = `SELECT Contact_Type__c, COUNT(Id) ${students} GROUP BY Contact_Type__c ORDER BY COUNT(Id) DESC`;

    expect((await client.query(soql)).records).toMatchObject([
      { Contact_Type__c: 'Student', expr0: 2 },
      { Contact_Type__c: 'Donor', expr0: 1 },
    ]);
  });

  it('tell the first and the last stamp', async () => {
    expect(
      (await client.query(`SELECT MIN(SystemModstamp), MAX(SystemModstamp) last, COUNT(Id) n ${students}`)).records,
    ).toMatchObject([{ expr0: '2027-01-01T00:00:00.000+0000', last: '2027-01-02T00:00:00.000+0000', n: 3 }]);
  });

  it('find the oldest row, and nothing where there is none', async () => {
    const oldest = `SELECT SystemModstamp ${students} ORDER BY SystemModstamp LIMIT 1`;
    const newest = `SELECT SystemModstamp ${students} ORDER BY SystemModstamp DESC NULLS LAST LIMIT 1`;
    const none = `SELECT MAX(SystemModstamp) last FROM Contact WHERE SystemModstamp > 2028-01-01T00:00:00Z`;

    expect((await client.query(oldest)).records).toMatchObject([{ SystemModstamp: '2027-01-01T00:00:00.000+0000' }]);
    expect((await client.query(newest)).records).toMatchObject([{ SystemModstamp: '2027-01-02T00:00:00.000+0000' }]);
    expect((await client.query(none)).records).toMatchObject([{ last: null }]);
  });

  it('count deleted rows with queryAll', async () => {
    expect((await client.queryAll(`SELECT COUNT() ${students} AND IsDeleted = true`)).totalSize).toBe(2);
    expect(
      (await client.queryAll(`SELECT IsDeleted, COUNT(Id) n ${students} GROUP BY IsDeleted`)).records,
    ).toMatchObject([
      { IsDeleted: false, n: 3 },
      { IsDeleted: true, n: 2 },
    ]);
  });
});
