import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, errorOf, signIn, type OrgClient, type QueryBody } from './org-client.ts';

let org: Org;
let client: OrgClient;

beforeAll(async () => {
  org = await startOrg({ students: 3000, schools: 20, restPageSize: 700, now: () => new Date('2026-03-18T10:00:00Z') });
  client = await signIn(org);
});
afterAll(async () => {
  await org.close();
});

async function refusalOf(soql: string): Promise<{ status: number; errorCode: string; message: string }> {
  return errorOf(await client.get(`${API}/query?q=${encodeURIComponent(soql)}`));
}

async function count(condition: string): Promise<number> {
  return (await client.query(`SELECT COUNT() FROM Contact WHERE ${condition}`)).totalSize;
}

describe('pages of a query', () => {
  it('end where the org likes, can be fetched again, and hold every row once', async () => {
    const ids: unknown[] = [];
    let page = await client.query("SELECT Id FROM Contact WHERE Contact_Type__c = 'Student' ORDER BY Id");
    const sizes = [page.records.length];
    ids.push(...page.records.map((record) => record['Id']));
    while (page.nextRecordsUrl !== undefined) {
      const again = (await (await client.get(page.nextRecordsUrl)).json()) as QueryBody;
      page = (await (await client.get(page.nextRecordsUrl)).json()) as QueryBody;
      expect(again).toEqual(page);
      sizes.push(page.records.length);
      ids.push(...page.records.map((record) => record['Id']));
    }

    expect(sizes).toEqual([700, 700, 700, 700, 200]);
    expect(page.done).toBe(true);
    expect(new Set(ids).size).toBe(3000);
    expect(ids).toEqual(ids.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)));
  });

  it('follow the wish for a batch size within bounds', async () => {
    const soql = encodeURIComponent('SELECT Id FROM Contact');
    const page = await client.get(`${API}/query?q=${soql}`, { 'sforce-query-options': 'batchSize=300' });

    expect(((await page.json()) as QueryBody).records).toHaveLength(300);
  });

  it('are refused for a locator that was never given', async () => {
    expect(await errorOf(await client.get(`${API}/query/0r85e0000009999AAA-2000`))).toEqual({
      status: 400,
      errorCode: 'INVALID_QUERY_LOCATOR',
      message: 'invalid query locator',
    });
  });
});

describe('values', () => {
  it('come typed, with attributes, nested parents, and null where there is none', async () => {
    const school = org.records.find('Account', (field) => field('Type') === 'School', 1)[0] ?? '';
    const id = org.records.insert('Contact', {
      LastName: 'Quill "Q"',
      Current_Grade__c: 9,
      Birthdate: '2010-05-06',
      DoNotCall: true,
      EmailBouncedDate: '2024-05-06T07:08:09Z',
      npsp__Primary_Affiliation__c: school,
      MailingCity: 'Maple',
    });
    const soql = `SELECT Id, LastName, FirstName, Current_Grade__c, Birthdate, DoNotCall, EmailBouncedDate, npsp__Primary_Affiliation__r.Name, Account.Name, MailingAddress FROM Contact WHERE Id = '${id.slice(0, 15)}'`;
    const text = await (await client.get(`${API}/query?q=${encodeURIComponent(soql)}`)).text();

    expect((JSON.parse(text) as QueryBody).records).toEqual([
      {
        attributes: { type: 'Contact', url: `${API}/sobjects/Contact/${id}` },
        Id: id,
        LastName: 'Quill "Q"',
        FirstName: null,
        Current_Grade__c: 9,
        Birthdate: '2010-05-06',
        DoNotCall: true,
        EmailBouncedDate: '2024-05-06T07:08:09.000+0000',
        npsp__Primary_Affiliation__r: {
          attributes: { type: 'Account', url: `${API}/sobjects/Account/${school}` },
          Name: org.records.get('Account', school)?.['Name'],
        },
        Account: null,
        MailingAddress: { street: null, city: 'Maple', state: null, postalCode: null, country: null },
      },
    ]);
    expect(text).toContain('"Current_Grade__c":9.0');
    org.records.purge('Contact', id);
  });
});

/** Of the contact that the test about dates adds. */
async function bounced(condition: string): Promise<number> {
  return count(`LastName = 'Today' AND EmailBouncedDate ${condition}`);
}

