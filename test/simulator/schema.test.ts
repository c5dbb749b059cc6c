import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;

beforeAll(async () => {
  org = await startOrg({ students: 20, schools: 2, hidden: ['Case', 'Contact.Title'] });
  client = await signIn(org);
});
afterEach(() => {
  org.reset();
});
afterAll(async () => {
  await org.close();
});

async function fieldOf(object: string, name: string): Promise<Record<string, unknown> | undefined> {
  const response = await client.get(`${API}/sobjects/${object}/describe`);
  const { fields } = (await response.json()) as { fields: Record<string, unknown>[] };
  return fields.find((field) => field['name'] === name);
}

async function queryError(soql: string): Promise<{ errorCode: string; message: string }> {
  return errorOf(await client.get(`${API}/query?q=${encodeURIComponent(soql)}`));
}

describe('a field without permission', () => {
  it('is not there, in describe, in queries and for writers, until it can be seen again', async () => {
    org.schema.hide('Contact.Class__c');

    expect(await fieldOf('Contact', 'Class__c')).toBeUndefined();
    expect(await queryError('SELECT Class__c FROM Contact')).toMatchObject({
      errorCode: 'INVALID_FIELD',
      message: expect.stringContaining("No such column 'Class__c' on entity 'Contact'"),
    });
    expect(await queryError('SELECT Id, Class__r.Name FROM Contact')).toMatchObject({ errorCode: 'INVALID_FIELD' });
    const written = await client.send('POST', `${API}/sobjects/Contact`, { LastName: 'A', Class__c: null });
    expect(await errorOf(written)).toMatchObject({ errorCode: 'INVALID_FIELD' });

    org.schema.show('Contact.Class__c');
    expect(await fieldOf('Contact', 'Class__c')).toMatchObject({ type: 'reference' });
  });

  it('still changes for those who may', () => {
    org.schema.hide('Contact.Email');
    const id = org.records.insert('Contact', { LastName: 'Seen by others', Email: 'a@b.example' });

    expect(org.records.get('Contact', id)).toMatchObject({ Email: 'a@b.example' });
  });

  it('can be a whole object, and hidden from the start', async () => {
    org.schema.hide('Task');

    expect(await queryError('SELECT Id FROM Task')).toMatchObject({ errorCode: 'INVALID_TYPE' });
    expect(await queryError('SELECT Id FROM Case')).toMatchObject({ errorCode: 'INVALID_TYPE' });
    expect(await queryError('SELECT Title FROM Contact')).toMatchObject({ errorCode: 'INVALID_FIELD' });
    org.reset();
    expect((await client.query('SELECT Id FROM Task LIMIT 1')).totalSize).toBe(1);
    expect(await queryError('SELECT Id FROM Case')).toMatchObject({ errorCode: 'INVALID_TYPE' });
  });
});

