import { describe, expect, it } from '@jest/globals';
import type { StepReport } from '../../src/flow/run-events.ts';
import { noticeDeletions } from '../../src/state/deletions.ts';
import { forgetWatermarks } from '../../src/state/watermarks.ts';
import { until } from '../support/crash.ts';
import { openRig, type Rig, step, studentsByBulk } from '../support/rig.ts';

/** Students that come by Bulk, in six pages. */
async function sixPages(): Promise<Rig> {
  return openRig({ students: 3_000, schools: 4, bulkPageSize: 500 }, { incremental: true, adjust: studentsByBulk });
}

/** From the nth page behind the first one on, there is none to be had. */
function noPageAfter({ org }: Rig, nth: number): { readonly release: () => void } {
  return org.faults.add({
    fault: { kind: 'status', status: 400, code: 'MALFORMED_QUERY', message: 'no' },
    path: 'results.*locator',
    nth,
    times: 'always',
  });
}

async function students(rig: Rig): Promise<StepReport> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  expect(report.sum.holds).toBe(true);
  return step(report, 'people', 'students');
}

async function watermark(rig: Rig): Promise<string> {
  return (await rig.column(`SELECT value::text FROM sluice.watermark WHERE mapping = 'students'`))[0] ?? '';
}

const INACTIVE = 'SELECT salesforce_individual_id FROM student JOIN contact USING (id) WHERE NOT active';