describe('conditions', () => {
  it('keep rows without a value under != and NOT IN', async () => {
    const all = await count('Id != null');
    const students = await count("Contact_Type__c = 'Student'");

    expect(students).toBe(3000);
    expect(await count("Contact_Type__c = ''")).toBeGreaterThan(0);
    expect(await count("Contact_Type__c != 'Student'")).toBe(all - students);
    expect(await count("Contact_Type__c NOT IN ('Student')")).toBe(all - students);
    expect(await count("NOT Contact_Type__c = 'student'")).toBe(all - students);
    expect(await count('Contact_Type__c = null')).toBe(await count("Contact_Type__c = ''"));
  });

  it('do not tell capitals apart in texts, and do in ids', async () => {
    const id = org.records.insert('Contact', { LastName: 'Zzyx_1' }, '0035e00000AbCdE');

    expect(await count("LastName = 'ZZYX_1'")).toBe(1);
    expect(await count("LastName LIKE 'zz%\\_1'")).toBe(1);
    expect(await count("LastName LIKE 'zz_x%'")).toBe(1);
    expect(await count("LastName LIKE 'zz\\_x%'")).toBe(0);
    expect(await count(`Id = '${id}'`)).toBe(1);
    expect(await count("Id = '0035e00000abcde'")).toBe(0);
    org.records.purge('Contact', id);
  });

  it('compare date-times with literals and with days by the clock of the org', async () => {
    const id = org.records.insert('Contact', { LastName: 'Today', EmailBouncedDate: '2026-03-18T09:00:00Z' });

    expect(await bounced('= TODAY')).toBe(1);
    expect(await bounced('= LAST_N_DAYS:2')).toBe(1);
    expect(await bounced('= YESTERDAY')).toBe(0);
    expect(await bounced('= THIS_MONTH')).toBe(1);
    expect(await bounced('< TODAY')).toBe(0);
    expect(await bounced('>= 2026-03-18T10:00:00+01:00')).toBe(1);
    expect(await bounced('> 2026-03-18T09:00:00.000Z')).toBe(0);
    org.records.purge('Contact', id);
  });

  it('reach parents and sub-queries', async () => {
    const named = await count("npsp__Primary_Affiliation__r.Type = 'School' AND Contact_Type__c = 'Student'");

    expect(named).toBe(Math.round((3000 * 27_771) / 145_266));
    expect(
      await count(
        "npsp__Primary_Affiliation__c IN (SELECT Id FROM Account WHERE Type = 'School') AND Contact_Type__c = 'Student'",
      ),
    ).toBe(named);
  });
});

describe('a list of ids', () => {
  it('gives the rows that it names, in any form, also those that came later, and no others', async () => {
    const [first = '', second = ''] = org.records.find('npe5__Affiliation__c', () => true, 2);
    const added = org.records.insert('npe5__Affiliation__c', { npe5__Role__c: 'Owner' });
    const ids = [second.slice(0, 15), first, first.slice(0, 15), added, 'a0A8Q0000000001AAA'];
    const soql = `SELECT Id FROM npe5__Affiliation__c WHERE Id IN (${ids.map((id) => `'${id}'`).join(', ')}) AND Id != null`;
    const { records } = await client.query(soql);

    expect(records.map((record) => record['Id'])).toEqual([first, second, added]);
    expect((await client.query(`${soql} AND npe5__Role__c = 'Owner' LIMIT 1`)).records).toMatchObject([{ Id: added }]);
    org.records.purge('npe5__Affiliation__c', added);
    expect((await client.query(soql)).totalSize).toBe(2);
  });

  it('can be sorted, counted and left out', async () => {
    const ids = org.records.find('Session__c', () => true, 200);
    const list = `(${ids.map((id) => `'${id}'`).join(',')})`;
    const { records } = await client.query(`SELECT Id FROM Session__c WHERE Id IN ${list} ORDER BY Id DESC LIMIT 3`);
    const all = (await client.query('SELECT COUNT() FROM Session__c')).totalSize;

    expect(records.map((record) => record['Id'])).toEqual(ids.slice(-3).toReversed());
    expect((await client.query(`SELECT COUNT() FROM Session__c WHERE Id NOT IN ${list}`)).totalSize).toBe(
      all - ids.length,
    );
  });
});