describe('a field that is changed', () => {
  it('keeps its values under another name', async () => {
    const [id = ''] = org.records.find('Contact', (field) => field('Class__c') !== null, 1);
    const before = org.records.get('Contact', id)?.['Class__c'];
    org.schema.rename('Contact', 'Class__c', 'Homeroom__c');
    const soql = `SELECT Homeroom__c, Homeroom__r.Id FROM Contact WHERE Id = '${id}'`;

    expect(await queryError('SELECT Class__c FROM Contact')).toMatchObject({ errorCode: 'INVALID_FIELD' });
    expect((await client.query(soql)).records).toMatchObject([{ Homeroom__c: before, Homeroom__r: { Id: before } }]);
    org.records.update('Contact', id, { Homeroom__c: null });
    expect((await client.query(soql)).records).toMatchObject([{ Homeroom__c: null, Homeroom__r: null }]);
    expect(() => org.schema.rename('Contact', 'LastName', 'Name__c')).toThrow('only custom fields');
  });

  it('reads its values as another type, and null where they do not fit', async () => {
    const [ten, none] = ['10', 'none'].map((grade) =>
      org.records.insert('Contact', { LastName: 'Graded', Legacy_Grade__c: grade }),
    );
    org.schema.retype('Contact', 'Legacy_Grade__c', 'double');
    const nine = org.records.insert('Contact', { LastName: 'Graded', Legacy_Grade__c: 9 });

    expect(await fieldOf('Contact', 'Legacy_Grade__c')).toMatchObject({ type: 'double', length: 0 });
    const soql = `SELECT Id, Legacy_Grade__c FROM Contact WHERE LastName = 'Graded' ORDER BY Legacy_Grade__c`;
    expect((await client.query(soql)).records).toMatchObject([
      { Id: none, Legacy_Grade__c: null },
      { Id: nine, Legacy_Grade__c: 9 },
      { Id: ten, Legacy_Grade__c: 10 },
    ]);
  });

  it.each([
    ['Current_Grade__c', 9, 'string', '9'],
    ['Birthdate', '2010-02-03', 'datetime', '2010-02-03T00:00:00.000+0000'],
    ['EmailBouncedDate', '2010-02-03T22:00:00Z', 'date', '2010-02-03'],
    ['DoNotCall', true, 'string', 'true'],
    ['Local_Student_ID__c', 'no id', 'reference', null],
  ] as const)('reads %s %p as %s', async (field, value, type, read) => {
    const id = org.records.insert('Contact', { LastName: 'Typed', [field]: value });
    org.schema.retype('Contact', field, type);

    const { records } = await client.query(`SELECT ${field} FROM Contact WHERE Id = '${id}'`);
    expect(records).toMatchObject([{ [field]: read }]);
  });

  it('can be shorter than its values, and a picklist can grow', async () => {
    const id = org.records.insert('Contact', { LastName: 'A very long name', Contact_Type__c: 'Alumna' });
    org.schema.shorten('Contact', 'LastName', 5);
    org.schema.addPicklistValue('Contact', 'Contact_Type__c', 'Alumna');

    expect(await fieldOf('Contact', 'LastName')).toMatchObject({ length: 5 });
    expect((await client.query(`SELECT LastName FROM Contact WHERE Id = '${id}'`)).records).toMatchObject([
      { LastName: 'A very long name' },
    ]);
    expect(await fieldOf('Contact', 'Contact_Type__c')).toMatchObject({
      picklistValues: expect.arrayContaining([expect.objectContaining({ value: 'Alumna', active: true })]),
    });
    expect(() => org.schema.addPicklistValue('Contact', 'LastName', 'x')).toThrow('no picklist');
  });
});

describe('what an object looks like', () => {
  it('is told anew after a change, even within one second, and 304 again after that', async () => {
    const path = `${API}/sobjects/Contact/describe`;
    const first = await client.get(path);
    const since = { 'if-modified-since': first.headers.get('last-modified') ?? '' };
    expect((await client.get(path, since)).status).toBe(304);

    org.schema.shorten('Contact', 'FirstName', 20);
    const second = await client.get(path, since);
    org.schema.shorten('Contact', 'FirstName', 10);
    const third = await client.get(path, { 'if-modified-since': second.headers.get('last-modified') ?? '' });
    const last = await client.get(path, { 'if-modified-since': third.headers.get('last-modified') ?? '' });

    expect([second.status, third.status, last.status]).toEqual([200, 200, 304]);
  });
});

describe('over HTTP', () => {
  it('the schema is changed as the records are', async () => {
    const changes = [
      { kind: 'hide', name: 'Contact.Phone' },
      { kind: 'rename', object: 'Contact', field: 'Class__c', to: 'Room__c' },
      { kind: 'retype', object: 'Contact', field: 'Legacy_Grade__c', type: 'double' },
      { kind: 'shorten', object: 'Contact', field: 'LastName', length: 7 },
      { kind: 'addPicklistValue', object: 'Contact', field: 'Gender__c', value: 'Two-spirit' },
      { kind: 'show', name: 'Contact.Title' },
    ];
    const made = await fetch(`${org.url}/simulator/changes`, { method: 'POST', body: JSON.stringify({ changes }) });

    expect(made.status).toBe(200);
    expect(await fieldOf('Contact', 'Phone')).toBeUndefined();
    expect(await fieldOf('Contact', 'Room__c')).toMatchObject({ relationshipName: 'Room__r' });
    expect(await fieldOf('Contact', 'LastName')).toMatchObject({ length: 7 });
    expect(await fieldOf('Contact', 'Title')).toBeDefined();
  });
});