describe('a run that ended in the middle of a Bulk job', () => {
  it('has no watermark yet (one taken from the last row seen loses what an unordered result had still to give)', async () => {
    const rig = await sixPages();
    // The newest records come first, as a result without an order may have it.
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
    const page = Math.floor(ids.length / 2);
    for (const id of ids.slice(page, page + 50)) rig.org.records.update('Contact', id, { FirstName: 'Newest' });
    const fault = noPageAfter(rig, 5);

    await rig.run();
    fault.release();

    expect(await watermark(rig)).toBe('');
    await students(rig);
    expect(await rig.count('SELECT 1 FROM student')).toBeGreaterThan(2_900);
    expect(await rig.count(`SELECT 1 FROM contact WHERE first_name = 'Newest'`)).toBe(50);
  });

  it('is gone on with by the next one: the job is not made again, and no commit is repeated', async () => {
    const rig = await sixPages();
    const fault = noPageAfter(rig, 4);

    const failed = await rig.run();
    fault.release();
    const rows = await rig.count('SELECT 1 FROM student');
    const resumed = step(await rig.run(), 'people', 'students');

    expect(step(failed, 'people', 'students').status).toBe('failed');
    expect(rows).toBeGreaterThan(0);
    expect(resumed.reading?.resumed_job).toMatch(/^750/);
    // The pages that were committed whole are not asked for again, but for the last one, which leads to the next.
    expect(resumed.counts.read).toBeLessThanOrEqual(3_000 - rows + 500);
    expect(resumed.counts.inserted).toBe((await rig.count('SELECT 1 FROM student')) - rows);
    expect(resumed.counts).toMatchObject({ updated: 0 });
    expect(await rig.count('SELECT 1 FROM student')).toBe(3_000 - resumed.counts.quarantined);
  });

  it('keeps its place also when the next one ends before it has committed anything', async () => {
    const rig = await sixPages();
    for (const nth of [4, 1]) {
      const fault = noPageAfter(rig, nth);
      await rig.run();
      fault.release();
    }

    const { reading, counts } = await students(rig);

    expect(reading?.resumed_job).toMatch(/^750/);
    expect(counts.read).toBeLessThan(3_000);
    expect(await rig.count('SELECT 1 FROM student')).toBeGreaterThan(2_900);
  });

  it.each([
    [
      'when everything here was emptied meanwhile: what the job gave before is gone',
      `TRUNCATE contact, student, email, phone, sluice.record, sluice.waiting_link, sluice.quarantine CASCADE`,
      [],
    ],
    ['when a person has reset the mapping', `DELETE FROM student WHERE false`, ['students']],
  ])('is begun anew %s', async (_when, sql, reset) => {
    const rig = await sixPages();
    const fault = noPageAfter(rig, 4);
    await rig.run();
    fault.release();
    await rig.database.query(sql);
    await forgetWatermarks(rig.database, reset);

    const { reading, counts } = await students(rig);

    expect(reading?.resumed_job).toBeNull();
    expect(counts.read).toBe(3_000);
    expect(await rig.count('SELECT 1 FROM student')).toBe(3_000 - counts.quarantined);
  });

  it('is begun anew when it was to read some records only: everything else would not be known', async () => {
    const rig = await sixPages();
    const fault = noPageAfter(rig, 2);
    await rig.run({ limit: 2_000 });
    fault.release();

    const { reading, watermark: moved } = await students(rig);

    expect(reading?.resumed_job).toBeNull();
    expect(moved).not.toBeNull();
  });

  it('is begun anew when the org has forgotten the job', async () => {
    const rig = await sixPages();
    const fault = noPageAfter(rig, 4);
    await rig.run();
    fault.release();
    await rig.database.query(`UPDATE sluice.slice SET job = '750000000000000AAA' WHERE job IS NOT NULL`);

    const { counts } = await students(rig);

    expect(counts).toMatchObject({ updated: 0 });
    expect(await rig.count('SELECT 1 FROM student')).toBe(3_000 - counts.quarantined);
  });

  it('still finds who has gone since the job was made: its result holds them as they were', async () => {
    const rig = await sixPages();
    await rig.run();
    await rig.database.query(`UPDATE sluice.watermark SET read_again = 'for this test'`);
    // Five pages of ids come before those of the records.
    const fault = noPageAfter(rig, 5 + 4);
    await rig.run();
    fault.release();
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
    const gone = [0, 1_800, 2_300, 2_999].map((nth) => ids[nth] ?? '');
    for (const id of gone) rig.org.records.purge('Contact', id);

    const { reading, counts } = await students(rig);

    expect(reading?.resumed_job).toMatch(/^750/);
    expect(counts.deleted).toBe(gone.length);
    expect(await rig.count('SELECT 1 FROM student WHERE NOT active')).toBe(gone.length);
  });

  it('brings nobody back who was found to be gone meanwhile', async () => {
    const rig = await sixPages();
    await rig.run();
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
    for (const id of ids) rig.org.records.update('Contact', id, { FirstName: 'Changed' });
    const fault = noPageAfter(rig, 2);
    await rig.run();
    fault.release();
    const sourceId = ids.at(-1) ?? '';
    rig.org.records.purge('Contact', sourceId);
    const [mappingId] = await rig.column(`SELECT id FROM sluice.mapping WHERE name = 'students'`);
    const [runId] = await rig.column('SELECT id FROM sluice.run LIMIT 1');
    const gone = { sourceId, reason: 'purged', masterId: null, stamp: null } as const;
    await noticeDeletions(rig.database, Number(mappingId), runId ?? '', [gone]);
    await rig.run({ select: ['students'], only: { kind: 'ids', byMapping: new Map() } });

    const { reading } = await students(rig);

    expect(reading).toMatchObject({ kind: 'window', resumed_job: expect.stringMatching(/^750/) });
    expect(await rig.column(INACTIVE)).toEqual([sourceId]);
  });

  it('leaves it to the next run to look who has gone since, where it does not come so far', async () => {
    const rig = await sixPages();
    let fault = noPageAfter(rig, 4);
    await rig.run();
    fault.release();
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
    const gone = ids.at(-1) ?? '';
    rig.org.records.purge('Contact', gone);
    fault = rig.org.faults.add({
      fault: { kind: 'status', status: 400, code: 'MALFORMED_QUERY', message: 'no' },
      method: 'POST',
      path: 'jobs/query$',
      // The first new job asks who is in the recycle bin, the second one for all ids.
      nth: 2,
      times: 'always',
    });
    expect(step(await rig.run(), 'people', 'students').status).toBe('failed');
    fault.release();
    expect(await rig.column(`SELECT ids_due FROM sluice.watermark WHERE mapping = 'students'`)).toEqual(['true']);

    const { reading } = await students(rig);

    expect(reading?.kind).toBe('window');
    expect(await rig.column(INACTIVE)).toEqual([gone]);
    expect((await students(rig)).counts).toMatchObject({ deleted: 0 });
    expect(await rig.column('SELECT DISTINCT ids_due FROM sluice.watermark')).toEqual(['false']);
  });

  it('reads everything once more when a record came without its id in the run before: nobody can ask for it', async () => {
    const rig = await sixPages();
    rig.org.faults.add({ fault: { kind: 'invalid-utf8', row: 0 }, path: '/jobs/query/[^/]+/results', nth: 2 });
    const fault = noPageAfter(rig, 4);
    await rig.run();
    fault.release();
    const damaged = `SELECT 1 FROM sluice.quarantine WHERE source_id = '' AND closed_at IS NULL`;
    expect(await rig.count(damaged)).toBe(1);
    expect((await students(rig)).reading?.resumed_job).toMatch(/^750/);

    const { reading } = await students(rig);

    expect(reading).toMatchObject({ kind: 'full', reason: 'a record came without its id', resumed_job: null });
    expect(await rig.count(damaged)).toBe(0);
    expect((await students(rig)).reading?.kind).toBe('window');
  });

  it('goes on before a page that failed while the one behind it was committed (of such a page nothing is written down)', async () => {
    const rig = await sixPages();
    await rig.run();
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
    // So long ago that the window after the job does not hold it.
    const stamp = new Date(Date.now() - 3 * 3_600_000).toISOString();
    rig.org.records.update('Contact', ids[1_200] ?? '', { FirstName: 'Slow' }, { stamp });
    await rig.database.query(`UPDATE sluice.watermark SET read_again = 'for this test'`);
    const gate = await rig.database.session();
    await gate.query('SELECT pg_advisory_lock(4711)');
    await rig.database.query(`
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_advisory_xact_lock(4711);
        RAISE EXCEPTION 'no' USING ERRCODE = '53100';
      END $$;
      CREATE TRIGGER full_disk BEFORE UPDATE ON contact FOR EACH ROW WHEN (NEW.first_name = 'Slow')
        EXECUTE FUNCTION full_disk()`);
    const failing = rig.run();
    const behind = `SELECT 1 FROM sluice.slice l JOIN sluice.step s ON s.id = l.step_id
      WHERE s.mapping = 'students' AND s.run_id = (SELECT id FROM sluice.run ORDER BY started_at DESC LIMIT 1) AND l.ordinal = 4`;
    await until('the page behind is committed', async () => (await rig.count(behind)) > 0);
    await gate.close();
    const failed = step(await failing, 'people', 'students');
    await rig.database.query('DROP TRIGGER full_disk ON contact');

    const { reading } = await students(rig);

    expect(failed.error?.code).toBe('DATABASE_FULL');
    expect(reading?.resumed_job).toMatch(/^750/);
    expect(await rig.count(`SELECT 1 FROM contact WHERE first_name = 'Slow'`)).toBe(1);
  });
});
