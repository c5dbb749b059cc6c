import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Deletes } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import type { StepReport } from '../../src/flow/run-events.ts';
import type { RunRequest } from '../../src/flow/run-request.ts';
import { noticeDeletions } from '../../src/state/deletions.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

/** The project with other rules for what is gone; of what is not named, as it is. */
function deleting(rules: Readonly<Record<string, Partial<Deletes>>>, limit: number | null = null) {
  return (project: Project): Project => ({
    ...project,
    limits: { ...project.limits, deletes: limit },
    mappings: project.mappings.map((mapping) => {
      const rule = rules[mapping.name];
      return rule === undefined || mapping.deletes === null
        ? mapping
        : { ...mapping, deletes: { ...mapping.deletes, ...rule } };
    }),
  });
}

async function loaded(adjust: (project: Project) => Project = deleting({})): Promise<Rig> {
  const rig = await openRig({ students: 60, schools: 4 }, { incremental: true, adjust });
  expect((await rig.run()).error).toBeNull();
  return rig;
}

async function students(rig: Rig, request?: Partial<RunRequest>): Promise<StepReport> {
  const report = await rig.run(request);
  expect(report.error).toBeNull();
  expect(report.sum.holds).toBe(true);
  return step(report, 'people', 'students');
}

function studentIds(rig: Rig): string[] {
  return rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
}

function someStudent(rig: Rig, nth = 0): string {
  return studentIds(rig)[nth] ?? '';
}

async function activeOf(rig: Rig, id: string): Promise<string | undefined> {
  const found = await rig.column(
    `SELECT s.active FROM student s JOIN contact c USING (id) WHERE c.salesforce_individual_id = '${id}'`,
  );
  return found[0];
}

const HARD: Partial<Deletes> = { action: 'hard', mark: null };

describe('a record that is gone and in quarantine', () => {
  it('goes, though it is sent down the path again as it was kept: that says nothing of today', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    await rig.database.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON contact FOR EACH ROW WHEN (NEW.last_name = 'Refused') EXECUTE FUNCTION refuse()`,
    );
    rig.org.records.update('Contact', id, { LastName: 'Refused' });
    const { counts: before } = await students(rig);
    rig.org.records.purge('Contact', id);
    // As a comparison of all ids leaves it behind where a person has to decide.
    const [mapping = ''] = await rig.column(`SELECT id FROM sluice.mapping WHERE name = 'students'`);
    await noticeDeletions(rig.database, Number(mapping), randomUUID(), [
      { sourceId: id, reason: 'purged', masterId: null, stamp: null },
    ]);
    await rig.database.query('DROP TRIGGER refuse ON contact');

    const { counts } = await students(rig);

    expect(before).toMatchObject({ quarantined: 1 });
    expect(counts).toMatchObject({ deleted: 1 });
    expect(await activeOf(rig, id)).toBe('false');
    expect(await rig.count('SELECT 1 FROM sluice.quarantine WHERE closed_at IS NULL')).toBe(0);
  });
});

describe('records that are gone and too many for one query', () => {
  it.each([
    ['a window', `SELECT 1`],
    ['everything', `UPDATE sluice.watermark SET read_again = 'for this test', value = value - interval '2h'`],
    ['everything, from its beginning', `DELETE FROM sluice.watermark`],
  ])('are asked for part by part with %s (a run that fails each night freezes the watermark)', async (_what, sql) => {
    const rig = await loaded();
    const ids = studentIds(rig).slice(0, 12);
    for (const [nth, id] of ids.entries()) {
      rig.org.records.remove('Contact', id, { stamp: new Date(Date.now() - nth * 60_000).toISOString() });
    }
    await rig.database.query(sql);
    const slow = rig.org.faults.add({
      fault: {
        kind: 'status',
        status: 400,
        code: 'QUERY_TIMEOUT',
        message: 'Your query request was running for too long.',
      },
      path: 'queryAll[?].*Contact_Type__c',
      times: 2,
    });
    rig.org.timeouts.bulkRows = 5;

    const { counts } = await students(rig);

    expect(slow.hits()).toBe(2);
    expect(counts.deleted).toBe(ids.length);
  });
});

describe('a record that was deleted, where rows are marked', () => {
  it('marks its row, and counts it as read and deleted', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    rig.org.records.remove('Contact', id);

    const { counts, tables, status } = await students(rig);

    expect(counts).toMatchObject({ read: 1, deleted: 1, updated: 0 });
    expect(tables['student']).toMatchObject({ updated: 1, deleted: 0 });
    expect(status).toBe('succeeded');
    expect(await activeOf(rig, id)).toBe('false');
  });

  it('is not deleted again by a window that holds it once more', async () => {
    const rig = await loaded();
    rig.org.records.remove('Contact', someStudent(rig));
    await students(rig);

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 0, deleted: 0 });
  });

  it('is what it was when it is undeleted', async () => {
    const rig = await loaded();
    const id = someStudent(rig);
    rig.org.records.remove('Contact', id);
    await students(rig);
    rig.org.records.undelete('Contact', id);

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 1, updated: 1, unchanged: 0 });
    expect(await activeOf(rig, id)).toBe('true');
    expect(await rig.count('SELECT 1 FROM sluice.deletion')).toBe(0);
  });
});

describe('a record that was deleted, where rows go', () => {
  it('takes its row along, with its extension and its children', async () => {
    const rig = await loaded(deleting({ students: HARD }));
    const before = await rig.count('SELECT 1 FROM contact');
    const id = someStudent(rig);
    rig.org.records.remove('Contact', id);

    const { counts, tables } = await students(rig);

    expect(counts).toMatchObject({ read: 1, deleted: 1 });
    expect(tables).toMatchObject({ contact: { deleted: 1 }, student: { deleted: 1 } });
    expect(await rig.count('SELECT 1 FROM contact')).toBe(before - 1);
    expect(await rig.count('SELECT 1 FROM email e LEFT JOIN contact c ON c.id = e.contact_id WHERE c.id IS NULL')).toBe(
      0,
    );
  });

  it('comes back when it is undeleted', async () => {
    const rig = await loaded(deleting({ students: HARD }));
    const id = someStudent(rig);
    rig.org.records.remove('Contact', id);
    await students(rig);
    rig.org.records.undelete('Contact', id);

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ read: 1, inserted: 1 });
    expect(await activeOf(rig, id)).toBe('true');
  });
});
