import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StepReport } from '../../src/flow/run-events.ts';
import { unaccounted } from '../../src/flow/counts.ts';
import { fixture } from '../support/fixture.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

const CLUBS = fixture('clubs');

let rig: Rig;

async function openClubs(): Promise<void> {
  rig = await openRig({ students: 50 }, { files: CLUBS });
  await rig.run();
}

/** Runs once and gives a mapping's step; every record must be accounted for. */
async function run(mapping: string): Promise<StepReport> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  for (const one of report.steps) expect(unaccounted(one.counts)).toBe(0);
  return step(report, report.steps.find((one) => one.mapping === mapping)?.phase ?? '', mapping);
}

async function expectQuiet(): Promise<void> {
  const report = await rig.run();
  expect(report.steps.map(({ counts }) => counts.inserted + counts.updated + counts.deleted)).toEqual(
    report.steps.map(() => 0),
  );
}

const place = (name: string) => rig.org.records.insert('Account', { Name: name, BillingState: 'clubs' });
const club = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Campaign', { Name: name, Description: 'club', NumberSent: 4711, ...more });
const person = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Contact', { LastName: name, Department: 'clubs', Contact_Type__c: 'Volunteer', ...more });
const membership = (contact: string, organization: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('npe5__Affiliation__c', {
    npe5__Contact__c: contact,
    npe5__Organization__c: organization,
    npe5__Role__c: 'clubs guest',
    ...more,
  });

beforeEach(openClubs);

describe('a link finds its parent', () => {
  it('by another column than the id, by an alias, and without case where nothing is equal', async () => {
    place('Town Hall');
    place('TOWN HALL annex');
    await run('places');
    await rig.database.query(
      `INSERT INTO place_alias (alias, place_id) SELECT 'The Hall', id FROM place WHERE name = 'Town Hall'`,
    );
    club('exact', { Type: 'Town Hall' });
    club('alias', { Type: 'The Hall' });
    club('other case', { Type: 'town hall ANNEX' });
    club('alias in other case', { Type: 'the hall' });
    club('nowhere', { Type: 'Moon Base' });

    const { links } = await run('clubs');

    expect(
      await rig.column(
        `SELECT c.name || ': ' || coalesce(p.name, 'waits') FROM club c LEFT JOIN place p ON p.id = c.place_id ORDER BY c.name`,
      ),
    ).toEqual([
      'alias: Town Hall',
      'alias in other case: Town Hall',
      'exact: Town Hall',
      'nowhere: waits',
      'other case: TOWN HALL annex',
    ]);
    expect(links).toMatchObject({ linked: 4, waiting: 1, missing_parents: 1 });
    await expectQuiet();
  });

  it('in the same table, whichever of the two comes first', async () => {
    const child = club('child');
    const parent = club('parent');
    rig.org.records.update('Campaign', child, { ParentId: parent });

    await run('clubs');

    expect(await rig.column('SELECT p.name FROM club c JOIN club p ON p.id = c.parent_id')).toEqual(['parent']);
    await expectQuiet();
  });

  it('in a joined table by the key of its base, and makes a stub where another table knows the name', async () => {
    const ann = person('Ann');
    const chess = club('Chess');
    membership(ann, chess);

    const { counts, tables } = await run('memberships');

    expect(counts).toMatchObject({ read: 1, inserted: 1 });
    expect(tables['place']).toMatchObject({ inserted: 1 });
    expect(await rig.column(`SELECT name || ', ' || city FROM place`)).toEqual(['Chess, made from a club']);
    await expectQuiet();
  });

  it('or its record is quarantined where no stub can be made, and skipped where the mapping says so', async () => {
    const ann = person('Ann');
    membership(ann, '001000000000000AAA');
    membership('003000000000000AAA', place('Hall'));

    const report = await run('memberships');

    expect(report.quarantined).toEqual({ 'FK_NOT_FOUND membership.place_id': 1 });
    expect(report.skipped).toEqual({ 'membership.member_id not here': 1 });
    expect(report.counts).toMatchObject({ read: 2, quarantined: 1, skipped: 1 });
  });

  it('and no stub is made for a record that another link keeps out', async () => {
    membership('003000000000000AAA', club('Chess'));

    expect((await run('memberships')).skipped).toEqual({ 'membership.member_id not here': 1 });

    expect(await rig.count('SELECT FROM place')).toBe(0);
  });

  it('later, when the parent of a skipped record has come', async () => {
    const late = person('Late', { Department: 'elsewhere' });
    membership(late, place('Hall'));
    await run('memberships');
    rig.org.records.update('Contact', late, { Department: 'clubs' });

    expect((await run('memberships')).counts).toMatchObject({ inserted: 1, skipped: 0 });
  });
});

const topics = () =>
  rig.column(
    `SELECT c.name || ': ' || string_agg(t.name, ', ' ORDER BY t.name) FROM club c JOIN club_topic ct ON ct.club_id = c.id
     JOIN topic t ON t.id = ct.topic_id GROUP BY c.name ORDER BY 1`,
  );

describe('a list in a field becomes rows', () => {
  it('each item once, with parents that are made when they are not there', async () => {
    club('Chess', { Description: 'club games; STRATEGY;games ;' });
    club('Go', { Description: 'club games' });

    const { counts, tables } = await run('clubs');

    expect(await topics()).toEqual(['Chess: Games, Strategy', 'Go: Games']);
    expect(counts).toMatchObject({ inserted: 2 });
    expect(tables['topic']).toMatchObject({ inserted: 2 });
    expect(tables['club_topic']).toMatchObject({ inserted: 3 });
    await expectQuiet();
  });

  it('and a set that is replaced loses what the record no longer names, but not everything', async () => {
    const chess = club('Chess', { Description: 'club games;strategy' });
    await run('clubs');
    rig.org.records.update('Campaign', chess, { Description: 'club strategy;clocks' });

    const { counts, tables } = await run('clubs');

    expect(await topics()).toEqual(['Chess: Clocks, Strategy']);
    expect(counts).toMatchObject({ updated: 1 });
    expect(tables['club_topic']).toMatchObject({ inserted: 1, deleted: 1, unchanged: 1 });

    rig.org.records.update('Campaign', chess, { Description: 'club' });
    await run('clubs');
    expect(await topics()).toEqual(['Chess: Clocks, Strategy']);
    await expectQuiet();
  });
});

const shown = () => rig.column(`SELECT concat_ws(' ', role, status, started_on) FROM membership ORDER BY 1`);

describe('several records in one row', () => {
  it('show the one that the mapping prefers, in whatever order they come', async () => {
    const ann = person('Ann');
    const hall = place('Hall');
    membership(ann, hall, { npe5__Role__c: 'clubs cook', npe5__Status__c: 'Past', npe5__StartDate__c: '2020-01-01' });
    membership(ann, hall, {
      npe5__Role__c: 'clubs judge',
      npe5__Status__c: 'Current',
      npe5__StartDate__c: '2018-01-01',
    });

    const first = await run('memberships');

    expect(first.counts).toMatchObject({ read: 2, inserted: 1, skipped: 1 });
    expect(first.skipped).toEqual({ merged: 1 });
    expect(await shown()).toEqual(['judge Current 2018-01-01']);

    membership(ann, hall, { npe5__Role__c: 'clubs coach', npe5__Status__c: 'Past', npe5__StartDate__c: '2024-01-01' });
    expect((await run('memberships')).counts).toMatchObject({ updated: 0, skipped: 1 });
    membership(ann, hall, {
      npe5__Role__c: 'clubs chair',
      npe5__Status__c: 'Current',
      npe5__StartDate__c: '2019-01-01',
    });
    expect((await run('memberships')).counts).toMatchObject({ updated: 1, skipped: 0 });
    expect(await shown()).toEqual(['chair Current 2019-01-01']);
    await expectQuiet();
  });

  it('give way when the shown one is no longer the best, in the same run', async () => {
    const ann = person('Ann');
    const hall = place('Hall');
    membership(ann, hall, { npe5__Role__c: 'clubs cook', npe5__Status__c: 'Past', npe5__StartDate__c: '2020-01-01' });
    const best = membership(ann, hall, { npe5__Role__c: 'clubs judge', npe5__Status__c: 'Current' });
    await run('memberships');

    rig.org.records.update('npe5__Affiliation__c', best, { npe5__Status__c: 'Past' });
    await run('memberships');

    expect(await shown()).toEqual(['cook Past 2020-01-01']);
    await expectQuiet();
  });
});

describe('what staff did here', () => {
  it('stays: a row that is marked is never touched, and its record counted', async () => {
    const chess = club('Chess');
    await run('clubs');
    await rig.database.query('UPDATE club SET archived = true');
    rig.org.records.update('Campaign', chess, { Name: 'Draughts' });

    const { counts, skipped } = await run('clubs');

    expect(counts).toMatchObject({ skipped: 1, updated: 0 });
    expect(skipped).toEqual({ left: 1 });
    expect(await rig.column('SELECT name FROM club')).toEqual(['Chess']);
  });

  it('is not taken for another kind of thing: a conflict is a duplicate record', async () => {
    const ann = person('Ann');
    await run('people');
    rig.org.records.update('Contact', ann, { Contact_Type__c: 'Teacher' });

    const report = await run('people');

    expect(report.quarantined).toEqual({ 'DUPLICATE_RECORD person.type': 1 });
    expect(await rig.column('SELECT type FROM person')).toEqual(['member']);
  });

  it('gets its times when a row comes to be something', async () => {
    const open = club('Open at once', { Status: 'Open' });
    const later = club('Later', { Status: 'Planned' });
    club('Dated', { Status: 'Open', StartDate: '2020-05-05' });
    await run('clubs');
    const times = () =>
      rig.column(`SELECT name || ': ' || coalesce(CASE WHEN opened_on = CURRENT_DATE THEN 'today' ELSE opened_on::text END, '-') || ' '
        || coalesce(CASE WHEN closed_on = CURRENT_DATE THEN 'today' ELSE closed_on::text END, '-') FROM club ORDER BY 1`);
    expect(await times()).toEqual(['Dated: 2020-05-05 -', 'Later: - -', 'Open at once: today -']);

    rig.org.records.update('Campaign', open, { Status: 'Closed' });
    rig.org.records.update('Campaign', later, { Status: 'Open' });
    await run('clubs');

    expect(await times()).toEqual(['Dated: 2020-05-05 -', 'Later: today -', 'Open at once: today today']);
    await expectQuiet();
  });
});

describe('records are judged', () => {
  it('left out by a rule with its name, warned of, or put aside', async () => {
    person('Nobody');
    person('LOUD');
    person('Quiet');
    person('Stranger', { Contact_Type__c: 'Student' });

    const report = await run('people');

    expect(report.skipped).toEqual({ nameless: 1 });
    expect(report.quarantined).toEqual({ 'RULE_FAILED no_shouting': 1 });
    expect(report.warnings).toMatchObject({ 'RULE_FAILED known_type': 1 });
    expect(await rig.column('SELECT name FROM person ORDER BY 1')).toEqual(['Quiet', 'Stranger']);
  });

  it('and columns can be computed from others', async () => {
    club('The Long Name');

    await run('clubs');

    expect(await rig.column('SELECT slug FROM club')).toEqual(['the-long-name']);
  });
});
