import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Deletes } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import { columnOf } from '../../src/config/table.ts';
import { unaccounted } from '../../src/flow/counts.ts';
import type { StepReport } from '../../src/flow/run-events.ts';
import type { RunRequest } from '../../src/flow/run-request.ts';
import { fixture } from '../support/fixture.ts';
import { changed } from '../support/project-folder.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { STREET } from '../support/street.ts';

const HARD: Deletes = { recycleBin: true, reconcile: true, action: 'hard', mark: null, leftFilter: 'delete' };

function allHard(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) =>
      mapping.source.file === null ? { ...mapping, deletes: HARD } : mapping,
    ),
  };
}

/** Memberships that are only planned are none. */
const NO_PLANS = changed(
  fixture('fair'),
  'mappings/memberships.yaml',
  'phases: { joins }',
  `phases: { joins }\nskip_when:\n  - { name: planned, when: "source.npe5__Status__c == 'Planned'" }`,
);

/** Memberships that are over stay, and say so. */
const MARKED = changed(
  changed(
    NO_PLANS,
    'mappings/memberships.yaml',
    'phases: { joins }',
    'phases: { joins }\ndeletes: { detect: [recycle_bin, reconcile], action: soft, column: over, value: true }',
  ),
  'mappings/tables/membership.yaml',
  '  frozen:',
  '  over: { type: boolean, default: false }\n  frozen:',
);

/** People and helpers are both persons; each kind has a table of its own. */
const TWO_KINDS = {
  ...changed(
    changed(STREET, 'mappings/people.yaml', "Department = 'people'", "Department IN ('people', 'both')"),
    'mappings/people.yaml',
    '  mailbox:',
    '  resident:\n    columns: { room: { value: attic } }\n  mailbox:',
  ),
  'mappings/helpers.yaml': `version: 1
mapping: helpers
source:
  soql: "SELECT Id, LastName, SystemModstamp FROM Contact WHERE MailingCity = 'street' AND Department IN ('helpers', 'both')"
phases: { all: }
tables:
  person: { key: salesforce_id, columns: { salesforce_id: Id, name: LastName } }
  helper: { columns: { task: { value: kitchen } } }
deletes: { detect: [recycle_bin, reconcile], action: hard }
`,
  'mappings/tables/resident.yaml': 'table: resident\nextends: person\ncolumns: { room: { type: string(20) } }\n',
  'mappings/tables/helper.yaml': 'table: helper\nextends: person\ncolumns: { task: { type: string(20) } }\n',
};

let rig: Rig;
let now = Date.parse('2030-01-01T00:00:00Z');

async function run(mapping: string, request: Partial<RunRequest> = {}): Promise<StepReport> {
  const report = await rig.run(request);
  expect(report.error).toBeNull();
  for (const one of report.steps) expect(unaccounted(one.counts)).toBe(0);
  const found = report.steps.find((one) => one.mapping === mapping);
  if (found === undefined) throw new Error(`no step of ${mapping}`);
  return found;
}

const stall = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Account', { Name: name, BillingState: 'fair', ...more });
const person = (name: string) => rig.org.records.insert('Contact', { LastName: name, MailingCity: 'fair' });
const membership = (who: string, where: string, status: string) =>
  rig.org.records.insert('npe5__Affiliation__c', {
    npe5__Contact__c: who,
    npe5__Organization__c: where,
    npe5__Role__c: 'fair',
    npe5__Status__c: status,
  });
const leave = (id: string): void => rig.org.records.remove('npe5__Affiliation__c', id);
const shown = () => rig.column('SELECT status FROM membership');
const isOver = () => rig.column(`SELECT status || CASE WHEN over THEN ', over' ELSE '' END FROM membership`);

const neighbour = (department: string) =>
  rig.org.records.insert('Contact', {
    LastName: 'Ann',
    MailingCity: 'street',
    Department: department,
    Email: 'ann@street.example',
  });
const becomes = (id: string, department: string): void =>
  rig.org.records.update('Contact', id, { Department: department });
const parts = () =>
  rig.column(`SELECT concat_ws(' ', p.id, p.notes, r.room, h.task) FROM person p
    LEFT JOIN resident r ON r.id = p.id LEFT JOIN helper h ON h.id = p.id`);

