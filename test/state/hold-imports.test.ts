import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ImportIdentity } from '../../src/config/import-identity.ts';
import { forgetImports, holdImports, refuseOtherImports } from '../../src/state/hold-imports.ts';
import { acquireRunLock } from '../../src/state/lock.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { holdOrg, knownOrg } from '../../src/state/org.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
});

afterEach(() => test.drop());

const PUPILS: ImportIdentity = {
  name: 'students',
  object: 'Contact',
  filter: 'pupils',
  tables: ['contact', 'student'],
};

const hold = (project: string, ...imports: readonly ImportIdentity[]) =>
  holdImports(test.database, { project, schema: 'public', imports });

const refusal = (said: string) =>
  expect.objectContaining({ code: 'IMPORT_CHANGED', message: expect.stringContaining(said) });

describe('the name of a mapping', () => {
  it('stands for the import of the first run, in every later one', async () => {
    await hold('school-data', PUPILS);

    await expect(hold('school-data', PUPILS)).resolves.toBeUndefined();
  });

  it('stays when its filter, some of its tables or the path of its file are edited', async () => {
    const list = { ...PUPILS, name: 'list', object: null };
    await hold('school-data', PUPILS, list);

    const edited = { ...PUPILS, object: 'contact', filter: 'all pupils', tables: ['contact', 'email'] };
    const moved = { ...list, filter: 'elsewhere.csv' };

    await expect(hold('school-data', edited, moved)).resolves.toBeUndefined();
  });

  it('is not given to an import that reads another object', async () => {
    await hold('school-data', PUPILS);

    const other = { ...PUPILS, object: 'Account' };

    await expect(hold('school-data', other)).rejects.toEqual(refusal('reads Contact there, and Account here'));
    await expect(hold('trips', other)).rejects.toEqual(
      refusal('students is another import of the project school-data'),
    );
  });

  it('is not given to an import of a file where the org was read', async () => {
    await hold('school-data', PUPILS);

    await expect(hold('school-data', { ...PUPILS, object: null })).rejects.toEqual(refusal('and a file here'));
  });

  it('is not given to another project that means other records of the object', async () => {
    await hold('school-data', PUPILS);

    await expect(hold('trips', { ...PUPILS, filter: 'travellers' })).rejects.toEqual(refusal('means other records'));
  });

  it('is not given to an import into other tables while its rows are where they were', async () => {
    await test.database.query('CREATE TABLE student (id text)');
    await hold('school-data', PUPILS);

    const other = { ...PUPILS, tables: ['learner'] };

    await expect(hold('school-data', other)).rejects.toEqual(refusal('rows are in contact, student there'));
  });

  it('stays where its tables were renamed', async () => {
    await hold('school-data', PUPILS);

    await expect(hold('school-data', { ...PUPILS, tables: ['learner', 'person'] })).resolves.toBeUndefined();
  });

  it('is taken from the next run where it is older than the question', async () => {
    const id = await mappingId(test.database, 'students');

    await hold('school-data', PUPILS);

    expect(await mappingId(test.database, 'students')).toBe(id);
    await expect(hold('trips', { ...PUPILS, filter: 'travellers' })).rejects.toEqual(refusal('project school-data'));
  });

  it('is only looked at by who writes nothing', async () => {
    const asked = { project: 'trips', schema: 'public', imports: [PUPILS] };
    await refuseOtherImports(test.database, asked);
    await hold('school-data', PUPILS);

    const other = { ...asked, imports: [{ ...PUPILS, filter: 'travellers' }] };

    await expect(refuseOtherImports(test.database, other)).rejects.toEqual(refusal('means other records'));
  });

  it('stands for something else when a person says so', async () => {
    await hold('school-data', PUPILS, { ...PUPILS, name: 'teachers' });
    const other = { ...PUPILS, object: 'Account' };

    expect(await forgetImports(test.database, ['students'])).toBe(1);

    await expect(hold('school-data', other)).resolves.toBeUndefined();
    await expect(hold('school-data', { ...other, name: 'teachers' })).rejects.toEqual(refusal('teachers'));
  });
});

describe('a project that gets another name', () => {
  const org = { orgId: '00D000000000001EAA', instanceUrl: 'https://school.my.salesforce.com' };

  it('keeps its imports, and is held to the org that it had', async () => {
    await hold('school-data', PUPILS);
    await holdOrg(test.database, 'school-data', org);

    await hold('learning', PUPILS);

    expect(await knownOrg(test.database, 'learning')).toEqual(org);
    await expect(holdOrg(test.database, 'learning', { ...org, orgId: '00D000000000002EAA' })).rejects.toMatchObject({
      code: 'ORG_CHANGED',
    });
  });

  it('waits for the run that is at work under the old one', async () => {
    await hold('school-data', PUPILS);
    const lock = await acquireRunLock(test.database, 'school-data');

    await expect(hold('learning', PUPILS)).rejects.toMatchObject({ code: 'RUN_LOCKED' });

    await lock.release();
    await expect(hold('learning', PUPILS)).resolves.toBeUndefined();
  });

  it('is another project when the old name comes back: two must not take turns', async () => {
    await hold('school-data', PUPILS);
    await hold('learning', PUPILS);

    await expect(hold('school-data', PUPILS)).rejects.toEqual(refusal('both projects run it, in turns'));
  });

  it('is another project when it has an org of its own', async () => {
    await hold('school-data', PUPILS);
    await holdOrg(test.database, 'school-data', org);
    await holdOrg(test.database, 'trial', { ...org, orgId: '00D000000000002EAA' });

    await expect(hold('trial', PUPILS)).rejects.toEqual(refusal('the org is 00D000000000001EAA there'));
  });
});
