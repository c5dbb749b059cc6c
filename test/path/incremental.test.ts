import { describe, expect, it } from '@jest/globals';
import type { Project } from '../../src/config/project.ts';
import type { StepReport } from '../../src/flow/run-events.ts';
import type { RunRequest } from '../../src/flow/run-request.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { until } from '../support/crash.ts';
import { openRig, type Rig, step, studentsByBulk } from '../support/rig.ts';
import { FAMILIES, kept } from '../support/families.ts';

const HOUR = 3_600_000;

async function loaded(options = {}): Promise<Rig> {
  const rig = await openRig({ students: 60, schools: 4, ...options }, { incremental: true });
  expect((await rig.run()).error).toBeNull();
  return rig;
}

async function students(rig: Rig, request?: Partial<RunRequest>): Promise<StepReport> {
  const report = await rig.run(request);
  expect(report.error).toBeNull();
  expect(report.sum.holds).toBe(true);
  return step(report, 'people', 'students');
}

function someStudent(rig: Rig, nth = 0): string {
  const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
  return ids[nth] ?? '';
}

async function watermark(rig: Rig): Promise<string> {
  return (await rig.column(`SELECT value::text FROM sluice.watermark WHERE mapping = 'students'`))[0] ?? '';
}

async function nameOf(rig: Rig, id: string): Promise<string | undefined> {
  return (await rig.column(`SELECT first_name FROM contact WHERE salesforce_individual_id = '${id}'`))[0];
}

describe('a first run', () => {
  it('reads everything, and says so; the watermark is the time of the org when it began', async () => {
    const rig = await openRig({ students: 60, schools: 4 }, { incremental: true });

    const before = Date.now() - 2_000;
    const { reading, watermark: moved, counts } = await students(rig);

    expect(reading).toMatchObject({ kind: 'full', from: null, resumed_job: null });
    expect(reading?.reason).toContain('never read');
    expect(counts.read).toBeGreaterThan(50);
    expect(Date.parse(moved ?? '')).toBeGreaterThan(before);
    expect(Date.parse(moved ?? '')).toBeLessThanOrEqual(Date.now());
  });
});

describe('the next run', () => {
  it('reads the window since then, with the lookback, and writes nothing when nothing has changed', async () => {
    const rig = await loaded();
    const mark = await watermark(rig);

    const { reading, counts } = await students(rig);

    expect(reading).toMatchObject({ kind: 'window' });
    expect(new Date(mark).getTime() - Date.parse(reading?.from ?? '')).toBeGreaterThanOrEqual(HOUR - 1_000);
    expect(counts).toMatchObject({ read: 0, inserted: 0, updated: 0 });
  });

  it('takes what was changed, also a moment ago', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    rig.org.records.update('Contact', id, { FirstName: 'Renamed' });

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 1, updated: 1 });
    expect(await nameOf(rig, id)).toBe('Renamed');
  });

  it('takes all of many records that share one stamp with the watermark (a cursor with > would lose them)', async () => {
    const rig = await loaded();
    const stamp = new Date(await watermark(rig)).toISOString();
    const ids = [0, 1, 2, 3, 4].map((nth) => someStudent(rig, nth));
    for (const id of ids) rig.org.records.update('Contact', id, { FirstName: 'Same' }, { stamp });

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 5, updated: 5 });
  });

  it('takes what was committed late, under a stamp from before the watermark', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    const stamp = new Date(Date.parse(await watermark(rig)) - HOUR / 2).toISOString();
    rig.org.records.update('Contact', id, { FirstName: 'Late' }, { stamp });

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 1, updated: 1 });
    expect(await nameOf(rig, id)).toBe('Late');
  });

  it('takes a new record and links it', async () => {
    const rig = await loaded();
    const school = rig.org.records.find('Account', (field) => field('Type') === 'School')[0] ?? '';
    rig.org.records.insert('Contact', {
      FirstName: 'New',
      LastName: 'Come',
      Contact_Type__c: 'Student',
      npsp__Primary_Affiliation__c: school,
    });

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 1, inserted: 1 });
    expect(
      await rig.column(`SELECT s.school_id FROM student s JOIN contact c USING (id) WHERE first_name = 'New'`),
    ).toEqual([school]);
  });
});