describe('a row in which several records meet', () => {
  beforeEach(async () => {
    rig = await openRig(
      { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
      { files: NO_PLANS, incremental: true, adjust: allHard },
    );
    await rig.run();
  });

  it('shows the next best in the same run when the shown one goes', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const best = membership(ann, bread, 'Current');
    membership(ann, bread, 'Past');
    await run('memberships');
    leave(best);

    const { counts } = await run('memberships');

    expect(await shown()).toEqual(['Past']);
    expect(counts).toMatchObject({ deleted: 1 });
  });

  it('stays as it is when one goes that it does not show', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    membership(ann, bread, 'Current');
    const other = membership(ann, bread, 'Past');
    await run('memberships');
    leave(other);

    const { counts, tables } = await run('memberships');

    expect(await shown()).toEqual(['Current']);
    expect(counts).toMatchObject({ deleted: 1 });
    expect(tables['membership']?.deleted ?? 0).toBe(0);
  });

  it.each([
    ['one after the other', 1],
    ['in one run', 2],
  ])('goes with the last of them, %s', async (_how, atOnce) => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const both = [membership(ann, bread, 'Current'), membership(ann, bread, 'Past')];
    await run('memberships');
    for (let from = 0; from < both.length; from += atOnce) {
      for (const id of both.slice(from, from + atOnce)) leave(id);
      await run('memberships');
    }

    expect(await shown()).toEqual([]);
  });

  it('goes with the shown one when the other is in quarantine by now', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const best = membership(ann, bread, 'Current');
    const other = membership(ann, bread, 'Past');
    await run('memberships');
    rig.org.records.update('npe5__Affiliation__c', other, { npe5__Status__c: 'far too long for it '.repeat(4) });
    leave(best);

    await run('memberships');

    expect(await rig.column(`SELECT source_id FROM sluice.quarantine WHERE closed_at IS NULL`)).toEqual([other]);
    expect(await shown()).toEqual([]);
    expect((await run('memberships')).counts).toMatchObject({ inserted: 0, updated: 0 });
  });

  it('goes with the shown one when the other is for somebody who is not here by now', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const best = membership(ann, bread, 'Current');
    const other = membership(ann, bread, 'Past');
    await run('memberships');
    rig.org.records.update('npe5__Affiliation__c', other, { npe5__Contact__c: '0035e00000ZZZZZAAA' });
    leave(best);

    await run('memberships');

    expect(await rig.column('SELECT source_id FROM sluice.left_out')).toEqual([other]);
    expect(await shown()).toEqual([]);
  });

  it('goes with the shown one when the other is one that a rule skips by now', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const best = membership(ann, bread, 'Current');
    const other = membership(ann, bread, 'Past');
    await run('memberships');
    rig.org.records.update('npe5__Affiliation__c', other, { npe5__Status__c: 'Planned' });
    leave(best);

    const { counts } = await run('memberships');

    expect(await shown()).toEqual([]);
    expect(counts).toMatchObject({ deleted: 1 });
    expect(await rig.count(`SELECT 1 FROM sluice.record WHERE source_id = '${other}'`)).toBe(0);
    rig.org.records.update('npe5__Affiliation__c', other, { npe5__Status__c: 'Past' });
    await run('memberships');
    expect(await shown()).toEqual(['Past']);
  });

  it('shows the same again when it comes back from a deletion that was refused', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const best = membership(ann, bread, 'Current');
    await run('memberships');
    await rig.database.query(`CREATE TABLE badge (person_id varchar(40), stall_id int, FOREIGN KEY (person_id, stall_id)
      REFERENCES membership (person_id, stall_id)); INSERT INTO badge SELECT person_id, stall_id FROM membership`);
    leave(best);
    expect((await run('memberships')).counts).toMatchObject({ deleted: 0, deferred: 1 });
    rig.org.records.undelete('npe5__Affiliation__c', best);
    await run('memberships');
    membership(ann, bread, 'Past');

    await run('memberships');

    expect(await shown()).toEqual(['Current']);
  });

  it('comes back when one of them does', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const both = [membership(ann, bread, 'Current'), membership(ann, bread, 'Past')];
    await run('memberships');
    for (const id of both) leave(id);
    await run('memberships');
    rig.org.records.undelete('npe5__Affiliation__c', both[1] ?? '');

    await run('memberships');

    expect(await shown()).toEqual(['Past']);
  });

  it('is left alone where the mapping says so, and the record counts as skipped', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const only = membership(ann, bread, 'Current');
    await run('memberships');
    await rig.database.query('UPDATE membership SET frozen = true');
    leave(only);

    const { counts, skipped } = await run('memberships');

    expect(await shown()).toEqual(['Current']);
    expect(counts).toMatchObject({ read: 1, skipped: 1, deleted: 0 });
    expect(skipped).toEqual({ left: 1 });
    expect((await run('memberships')).counts).toMatchObject({ read: 0 });
  });

  it('holds its parent as long as it is there, and lets it go at the end of the run in which it goes', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const only = membership(ann, bread, 'Current');
    await run('memberships');
    rig.org.records.remove('Account', bread);
    expect((await run('stalls')).counts).toMatchObject({ deleted: 0, deferred: 1 });
    leave(only);

    expect((await run('stalls')).counts).toMatchObject({ deleted: 1, deferred: 0 });
    expect(await rig.count('SELECT 1 FROM stall')).toBe(0);
  });
});