describe('aggregates', () => {
  it('answer COUNT() with a number and everything else with records', async () => {
    const plain = await client.query('SELECT COUNT() FROM Account');
    const grouped = await client.query(
      'SELECT Type, COUNT(Id) n, MAX(Name) FROM Account GROUP BY Type HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC',
    );
    const total = await client.query('SELECT COUNT(Id) FROM Account');

    expect(plain.records).toEqual([]);
    expect(total.records).toEqual([{ attributes: { type: 'AggregateResult' }, expr0: plain.totalSize }]);
    expect(grouped.records[0]).toEqual({
      attributes: { type: 'AggregateResult' },
      Type: expect.any(String),
      n: expect.any(Number),
      expr0: expect.any(String),
    });
  });
});

describe('children', () => {
  it('come as a result of their own, or null', async () => {
    const district = org.records.find('Account', (field) => field('Type') === 'School District', 1)[0] ?? '';
    const { records } = await client.query(
      `SELECT Id, (SELECT Id, Name FROM ChildAccounts ORDER BY Name), (SELECT Id FROM Contacts) FROM Account WHERE Id = '${district}'`,
    );

    expect(records[0]).toMatchObject({ ChildAccounts: { done: true }, Contacts: null });
    const campaigns = await client.query(
      'SELECT Id, Parent.Name, (SELECT Id FROM ChildCampaigns), (SELECT ContactId, Contact.Name FROM CampaignMembers LIMIT 2) FROM Campaign WHERE ParentId != null AND Parent.Id != null LIMIT 1',
    );
    expect(campaigns.records[0]).toMatchObject({
      Parent: { Name: expect.any(String) },
      CampaignMembers: { totalSize: 2 },
    });
  });
});

describe('a refused query', () => {
  it.each([
    ['SELECT Id FROM', 'MALFORMED_QUERY', 'ERROR at Row:1:Column:15'],
    ['SELECT Id\nFROM Contact\nWHERE Name IS NULL', 'MALFORMED_QUERY', 'ERROR at Row:3:Column:12'],
    ['SELECT Id FROM Nothing__c', 'INVALID_TYPE', "sObject type 'Nothing__c' is not supported"],
    ['SELECT Id, Nothing__c FROM Contact', 'INVALID_FIELD', "No such column 'Nothing__c' on entity 'Contact'"],
    ['SELECT Id FROM Contact WHERE Nope = 1', 'INVALID_FIELD', 'Row:1:Column:30'],
    ['SELECT Nope.Name FROM Contact', 'INVALID_FIELD', "Didn't understand relationship 'Nope'"],
    ["SELECT Id FROM Contact WHERE CreatedDate > '2024-01-01'", 'INVALID_FIELD', 'should not be enclosed in quotes'],
    ['SELECT Id FROM Contact WHERE Name = 3', 'INVALID_FIELD', 'should be enclosed in quotes'],
    ["SELECT Id FROM Contact WHERE Description LIKE 'x%'", 'INVALID_FIELD', 'can not be filtered'],
    ['SELECT Id FROM Contact OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', '2000'],
    ['SELECT FIELDS(ALL) FROM Contact', 'MALFORMED_QUERY', 'LIMIT'],
  ])('%j says why and where', async (soql, errorCode, message) => {
    const refusal = await refusalOf(soql);

    expect(refusal).toMatchObject({ status: 400, errorCode });
    expect(refusal.message).toContain(message);
  });
});

describe('what permissions hide', () => {
  it('is as if it were not there', async () => {
    const narrow = await startOrg({ students: 10, hidden: ['Class__c', 'Contact.Birthdate'] });
    const user = await signIn(narrow);
    const asked = async (soql: string): Promise<Response> => user.get(`${API}/query?q=${encodeURIComponent(soql)}`);

    expect(await errorOf(await asked('SELECT Id FROM Class__c'))).toMatchObject({ errorCode: 'INVALID_TYPE' });
    expect(await errorOf(await asked('SELECT Birthdate FROM Contact'))).toMatchObject({ errorCode: 'INVALID_FIELD' });
    expect((await user.get(`${API}/sobjects/Class__c/describe`)).status).toBe(404);
    await narrow.close();
  });
});
