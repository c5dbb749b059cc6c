import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unaccounted } from '../../src/flow/counts.ts';
import type { StepReport } from '../../src/flow/run-events.ts';
import { fixture } from '../support/fixture.ts';
import { openRig, type Rig } from '../support/rig.ts';

const LETTERS = fixture('letters');

let rig: Rig;

/** Runs once and gives a mapping's step; every record must be accounted for. */
async function run(mapping: string): Promise<StepReport> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  for (const one of report.steps) expect(unaccounted(one.counts)).toBe(0);
  const found = report.steps.find((one) => one.mapping === mapping);
  if (found === undefined) throw new Error(`no step of ${mapping}`);
  return found;
}

async function expectQuiet(): Promise<void> {
  const report = await rig.run();
  expect(report.steps.map(({ counts }) => counts.inserted + counts.updated + counts.deleted)).toEqual(
    report.steps.map(() => 0),
  );
}

const hall = (name: string) => rig.org.records.insert('Account', { Name: name, BillingState: 'letters' });
const person = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Contact', { LastName: name, MailingCity: 'letters', ...more });
const mail = (subject: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('EmailMessage', { Subject: subject, FromAddress: 'letters@post.example', ...more });

/** Writes the file that the mapping hall-sizes reads. */
function sizes(text: string): void {
  mkdirSync(join(rig.project.folder, 'mappings/data'), { recursive: true });
  writeFileSync(join(rig.project.folder, 'mappings/data/sizes.csv'), text);
}

afterEach(() => rmSync(join(rig.project.folder, 'mappings/data'), { recursive: true, force: true }));

beforeEach(async () => {
  rig = await openRig({ students: 50 }, { files: LETTERS });
  await rig.run();
});

describe('a row that was made here', () => {
  it("becomes the org's when it comes to have the same thing, and everything that refers to it moves along", async () => {
    await rig.database.query(`
      INSERT INTO hall (id, name, seats) VALUES ('local-1', 'GREAT hall', 300);
      INSERT INTO note (hall, text) VALUES ('local-1', 'ring twice');
      INSERT INTO person (name, hall_id) VALUES ('SOMEBODY', 'local-1')`);
    const great = hall('Great Hall');

    const { counts } = await run('halls');

    expect(counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(await rig.column(`SELECT concat_ws(' ', id, name, seats) FROM hall`)).toEqual([`${great} Great Hall 300`]);
    expect(await rig.column('SELECT hall FROM note')).toEqual([great]);
    expect(await rig.column('SELECT hall_id FROM person')).toEqual([great]);
    await expectQuiet();
  });

  it('is never taken from another record of the org with the same name', async () => {
    const halls = [hall('Great Hall'), hall('Great Hall')];

    await run('halls');
    hall('Great Hall');

    expect((await run('halls')).counts).toMatchObject({ inserted: 1, updated: 0 });
    expect(await rig.column('SELECT id FROM hall ORDER BY id')).toEqual(expect.arrayContaining(halls));
  });

  it('is found by a further key, and becomes the record that is found by it', async () => {
    const ann = person('Ann');
    await run('people');
    const summer = rig.org.records.insert('Campaign', { Name: 'Summer' });
    await rig.database.query(
      `INSERT INTO score (campaign, person_id, result) SELECT '${summer}', id, 'by hand' FROM person WHERE name = 'ANN'`,
    );
    const first = rig.org.records.insert('CampaignMember', {
      CampaignId: summer,
      ContactId: ann,
      Status: 'letters won',
    });

    const { counts } = await run('scores');

    expect(counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(await rig.column(`SELECT concat_ws(' ', salesforce_id, result) FROM score`)).toEqual([`${first} won`]);

    rig.org.records.insert('CampaignMember', { CampaignId: summer, ContactId: ann, Status: 'letters lost' });
    const second = await run('scores');
    expect(second.skipped).toEqual({ merged: 1 });
    expect(await rig.column('SELECT result FROM score')).toEqual(['won']);
    await expectQuiet();
  });
});

describe('a file beside the org', () => {
  it('may be missing, with a warning', async () => {
    const { status, counts, warnings } = await run('hall-sizes');

    expect(status).toBe('succeeded_with_warnings');
    expect(counts.read).toBe(0);
    expect(Object.keys(warnings)).toEqual(['SOURCE_FILE_MISSING mappings/data/sizes.csv']);
  });

  it('completes rows that are there; a record without one is quarantined', async () => {
    const great = hall('Great Hall');
    sizes(`\uFEFFHall,Seats,Remark\r\n${great},"120","with a, comma"\r\n001000000000000AAA,7,\r\n`);

    const { counts, quarantined } = await run('hall-sizes');

    expect(counts).toMatchObject({ read: 2, updated: 1, quarantined: 1 });
    expect(quarantined).toEqual({ PARENT_NOT_FOUND: 1 });
    expect(await rig.column('SELECT seats FROM hall')).toEqual(['120']);
    await expectQuiet();
  });
});

const owners = () =>
  rig.column(`SELECT l.about || ': ' || p.name FROM letter l JOIN person p ON p.id = l.person_id ORDER BY 1`);

describe('a letter finds whose it is', () => {
  it('by the first of several ways that leads to somebody who is here', async () => {
    const account = rig.org.records.insert('Account', { Name: 'A firm' });
    const ann = person('Ann', { Email: 'Ann@Post.example' });
    const bea = person('Bea');
    const owner = person('Cleo', { AccountId: account, Department: 'owner' });
    const about = rig.org.records.insert('Case', { ContactId: bea, Subject: 'a case' });
    mail('1 by address', { ToAddress: 'nobody@post.example, ann@post.EXAMPLE', RelatedToId: bea });
    mail('2 by contact', { ToAddress: 'nobody@post.example', RelatedToId: bea });
    mail('3 by case', { RelatedToId: about });
    mail('4 by account', { RelatedToId: account });
    mail('5 nobody', { ToAddress: 'nobody@post.example' });
    rig.org.records.insert('Task', { Subject: 'hello', WhoId: ann, Status: 'Letters' });

    const mails = await run('letters.mails');

    expect(await owners()).toEqual([
      '1 by address: ANN',
      '2 by contact: BEA',
      '3 by case: BEA',
      '4 by account: CLEO',
      'Call: hello: ANN',
    ]);
    expect(owner).not.toBe(ann);
    expect(mails.counts).toMatchObject({ read: 5, inserted: 4, skipped: 1 });
    expect(mails.skipped).toEqual({ 'letter.person_id not here': 1 });
    await expectQuiet();
  });

  it('and a hook of a plugin does the rest, once', async () => {
    const ann = person('Ann');
    mail('one', { RelatedToId: ann });
    mail('two', { RelatedToId: ann });

    const { tables } = await run('letters.mails');

    expect(tables['person']).toMatchObject({ updated: 1 });
    expect(await rig.column('SELECT letters FROM person')).toEqual(['2']);
    await expectQuiet();
  });

  it('and a record at which a plugin breaks is put aside alone', async () => {
    const ann = person('Ann');
    mail('break', { RelatedToId: ann });
    mail('whole', { RelatedToId: ann });

    const { counts, quarantined } = await run('letters.mails');

    expect(counts).toMatchObject({ inserted: 1, quarantined: 1 });
    expect(quarantined).toEqual({ 'TRANSFORM_FAILED letter.about': 1 });
    const { rows } = await rig.database.query<{ rule: string }>('SELECT rule FROM sluice.quarantine');
    expect(rows).toEqual([{ rule: 'post.fragile' }]);
  });
});

describe('a person whose hall comes in the same run', () => {
  it('is linked at once, and a later hall links who waited', async () => {
    const later = rig.org.records.insert('Account', { Name: 'Later', BillingState: 'elsewhere' });
    person('Ann', { AccountId: later });
    expect((await run('people')).links).toMatchObject({ waiting: 1 });

    rig.org.records.update('Account', later, { BillingState: 'letters' });

    expect((await run('people')).links).toMatchObject({ linked: 1, waiting: 0 });
    expect(await rig.column('SELECT hall_id FROM person')).toEqual([later]);
  });
});