describe('a marked row in which several records meet', () => {
  beforeEach(async () => {
    rig = await openRig(
      { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
      { files: MARKED, incremental: true },
    );
    await rig.run();
  });

  it('is marked with the last of them, and unmarked by any that comes after', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const both = [membership(ann, bread, 'Current'), membership(ann, bread, 'Past')];
    await run('memberships');
    leave(both[0] ?? '');
    await run('memberships');
    expect(await isOver()).toEqual(['Past']);
    leave(both[1] ?? '');
    await run('memberships');
    expect(await isOver()).toEqual(['Past, over']);

    membership(ann, bread, 'Past');
    await run('memberships');

    expect(await isOver()).toEqual(['Past']);
  });

  it('is unmarked by the other that was skipped when the shown one went', async () => {
    const [ann, bread] = [person('Ann'), stall('Bread')];
    const [best, other] = [membership(ann, bread, 'Current'), membership(ann, bread, 'Past')];
    await run('memberships');
    rig.org.records.update('npe5__Affiliation__c', other, { npe5__Status__c: 'Planned' });
    leave(best);
    await run('memberships');
    expect(await isOver()).toEqual(['Current, over']);

    rig.org.records.update('npe5__Affiliation__c', other, { npe5__Status__c: 'Past' });
    await run('memberships');

    expect(await isOver()).toEqual(['Past']);
  });
});

/** Who is no resident any more is marked, where all can see it. */
function markingPeople(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) => {
      const table = mapping.tables[0]?.table;
      if (mapping.name !== 'people' || mapping.deletes === null || table === undefined) return mapping;
      const mark = { table: 'person', column: columnOf(table, 'active'), value: 'false' };
      return { ...mapping, deletes: { ...mapping.deletes, action: 'soft', mark } };
    }),
  };
}

async function marking(): Promise<void> {
  const { error } = await rig.run({}, { adjust: (project) => markingPeople(project) });
  expect(error).toBeNull();
}

const active = () => rig.column('SELECT active FROM person');

describe('a person that two mappings know', () => {
  beforeEach(async () => {
    rig = await openRig(
      { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
      { files: TWO_KINDS, incremental: true },
    );
  });

  it.each([
    ['people', 'helpers', 'kitchen'],
    ['helpers', 'people', 'attic'],
  ])('stays one when it goes from %s to %s, with what was written here', async (from, to, part) => {
    const id = neighbour(from);
    await run(from);
    await rig.database.query(`UPDATE person SET notes = 'kept'`);
    becomes(id, to);

    const left = await run(from);

    expect(left.counts).toMatchObject({ read: 1, deleted: 1, deferred: 0 });
    expect(left.status).toBe('succeeded');
    expect(await parts()).toEqual([`1 kept ${part}`]);
    expect(await rig.count('SELECT 1 FROM mailbox')).toBe(to === 'people' ? 1 : 0);
  });

  it('goes with the last one that knows it', async () => {
    const id = neighbour('both');
    await run('people');
    expect(await parts()).toEqual(['1 attic kitchen']);
    becomes(id, 'helpers');
    await run('people');
    expect(await parts()).toEqual(['1 kitchen']);
    rig.org.records.remove('Contact', id);

    await run('helpers');

    expect(await parts()).toEqual([]);
  });

  it('goes once when it is deleted, whoever knows it', async () => {
    const id = neighbour('both');
    await run('people');
    rig.org.records.remove('Contact', id);

    await run('people');

    expect(await parts()).toEqual([]);
    expect(await rig.column('SELECT DISTINCT status FROM sluice.deletion')).toEqual(['done']);
  });

  it('is not marked any more when another mapping comes to mean it', async () => {
    const id = neighbour('people');
    await marking();
    becomes(id, 'others');
    await marking();
    expect(await active()).toEqual(['false']);
    becomes(id, 'helpers');

    await marking();

    expect(await active()).toEqual(['true']);
    expect(await parts()).toEqual(['1 attic kitchen']);
  });
});
