import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Deletes } from '../../src/config/mapping.ts';
import { columnOf } from '../../src/config/table.ts';
import { unaccounted } from '../../src/flow/counts.ts';
import type { RunReport, StepReport } from '../../src/flow/run-events.ts';
import type { RunRequest } from '../../src/flow/run-request.ts';
import { decideDeletions, OPEN_STATUSES } from '../../src/state/deletion-decisions.ts';
import { until } from '../support/crash.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { STREET } from '../support/street.ts';

let rig: Rig;
let now = Date.parse('2030-01-01T00:00:00Z');

/** Runs everything once; every record must be accounted for. */
async function run(): Promise<RunReport> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  for (const one of report.steps) expect(unaccounted(one.counts)).toBe(0);
  return report;
}

function stepOf({ steps }: RunReport, mapping: string): StepReport {
  const found = steps.find((one) => one.mapping === mapping);
  if (found === undefined) throw new Error(`no step of ${mapping}`);
  return found;
}

const house = (name: string) => rig.org.records.insert('Account', { Name: name, BillingState: 'street' });
const person = (name: string, more: Record<string, string> = {}) =>
  rig.org.records.insert('Contact', { LastName: name, MailingCity: 'street', Department: 'people', ...more });
const job = (who: string, status = 'Current') =>
  rig.org.records.insert('npe5__Affiliation__c', {
    npe5__Contact__c: who,
    npe5__Role__c: 'street',
    npe5__Status__c: status,
  });
const errand = (who: string) => rig.org.records.insert('Task', { WhoId: who, Priority: 'street' });

const people = () => rig.column('SELECT name FROM person ORDER BY name');
const living = () =>
  rig.column(
    `SELECT concat_ws(' in ', p.name, h.name) FROM person p LEFT JOIN house h ON h.id = p.house_id ORDER BY 1`,
  );
const working = () => rig.column('SELECT p.name FROM job j JOIN person p ON p.id = j.person_id ORDER BY 1');
const statuses = () => rig.column('SELECT status FROM sluice.deletion ORDER BY source_id');

