import { beforeEach, describe, expect, it } from '@jest/globals';
import { unaccounted } from '../../src/flow/counts.ts';
import type { StepReport } from '../../src/flow/run-events.ts';
import type { RunRequest } from '../../src/flow/run-request.ts';
import { fixture } from '../support/fixture.ts';
import { openRig, type Rig, withSizes } from '../support/rig.ts';

/** Stories that random scripts have told: see model.test.ts. */
const FAIR = fixture('fair');

let rig: Rig;
let now = Date.parse('2030-01-01T00:00:00Z');

/** Runs once and gives a mapping's step; every record must be accounted for. */
async function run(mapping: string, request: Partial<RunRequest> = {}, size = 1_000): Promise<StepReport> {
  const report = await rig.run(request, { adjust: (project) => withSizes(project, size, size) });
  expect(report.error).toBeNull();
  for (const one of report.steps) expect(unaccounted(one.counts)).toBe(0);
  const found = report.steps.find((one) => one.mapping === mapping);
  if (found === undefined) throw new Error(`no step of ${mapping}`);
  return found;
}

const stall = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Account', { Name: name, BillingState: 'fair', ...more });
const person = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Contact', { LastName: name, MailingCity: 'fair', ...more });
const membership = (who: string, where: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('npe5__Affiliation__c', {
    npe5__Contact__c: who,
    npe5__Organization__c: where,
    npe5__Role__c: 'fair',
    ...more,
  });
const job = (who: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Task', { WhoId: who, Subject: 'bake', Priority: 'fair', ...more });
const score = (campaign: string, who: string, result: string) =>
  rig.org.records.insert('CampaignMember', { CampaignId: campaign, ContactId: who, Status: `fair ${result}` });
const campaign = (name: string) => rig.org.records.insert('Campaign', { Name: name, NumberSent: 4711 });
const waiting = () =>
  rig.column('SELECT link FROM sluice.waiting_link WHERE linked_at IS NULL ORDER BY link, source_id');

const version = () => rig.column('SELECT xmin FROM sluice.waiting_link');
const shown = () =>
  rig.column(`SELECT concat_ws(' ', s.name, status) FROM membership m JOIN stall s ON s.id = m.stall_id ORDER BY 1`);

beforeEach(async () => {
  // Each change has a time of its own.
  rig = await openRig({ students: 1, schools: 1, now: () => new Date((now += 1_000)) }, { files: FAIR });
  await rig.run();
});

describe('a row that several records share', () => {
  it.each([1, 1_000])('shows the next best when the shown one moves to another row, in batches of %d', async (size) => {
    const [ann, bread, wine] = [person('Ann'), stall('Bread'), stall('Wine')];
    const best = membership(ann, bread, { npe5__Status__c: 'Current' });
    const next = membership(ann, bread, { npe5__Status__c: 'Past' });
    await run('memberships', {}, size);

    rig.org.records.update('npe5__Affiliation__c', best, { npe5__Organization__c: wine });
    await run('memberships', {}, size);
    expect(await shown()).toEqual(['Bread Past', 'Wine Current']);

    // The same when both come in one batch.
    rig.org.records.update('npe5__Affiliation__c', best, { npe5__Organization__c: bread });
    rig.org.records.update('npe5__Affiliation__c', next, { npe5__Status__c: 'Other' });
    await run('memberships', {}, size);
    expect(await shown()).toEqual(['Bread Current', 'Wine Current']);
    rig.org.records.update('npe5__Affiliation__c', best, { npe5__Organization__c: wine });
    rig.org.records.update('npe5__Affiliation__c', next, { npe5__Status__c: 'Past' });
    await run('memberships', {}, size);
    expect(await shown()).toEqual(['Bread Past', 'Wine Current']);
  });

  it('waits for the parents of the record that it shows, and no longer for those of one that has lost', async () => {
    const ann = person('Ann');
    const late = person('Late', { MailingCity: 'elsewhere' });
    job(ann, { Type: 'second', Description: late });
    await run('jobs');
    expect(await waiting()).toEqual(['job.helper_id']);
    job(ann, { Type: 'first' });
    await run('jobs');
    expect(await waiting()).toEqual([]);

    rig.org.records.update('Contact', late, { MailingCity: 'fair' });
    await run('jobs');

    expect(await rig.column('SELECT helper_id FROM job')).toEqual(['null']);
  });

  it('is not linked by a record that has moved on to a new row', async () => {
    const [ann, bea, bread] = [person('Ann'), person('Bea'), stall('Bread')];
    const first = job(ann, { Type: 'first', WhatId: '001000000000000AAA' });
    job(ann, { Type: 'second', WhatId: bread });
    await run('jobs');

    rig.org.records.update('Task', first, { WhoId: bea, WhatId: null });
    await run('jobs');
    await run('jobs');

    expect(await rig.column('SELECT s.name FROM job j JOIN stall s ON s.id = j.stall_id ORDER BY person_id')).toEqual([
      'Bread',
    ]);
  });

  it('shows the one that was there first, also when all are read again', async () => {
    const [ann, race] = [person('Ann'), campaign('Race')];
    score(race, ann, 'first');
    await run('scores');
    score(race, ann, 'second');
    await run('scores');

    await run('scores', { fullRefresh: true });

    expect(await rig.column('SELECT result FROM score')).toEqual(['fair first']);
  });

  it('is left to a rival of the same batch when the shown record takes it along to another key', async () => {
    const [ann, race, other] = [person('Ann'), campaign('Race'), campaign('Other')];
    const first = score(race, ann, 'first');
    const second = score(race, ann, 'second');
    await run('scores');
    const shownFirst = (await rig.column('SELECT salesforce_id FROM score'))[0] ?? '';
    const [leaves, stays] = shownFirst === first ? [first, second] : [second, first];

    rig.org.records.update('CampaignMember', leaves, { CampaignId: other });
    rig.org.records.update('CampaignMember', stays, { Status: 'fair stays' });
    await run('scores');

    expect(
      await rig.column(`SELECT concat_ws(' ', salesforce_id, campaign) FROM score ORDER BY campaign = '${other}'`),
    ).toEqual([`${stays} ${race}`, `${leaves} ${other}`]);
  });
});

describe('a record that is deferred', () => {
  it('is tried in every run, which writes nothing', async () => {
    membership(person('Ann'), '001000000000000AAA');
    await run('memberships');
    const before = await version();

    expect((await run('memberships')).counts.deferred).toBe(1);

    expect(await version()).toEqual(before);
  });

  it('waits no more when it has lost its reference', async () => {
    const held = membership(person('Ann'), '001000000000000AAA');
    await run('memberships');
    expect(await waiting()).toEqual(['membership.stall_id']);

    rig.org.records.update('npe5__Affiliation__c', held, { npe5__Organization__c: null });
    await run('memberships');

    expect(await waiting()).toEqual([]);
  });
});

describe('a plan', () => {
  it('moves no sequence, also on a connection that has carried a run', async () => {
    stall('Bread');
    await run('stalls');
    stall('Wine');
    const keys = () => rig.column("SELECT last_value FROM pg_sequences WHERE sequencename = 'stall_id_seq'");
    const before = await keys();

    await rig.run({}, { kind: 'plan' });

    expect(await keys()).toEqual(before);
  });
});

describe('a row that is left alone', () => {
  it('makes no parents', async () => {
    const id = stall('Bread', { BillingCity: 'Oslo', Description: 'bread' });
    await run('stalls');
    await rig.database.query('UPDATE stall SET archived = true');
    rig.org.records.update('Account', id, { BillingCity: 'Bergen', Description: 'bread;wine' });

    expect((await run('stalls')).skipped).toEqual({ left: 1 });

    expect(await rig.column('SELECT name FROM town')).toEqual(['Oslo']);
    expect(await rig.column('SELECT name FROM good')).toEqual(['bread']);
  });

  it('is not linked either, until it is no longer left alone', async () => {
    const late = person('Late', { MailingCity: 'elsewhere' });
    stall('Bread', { School_Code_External_ID__c: late });
    await run('stalls');
    await rig.database.query('UPDATE stall SET archived = true');
    rig.org.records.update('Contact', late, { MailingCity: 'fair' });

    await run('stalls');
    expect(await rig.column('SELECT keeper FROM stall')).toEqual(['null']);

    await rig.database.query('UPDATE stall SET archived = false');
    await run('stalls');
    expect(await rig.column('SELECT keeper FROM stall')).toEqual([late]);
  });
});

describe('parents that are made where case does not count', () => {
  it.each([1, 1_000])('are made once, in batches of %d', async (size) => {
    stall('Bread', { BillingCity: 'Oslo' });
    stall('Wine', { BillingCity: 'OSLO' });

    await run('stalls', {}, size);

    expect(await rig.count('SELECT DISTINCT town_id FROM stall')).toBe(1);
    expect(await rig.count('SELECT FROM town')).toBe(1);
  });
});

describe('a local row', () => {
  it('becomes the record although its columns must be unique', async () => {
    await rig.database.query('CREATE UNIQUE INDEX ON person (lower(name))');
    await rig.database.query("INSERT INTO person (id, name) VALUES ('local', 'ANN')");
    await rig.database.query("INSERT INTO note (person, text) VALUES ('local', 'by hand')");
    const ann = person('Ann');

    const { counts } = await run('people');

    expect(counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(await rig.column('SELECT person FROM note')).toEqual([ann]);
  });
});