describe('a watermark', () => {
  it('stays where it was when the run fails, and the next one loses nothing (a frozen one lost seven weeks)', async () => {
    const rig = await loaded();
    await rig.database.query(`UPDATE sluice.watermark SET value = value - interval '10 minutes'`);
    const before = await watermark(rig);
    const id = someStudent(rig);
    rig.org.records.update('Contact', id, { FirstName: 'Kept' });
    const fault = rig.org.faults.add({
      fault: { kind: 'status', status: 400, code: 'MALFORMED_QUERY', message: 'unexpected token' },
      path: 'query.*Contact_Type__c.*Student',
      times: 'always',
    });

    const failed = await rig.run();
    fault.release();

    expect(step(failed, 'people', 'students').status).toBe('failed');
    expect(await watermark(rig)).toBe(before);
    const { counts } = await students(rig);
    expect(counts).toMatchObject({ updated: 1 });
    expect((await watermark(rig)) > before).toBe(true);
  });

  it.each([
    ['--limit', { limit: 5 }],
    ['--since', { since: '2020-01-01T00:00:00Z' }],
    ['--until', { until: '2020-01-01T00:00:00Z' }],
    ['records that are asked for', { only: { kind: 'ids', byMapping: new Map() } }],
  ] as const)('is not moved by a run with %s', async (_, request) => {
    const rig = await loaded();
    const before = await watermark(rig);

    await students(rig, request);

    expect(await watermark(rig)).toBe(before);
  });

  it('is not moved by a plan', async () => {
    const rig = await loaded();
    const before = await watermark(rig);

    await rig.run({}, { kind: 'plan' });

    expect(await watermark(rig)).toBe(before);
  });

  it('that is ahead of the clock of the org, after a restore, is not believed', async () => {
    const rig = await loaded();
    await rig.database.query(`UPDATE sluice.watermark SET value = now() + interval '2 days'`);

    const { reading } = await students(rig);

    expect(reading).toMatchObject({ kind: 'full', reason: "the org's clock is behind the last run's" });
  });
});

describe('everything is read again', () => {
  it('when the mapping has changed, and the report names what', async () => {
    const rig = await loaded();

    const report = await rig.run(
      {},
      {
        adjust: (project) => ({
          ...project,
          mappings: project.mappings.map((mapping) => ({
            ...mapping,
            version: `${mapping.version}x`,
            parts: { ...mapping.parts, 'column contact.first_name': 'x' },
          })),
        }),
      },
    );

    const { reading, counts } = step(report, 'people', 'students');
    expect(reading).toMatchObject({
      kind: 'full',
      reason: 'changed since the last run: column contact.first_name',
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.updated).toBe(0);
  });

  it('once, and not again and again, when the mapping reads another object', async () => {
    const rig = await loaded();

    const first = step(await rig.run({}, { adjust: ofAnotherObject }), 'people', 'students');
    const second = step(await rig.run({}, { adjust: ofAnotherObject }), 'people', 'students');

    expect(first.reading?.kind).toBe('full');
    expect(second.reading?.kind).toBe('window');
  });

  it('with --full-refresh', async () => {
    const rig = await loaded();

    const { reading, counts } = await students(rig, { fullRefresh: true });

    expect(reading).toMatchObject({ kind: 'full', reason: 'asked for by --full-refresh' });
    expect(counts.unchanged).toBeGreaterThan(50);
  });

  it('when fields that change without a stamp are due', async () => {
    const rig = await loaded();
    await rig.database.query(`UPDATE sluice.watermark SET full_read_at = now() - interval '25 hours'`);

    const report = await rig.run(
      {},
      {
        adjust: (project) => ({
          ...project,
          mappings: project.mappings.map((mapping) => ({ ...mapping, refreshFormulas: 86_400 })),
        }),
      },
    );

    expect(step(report, 'people', 'students').reading).toMatchObject({ kind: 'full' });
    expect(step(report, 'people', 'students').reading?.reason).toContain('refresh_formulas');
  });
});

describe('a record that came without its id, damaged on the way', () => {
  it('is read with everything else by the next run, because nobody can ask for it', async () => {
    const rig = await openRig({ students: 60, schools: 4 }, { incremental: true, adjust: studentsByBulk });
    rig.org.faults.add({ fault: { kind: 'invalid-utf8', row: 0 }, path: '/jobs/query/[^/]+/results' });
    const first = await students(rig);
    expect(first.counts).toMatchObject({ quarantined: 1 });
    expect(await rig.column("SELECT source_id || '|' FROM sluice.quarantine")).toEqual(['|']);

    const { reading, counts } = await students(rig);

    expect(reading).toMatchObject({ kind: 'full', reason: 'a record came without its id' });
    expect(counts).toMatchObject({ inserted: 1, quarantined: 0 });
    expect(await rig.count('SELECT 1 FROM sluice.quarantine WHERE closed_at IS NULL')).toBe(0);
    expect((await students(rig)).reading?.kind).toBe('window');
  });
});

function ago(hours: number): { readonly stamp: string } {
  return { stamp: new Date(Date.now() - hours * HOUR).toISOString() };
}

describe('a window that the org cannot read in one query', () => {
  it('is cut until it can', async () => {
    const rig = await openRig({ students: 60, schools: 4 }, { incremental: true });
    const fault = rig.org.faults.add({
      fault: {
        kind: 'status',
        status: 400,
        code: 'QUERY_TIMEOUT',
        message: 'Your query request was running for too long.',
      },
      path: 'query[?]q=SELECT(?!%20COUNT).*Contact_Type__c.*Student',
      times: 3,
    });

    const { counts } = await students(rig);

    expect(fault.hits()).toBe(3);
    expect(counts.inserted).toBeGreaterThan(50);
    expect(await rig.count('SELECT 1 FROM student')).toBe(counts.inserted);
  });

  it('gives no more records than were asked for', async () => {
    const rig = await loaded();
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', 8);
    for (const [nth, id] of ids.entries())
      rig.org.records.update('Contact', id, { FirstName: 'New' }, ago(nth < 4 ? 3 : 1));
    await rig.database.query(`UPDATE sluice.watermark SET value = now() - interval '4h'`);
    const fault = rig.org.faults.add({
      fault: { kind: 'status', status: 400, code: 'QUERY_TIMEOUT', message: 'too long' },
      path: 'query[?]q=SELECT(?!%20COUNT).*Contact_Type__c.*Student',
    });

    const { counts } = await students(rig, { limit: 5 });

    expect(fault.hits()).toBe(1);
    expect(counts.read).toBe(5);
  });
});

function ofAnotherObject(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) =>
      mapping.name === 'students'
        ? { ...mapping, version: 'of-another-object', source: { ...mapping.source, object: 'contact' } }
        : mapping,
    ),
  };
}