beforeEach(async () => {
  // Each answer of the org, and so each change, has a time of its own.
  rig = await openRig(
    { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
    { files: STREET, incremental: true },
  );
});

describe('a parent that is deleted', () => {
  it('leaves its rows without it; they find it again when it returns', async () => {
    const home = house('Home');
    person('Ann', { AccountId: home });
    await run();
    rig.org.records.remove('Account', home);

    const gone = await run();

    expect(await living()).toEqual(['Ann']);
    expect(stepOf(gone, 'people').links).toMatchObject({ waiting: 1, missing_parents: 1 });
    rig.org.records.undelete('Account', home);
    await run();
    expect(await living()).toEqual(['Ann in Home']);
    expect(await rig.count('SELECT 1 FROM sluice.waiting_link WHERE linked_at IS NULL')).toBe(0);
  });

  it('takes rows along that cannot be without it; they come back when it does, though they have not changed', async () => {
    const ann = person('Ann');
    job(ann);
    await run();
    rig.org.records.remove('Contact', ann);

    const gone = await run();

    expect(stepOf(gone, 'people').tables).toMatchObject({ person: { deleted: 1 }, job: { deleted: 1 } });
    expect(await rig.column('SELECT link FROM sluice.waiting_link')).toEqual(['job.person_id']);
    rig.org.records.undelete('Contact', ann);
    await run();
    expect(await working()).toEqual(['Ann']);
    expect(await rig.count('SELECT 1 FROM sluice.waiting_link WHERE linked_at IS NULL')).toBe(0);
  });

  it('takes its own children along, whatever holds them', async () => {
    const ann = person('Ann', { Email: 'ann@street.example' });
    await run();
    expect(await rig.count('SELECT 1 FROM mailbox')).toBe(1);
    rig.org.records.remove('Contact', ann);

    const gone = await run();

    expect(stepOf(gone, 'people').tables).toMatchObject({ mailbox: { deleted: 1 }, person: { deleted: 1 } });
    expect(await people()).toEqual([]);
  });

  it('stays as long as something refers to it that does not let it go, without holding up the others', async () => {
    const [ann, bob] = [person('Ann'), person('Bob')];
    const last = errand(ann);
    await run();
    rig.org.records.remove('Contact', ann);
    rig.org.records.remove('Contact', bob);

    const refused = await run();

    expect(stepOf(refused, 'people').counts).toMatchObject({ read: 2, deleted: 1, deferred: 1 });
    expect(stepOf(refused, 'people').status).toBe('succeeded_with_warnings');
    expect(await people()).toEqual(['Ann']);
    rig.org.records.remove('Task', last);

    const done = await run();

    // The errand goes in its own step, and then at the end of the same run nothing holds the person any more.
    expect(stepOf(done, 'people').counts).toMatchObject({ read: 1, deleted: 1, deferred: 0 });
    expect(stepOf(done, 'people').status).toBe('succeeded');
    expect(await people()).toEqual([]);
    expect(await statuses()).toEqual(['done', 'done', 'done']);
  });

  it('counts nothing when the record was never loaded', async () => {
    await run();
    const ann = person('Ann');
    rig.org.records.remove('Contact', ann);

    const { counts } = stepOf(await run(), 'people');

    expect(counts).toMatchObject({ read: 0, deleted: 0 });
  });

  it('ends the waiting of a record that is gone itself', async () => {
    const nobody = person('Nobody', { Department: 'others' });
    const own = job(nobody);
    const first = await run();
    expect(stepOf(first, 'jobs').counts).toMatchObject({ deferred: 1 });
    rig.org.records.remove('npe5__Affiliation__c', own);

    await run();

    expect(await rig.count('SELECT 1 FROM sluice.waiting_link')).toBe(0);
  });
});

describe('records that are merged', () => {
  it('give what refers to the loser to the master, with what was written here', async () => {
    const [loser, master] = [person('Loser'), person('Master')];
    job(loser);
    errand(loser);
    await run();
    await rig.database.query(`UPDATE job SET review = 'kept'`);
    rig.org.records.merge('Contact', master, [loser]);

    const merged = await run();

    expect(stepOf(merged, 'people').counts).toMatchObject({ deleted: 1, deferred: 0 });
    expect(await people()).toEqual(['Master']);
    expect(await working()).toEqual(['Master']);
    expect(await rig.column('SELECT review FROM job')).toEqual(['kept']);
    expect(await rig.column('SELECT reason FROM sluice.deletion')).toEqual(['merged']);
  });

  it('follow a chain of masters to the last', async () => {
    const [one, two, three] = [person('One'), person('Two'), person('Three')];
    job(one);
    await run();
    await rig.database.query(`UPDATE job SET review = 'kept'`);
    rig.org.records.merge('Contact', two, [one]);
    rig.org.records.merge('Contact', three, [two]);

    await run();

    expect(await people()).toEqual(['Three']);
    expect(await working()).toEqual(['Three']);
    expect(await rig.column('SELECT review FROM job')).toEqual(['kept']);
  });
});

describe('a record that leaves the filter', () => {
  it('goes like a deleted one, and comes back', async () => {
    const ann = person('Ann');
    await run();
    rig.org.records.update('Contact', ann, { Department: 'others' });

    const left = await run();

    expect(stepOf(left, 'people').counts).toMatchObject({ read: 1, deleted: 1 });
    expect(await rig.column('SELECT reason FROM sluice.deletion')).toEqual(['left_filter']);
    rig.org.records.update('Contact', ann, { Department: 'people' });
    await run();
    expect(await people()).toEqual(['Ann']);
  });
});

const LIMIT = { deletes: 0.01 };
const crowd = (count: number): string[] => Array.from({ length: count }, (_, nth) => person(`Nr ${nth + 100}`));
const removeAll = (ids: readonly string[]): void => {
  for (const id of ids) rig.org.records.remove('Contact', id);
};
/** A statement that waits for another transaction. */
const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

const runHeld = async (request: Partial<RunRequest> = {}): Promise<RunReport> =>
  rig.run(request, { adjust: (project) => ({ ...project, limits: { ...project.limits, ...LIMIT } }) });

describe('deletions that are too many', () => {
  it('stop the step before one row is touched, and say what to do', async () => {
    const ids = crowd(30);
    await runHeld();
    removeAll(ids.slice(0, 11));

    const report = await runHeld();

    expect(report.status).toBe('stopped');
    expect(report.error).toMatchObject({ code: 'DELETES_LIMIT' });
    expect(report.error?.message).toContain('11 of 30');
    expect(report.error?.actions.join(' ')).toContain('sluice deletes list --select people');
    expect(await rig.count('SELECT 1 FROM person')).toBe(30);
    expect(new Set(await statuses())).toEqual(new Set(['pending']));
  });

  it('are a lost permission that hides half the org: it does not delete half the rows', async () => {
    const ids = crowd(40);
    await runHeld();
    // What one may not see is not there: neither in the answer nor in the recycle bin.
    for (const id of ids.slice(0, 20)) rig.org.records.purge('Contact', id);

    expect((await runHeld()).error).toBeNull();
    const everything = await runHeld({ fullRefresh: true });

    expect(everything.error?.message).toContain('20 of 40');
    expect(await rig.count('SELECT 1 FROM person')).toBe(40);
    expect(await rig.column('SELECT DISTINCT reason FROM sluice.deletion')).toEqual(['purged']);
  });

  it('are few enough when they are no more than ten, however small the table', async () => {
    const ids = crowd(12);
    await runHeld();
    removeAll(ids.slice(0, 10));

    expect((await runHeld()).error).toBeNull();
    expect(await rig.count('SELECT 1 FROM person')).toBe(2);
  });

  it('do not keep what was read from being loaded', async () => {
    const ids = crowd(30);
    await runHeld();
    removeAll(ids.slice(0, 11));
    person('Newcomer');

    await runHeld();

    expect(await people()).toContain('Newcomer');
  });

  it('are asked for again until somebody decides, though the watermark has moved on', async () => {
    const ids = crowd(30);
    await runHeld();
    removeAll(ids.slice(0, 11));
    await runHeld();

    expect((await runHeld()).error).toMatchObject({ code: 'DELETES_LIMIT' });
  });

  it('are carried out once they are confirmed; what goes later is held against the limit anew', async () => {
    const ids = crowd(40);
    await runHeld();
    removeAll(ids.slice(0, 11));
    await runHeld();

    const confirmed = await decideDeletions(rig.database, { mapping: 'people', statuses: ['pending'] }, 'confirmed');
    removeAll(ids.slice(20, 31));
    const report = await runHeld();

    expect(confirmed).toBe(11);
    expect(report.error).toMatchObject({ code: 'DELETES_LIMIT' });
    expect(stepOf(report, 'people').counts).toMatchObject({ deleted: 11 });
    expect(await rig.count('SELECT 1 FROM person')).toBe(29);
  });

  it('are forgotten when they are discarded, until a record moves again', async () => {
    const ids = crowd(30);
    await runHeld();
    removeAll(ids.slice(0, 11));
    await runHeld();
    await decideDeletions(rig.database, { mapping: 'people', statuses: OPEN_STATUSES }, 'ignored');

    expect((await runHeld()).error).toBeNull();
    expect(await rig.count('SELECT 1 FROM person')).toBe(30);
    rig.org.records.undelete('Contact', ids[0] ?? '');
    await runHeld();
    rig.org.records.remove('Contact', ids[0] ?? '');
    await runHeld();

    expect(await rig.count('SELECT 1 FROM person')).toBe(29);
  });

  it('stay as a person has decided while the run was on its way to them', async () => {
    const ids = crowd(30);
    await runHeld();
    removeAll(ids.slice(0, 11));
    await runHeld();
    await decideDeletions(rig.database, { mapping: 'people', statuses: ['pending'] }, 'confirmed');
    const decider = await rig.database.session();
    await decider.query(`BEGIN; UPDATE sluice.deletion SET status = 'ignored' WHERE source_id <= '${ids[5]}'`);
    const only = { kind: 'ids', byMapping: new Map<string, string[]>() } as const;
    const running = runHeld({ select: ['people'], only });
    await until('the run waits', async () => (await rig.count(WAITING)) > 0);

    await decider.query('COMMIT');
    await decider.close();

    expect(stepOf(await running, 'people').counts).toMatchObject({ read: 5, deleted: 5 });
    expect(await rig.count('SELECT 1 FROM person')).toBe(25);
  });

  it('are taken back one by one when records are read live again', async () => {
    const ids = crowd(30);
    await runHeld();
    removeAll(ids.slice(0, 11));
    await runHeld();
    for (const id of ids.slice(0, 5)) rig.org.records.undelete('Contact', id);

    const { error } = await runHeld();

    expect(error).toBeNull();
    expect(await rig.count('SELECT 1 FROM person')).toBe(24);
  });
});

describe('a plan', () => {
  it('shows by counts what a run would delete, and deletes nothing', async () => {
    const ann = person('Ann');
    job(ann);
    await run();
    rig.org.records.remove('Contact', ann);

    const plan = await rig.run({}, { kind: 'plan' });

    expect(stepOf(plan, 'people').counts).toMatchObject({ read: 1, deleted: 1 });
    expect(stepOf(plan, 'people').tables).toMatchObject({ person: { deleted: 1 }, job: { deleted: 1 } });
    expect(await people()).toEqual(['Ann']);
    expect(await statuses()).toEqual([]);
    expect(stepOf(await run(), 'people').counts).toMatchObject({ deleted: 1 });
  });
});

const ruled = (rule: Partial<Deletes>) => async (): Promise<RunReport> =>
  rig.run(
    {},
    {
      adjust: (project) => ({
        ...project,
        mappings: project.mappings.map((mapping) =>
          mapping.deletes === null ? mapping : { ...mapping, deletes: { ...mapping.deletes, ...rule } },
        ),
      }),
    },
  );

describe('rules for what is gone', () => {
  it('ignore: the row stays, and the record is counted once', async () => {
    const ignoring = ruled({ action: 'ignore' });
    const ann = person('Ann');
    await ignoring();
    rig.org.records.remove('Contact', ann);

    const first = stepOf(await ignoring(), 'people');
    const second = stepOf(await ignoring(), 'people');

    expect(first.counts).toMatchObject({ read: 1, skipped: 1, deleted: 0 });
    expect(first.skipped).toEqual({ 'deleted in the org': 1 });
    expect(second.counts).toMatchObject({ read: 0 });
    expect(await people()).toEqual(['Ann']);
  });

  it('left_filter: keep leaves the row of a record that the filter no longer means', async () => {
    const keeping = ruled({ leftFilter: 'keep' });
    const ann = person('Ann');
    await keeping();
    rig.org.records.update('Contact', ann, { Department: 'others' });
    await keeping();

    expect(await people()).toEqual(['Ann']);
  });
});

const marking = async (): Promise<RunReport> =>
  rig.run(
    {},
    {
      adjust: (project) => ({
        ...project,
        mappings: project.mappings.map((mapping) => {
          const table = mapping.tables[0]?.table;
          if (mapping.name !== 'people' || mapping.deletes === null || table === undefined) return mapping;
          const mark = { table: 'person', column: columnOf(table, 'active'), value: 'false' };
          return { ...mapping, deletes: { ...mapping.deletes, action: 'soft' as const, mark } };
        }),
      }),
    },
  );
const active = () => rig.column(`SELECT concat_ws(' ', name, active) FROM person ORDER BY name`);

describe('a row that was marked', () => {
  it('gets back what it held before when its record returns', async () => {
    const [ann, bob] = [person('Ann'), person('Bob')];
    await marking();
    await rig.database.query(`UPDATE person SET active = NULL WHERE name = 'Bob'`);
    for (const id of [ann, bob]) rig.org.records.remove('Contact', id);
    await marking();
    expect(await active()).toEqual(['Ann f', 'Bob f']);
    for (const id of [ann, bob]) rig.org.records.undelete('Contact', id);

    await marking();

    expect(await active()).toEqual(['Ann t', 'Bob']);
  });

  it('keeps what somebody has written into it since', async () => {
    const ann = person('Ann');
    await marking();
    rig.org.records.remove('Contact', ann);
    await marking();
    await rig.database.query('UPDATE person SET active = NULL');
    rig.org.records.undelete('Contact', ann);

    await marking();

    expect(await active()).toEqual(['Ann']);
  });

  it('stays linked to its parent, and its children to it', async () => {
    const home = house('Home');
    const ann = person('Ann', { AccountId: home });
    job(ann);
    await marking();
    rig.org.records.remove('Contact', ann);

    await marking();

    expect(await living()).toEqual(['Ann in Home']);
    expect(await working()).toEqual(['Ann']);
  });

  it('is marked again when its record returns broken and goes once more', async () => {
    const ann = person('Ann');
    await marking();
    rig.org.records.remove('Contact', ann);
    await marking();
    rig.org.records.undelete('Contact', ann);
    rig.org.records.update('Contact', ann, { LastName: 'Too long a name '.repeat(10) });
    await marking();
    rig.org.records.remove('Contact', ann);

    await marking();

    expect(await active()).toEqual(['Ann f']);
  });
});
