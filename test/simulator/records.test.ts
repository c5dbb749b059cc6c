import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;
let now = new Date('2026-07-01T08:00:00.500Z');

beforeAll(async () => {
  org = await startOrg({ students: 50, schools: 5, now: () => now });
  client = await signIn(org);
});
afterAll(async () => {
  await org.close();
});

const ACCOUNTS = `${API}/sobjects/Account`;

describe('records over REST', () => {
  it('are created, read, changed and put into the bin, and each time the stamp moves', async () => {
    const created = await client.send('POST', ACCOUNTS, { Name: 'Fern School', Type: 'School' });
    const { id } = (await created.json()) as { id: string };
    expect(created.status).toBe(201);
    expect(await (await client.get(`${ACCOUNTS}/${id}`)).json()).toMatchObject({
      Id: id,
      Name: 'Fern School',
      IsDeleted: false,
      SystemModstamp: '2026-07-01T08:00:00.000+0000',
    });

    now = new Date('2026-07-02T08:00:00Z');
    expect((await client.send('PATCH', `${ACCOUNTS}/${id}`, { Name: 'Fern Academy' })).status).toBe(204);
    const since = `SELECT Id, Name FROM Account WHERE SystemModstamp > 2026-07-01T12:00:00Z`;
    expect((await client.query(since)).records).toMatchObject([{ Id: id, Name: 'Fern Academy' }]);

    now = new Date('2026-07-03T08:00:00Z');
    expect((await client.send('DELETE', `${ACCOUNTS}/${id}`)).status).toBe(204);
    expect((await client.query(since)).records).toEqual([]);
    const bin = 'SELECT Id, IsDeleted, SystemModstamp FROM Account WHERE IsDeleted = true';
    expect((await client.queryAll(bin)).records).toMatchObject([
      { Id: id, IsDeleted: true, SystemModstamp: '2026-07-03T08:00:00.000+0000' },
    ]);
    expect(await errorOf(await client.get(`${ACCOUNTS}/${id}`))).toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
    expect(await errorOf(await client.send('DELETE', `${ACCOUNTS}/${id}`))).toMatchObject({ status: 404 });
  });

  it('can be created under an id that rows already name', async () => {
    const id = '0018Q0000000002QAA';
    const created = await client.send('PATCH', `${ACCOUNTS}/${id}`, { Name: 'Found Again', Type: 'School' });

    expect(created.status).toBe(201);
    expect((await client.query(`SELECT Name FROM Account WHERE Id = '${id.slice(0, 15)}'`)).records).toMatchObject([
      { Name: 'Found Again' },
    ]);
  });

  it('are refused with the reason', async () => {
    const refusal = async (body: unknown): Promise<unknown> => errorOf(await client.send('POST', ACCOUNTS, body));

    expect(await refusal({ Nope: 1 })).toMatchObject({ status: 400, errorCode: 'INVALID_FIELD' });
    expect(await refusal({ Id: '001' })).toMatchObject({ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' });
    expect(await refusal({ Name: 3 })).toMatchObject({ errorCode: 'JSON_PARSER_ERROR' });
    expect(await refusal([])).toMatchObject({ errorCode: 'JSON_PARSER_ERROR' });
    expect(await errorOf(await client.get(`${ACCOUNTS}/001000000000000`))).toMatchObject({ errorCode: 'NOT_FOUND' });
  });
});

describe('records in process', () => {
  it('hold what the schema of today forbids', async () => {
    const long = 'x'.repeat(131_072);
    const id = org.records.insert('Contact', {
      LastName: 'y'.repeat(300),
      Description: long,
      Gender__c: 'off the list',
    });

    expect((await client.query(`SELECT Description FROM Contact WHERE Id = '${id}'`)).records).toMatchObject([
      { Description: long },
    ]);
  });

  it('come back from the bin, and are gone when they are purged', async () => {
    const id = org.records.insert('Contact', { LastName: 'Back' });
    const bin = `SELECT Id FROM Contact WHERE Id = '${id}'`;
    org.records.remove('Contact', id);
    org.records.undelete('Contact', id);
    expect((await client.query(bin)).totalSize).toBe(1);

    org.records.purge('Contact', id);
    expect((await client.queryAll(bin)).totalSize).toBe(0);
  });

  it('show in result pages that were read before', async () => {
    const query = "SELECT Id, LastName FROM Contact WHERE Contact_Type__c = 'Student'";
    const before = await client.job(query);
    await (await client.page(String(before['id']))).text();
    const [id = ''] = org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', 1);
    org.records.update('Contact', id, { LastName: 'Changed-Since' });
    const after = await client.job(query);

    expect(await (await client.page(String(after['id']))).text()).toContain(`"${id}","Changed-Since"`);
  });

  it('make a parent vanish for its children when it is deleted', async () => {
    const parent = org.records.insert('Account', { Name: 'Short-lived' });
    const id = org.records.insert('Contact', { LastName: 'Child', AccountId: parent });
    org.records.remove('Account', parent);

    const { records } = await client.query(`SELECT AccountId, Account.Name FROM Contact WHERE Id = '${id}'`);
    expect(records).toMatchObject([{ AccountId: parent, Account: null }]);
  });
});