function onTrial(project: Project): Project {
  return { ...project, name: 'trial', database: { ...project.database, schema: 'trial' } };
}

function byUsers(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) => {
      if (mapping.name !== 'students' || mapping.incremental === null) return mapping;
      const [soql = '', ...fields] = [mapping.source.soql, ...mapping.source.fields].map((text) =>
        text.replace('SystemModstamp', 'LastModifiedDate'),
      );
      const incremental = { ...mapping.incremental, cursor: 'LastModifiedDate' };
      return { ...mapping, incremental, source: { ...mapping.source, soql, fields } };
    }),
  };
}

describe('an older state of a record', () => {
  it('that comes after a newer one is not written over it', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    rig.org.records.update('Contact', id, { FirstName: 'Newer' });
    await students(rig);
    const stamp = new Date(Date.now() - HOUR / 4).toISOString();
    rig.org.records.update('Contact', id, { FirstName: 'Older' }, { stamp });

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await nameOf(rig, id)).toBe('Newer');
  });

  it('is known by LastModifiedDate where the object has no SystemModstamp', async () => {
    const rig = await openRig({ students: 60, schools: 4 }, { incremental: true, adjust: byUsers });
    await rig.run();
    const id = someStudent(rig);
    rig.org.records.update('Contact', id, { FirstName: 'Newer' });
    await students(rig);
    const stamp = new Date(Date.now() - HOUR / 4).toISOString();
    rig.org.records.update('Contact', id, { FirstName: 'Older' }, { stamp });

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 1, updated: 0, unchanged: 1 });
    expect(await nameOf(rig, id)).toBe('Newer');
  });

  it('is taken with --full-refresh: then what the org says now is what counts', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    rig.org.records.update('Contact', id, { FirstName: 'Newer' });
    await students(rig);
    const stamp = new Date(Date.now() - HOUR / 4).toISOString();
    rig.org.records.update('Contact', id, { FirstName: 'Restored' }, { stamp });

    await students(rig, { fullRefresh: true });

    expect(await nameOf(rig, id)).toBe('Restored');
  });
});

describe('what was kept back for want of a parent', () => {
  it('is not an older copy that comes late, of a record that is here since', async () => {
    const rig = await openRig({}, { files: FAMILIES, incremental: true });
    const parent = rig.org.records.insert('Account', { Name: 'Parent', Type: 'School' });
    const values = { LastName: 'Child', AccountId: parent, Contact_Type__c: 'Student' };
    const child = rig.org.records.insert('Contact', values);
    await rig.run();
    const stamp = new Date(Date.now() - HOUR / 4).toISOString();
    rig.org.records.update('Contact', child, { AccountId: '001000000000ZZ1AAM' }, { stamp });

    const report = await rig.run();

    for (const mapping of ['required', 'left-out', 'refused']) {
      expect(step(report, 'main', mapping).counts).toMatchObject({ read: 1, unchanged: 1 });
    }
    expect(await rig.count('SELECT 1 FROM sluice.left_out UNION ALL SELECT 1 FROM sluice.waiting_link')).toBe(0);
    expect(await rig.count('SELECT 1 FROM sluice.quarantine WHERE closed_at IS NULL')).toBe(0);
  });

  it('is read again by itself when the parent has come, though it has not changed since', async () => {
    const rig = await openRig({}, { files: FAMILIES, incremental: true });
    const parent = '001000000000ZZ1AAM';
    const child = rig.org.records.insert('Contact', {
      LastName: 'Child',
      AccountId: parent,
      Contact_Type__c: 'Student',
    });
    const first = await rig.run();
    expect(step(first, 'main', 'required').counts).toMatchObject({ deferred: 1 });
    expect(step(first, 'main', 'left-out').counts).toMatchObject({ skipped: 1 });
    expect(step(first, 'main', 'refused').counts).toMatchObject({ quarantined: 1 });
    await rig.run();

    rig.org.records.insert('Account', { Name: 'Parent', Type: 'School' }, parent);
    const later = await rig.run();

    for (const mapping of ['required', 'left-out', 'refused']) {
      expect(step(later, 'main', mapping).reading?.kind).toBe('window');
      expect(step(later, 'main', mapping).counts).toMatchObject({ read: 1, inserted: 1 });
    }
    expect(await rig.column('SELECT id FROM child_required')).toEqual([child]);
    expect(await rig.count('SELECT 1 FROM sluice.left_out UNION ALL SELECT 1 FROM sluice.waiting_link')).toBe(0);
    expect(await rig.count('SELECT 1 FROM sluice.quarantine WHERE closed_at IS NULL')).toBe(0);
    expect(step(await rig.run(), 'main', 'required').counts.read).toBeLessThanOrEqual(1);
  });
});

const OPEN_FAMILIES = {
  'sync.config.yaml': FAMILIES['sync.config.yaml'],
  'mappings/tables/parent.yaml': FAMILIES['mappings/tables/parent.yaml'],
  'mappings/parents.yaml': FAMILIES['mappings/parents.yaml'],
  ...Object.fromEntries(
    Object.entries(kept('open', 'wait')).map(([file, text]) => [
      file,
      text.replace('required: true, references', 'references'),
    ]),
  ),
};

describe('a record that comes twice in one reading, because it was changed in between', () => {
  it('waits for no parent any more that it had before', async () => {
    const rig = await openRig({}, { files: OPEN_FAMILIES, incremental: true });
    const parent = rig.org.records.insert('Account', { Name: 'Parent', Type: 'School' });
    const child = rig.org.records.insert('Contact', { LastName: 'Child' }, undefined, ago(9));
    await rig.run();
    await rig.database.query(`UPDATE sluice.watermark SET value = now() - interval '4h'`);
    const missing = '001000000000ZZ1AAM';
    rig.org.records.update('Contact', child, { AccountId: missing }, ago(3));
    const path = 'query[?]q=SELECT(?!%20COUNT).*LastName';
    const fault = { kind: 'status', status: 400, code: 'QUERY_TIMEOUT', message: 'too long' } as const;
    rig.org.faults.add({ fault, path });
    const hold = rig.org.faults.add({ fault: { kind: 'hold' }, path, nth: 3 });

    const running = rig.run();
    await until('the second half is asked for', () => hold.hits() > 0);
    rig.org.records.update('Contact', child, { AccountId: parent });
    hold.release();
    const { counts } = step(await running, 'main', 'open');
    rig.org.records.insert('Account', { Name: 'The parent of before', Type: 'School' }, missing);
    await rig.run();

    expect(counts).toMatchObject({ read: 2, updated: 1 });
    expect(await rig.column('SELECT parent_id FROM child_open')).toEqual([parent]);
  });
});

describe('a second project over the same database, for another schema', () => {
  it('is refused: what the first has loaded would count as loaded here, and nothing would come', async () => {
    const rig = await loaded();
    await rig.database.query('CREATE SCHEMA trial');
    const database = await openDatabase({ url: rig.url, schema: 'trial' });

    const refused = await rig.run({}, { adjust: onTrial, database }).catch((error: unknown) => error);
    await database.close();

    expect(refused).toMatchObject({ code: 'SCHEMA_CHANGED' });
    expect(await rig.count(`SELECT 1 FROM pg_tables WHERE schemaname = 'trial'`)).toBe(0);
  });
});
