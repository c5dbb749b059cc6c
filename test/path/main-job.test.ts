import { describe, expect, it } from '@jest/globals';
import { unaccounted } from '../../src/flow/counts.ts';
import { openRig, type Rig, step, withSizes } from '../support/rig.ts';

const LINKED = 'SELECT 1 FROM student WHERE school_id IS NOT NULL';

/** Every row version of the target tables: when nothing is written, nothing here moves. */
async function rowVersions(rig: Rig): Promise<string[]> {
  const tables = ['district', 'school', 'class', 'contact', 'student', 'email', 'phone'];
  const each = await Promise.all(
    tables.map((table) => rig.column(`SELECT '${table} ' || ctid || ' ' || xmin FROM ${table}`)),
  );
  return each.flat().toSorted();
}

/** What the tables hold, without the keys that sequences gave. */
async function contents(rig: Rig): Promise<string[]> {
  return rig.column(`
    SELECT (c.salesforce_individual_id, c.first_name, c.last_name, c.middle_name, c.birthdate, c.gender,
      s.student_id, s.current_grade, s.racial_ethnic, s.class_salesforce_id, s.school_id,
      (SELECT array_agg((email, type, "primary")) FROM email WHERE contact_id = c.id),
      (SELECT array_agg((number, type, "primary")) FROM phone WHERE contact_id = c.id))::text
    FROM contact c JOIN student s USING (id) ORDER BY c.salesforce_individual_id`);
}

async function firstStudent(rig: Rig): Promise<string> {
  const [id] = await rig.column(
    `SELECT salesforce_individual_id FROM contact JOIN student USING (id) WHERE school_id IS NOT NULL ORDER BY 1`,
  );
  return id ?? '';
}

describe('a first run', () => {
  it('brings every student into its four tables, and the schools that exist', async () => {
    const rig = await openRig();

    const report = await rig.run();

    const students = step(report, 'people', 'students');
    expect(students.counts).toMatchObject({ read: 500, inserted: 500, quarantined: 0 });
    expect(await rig.count('SELECT 1 FROM contact JOIN student USING (id)')).toBe(500);
    expect(await rig.count('SELECT 1 FROM email')).toBe(students.tables['email']?.inserted);
    expect(await rig.count('SELECT 1 FROM phone')).toBe(students.tables['phone']?.inserted);
    const assigned = step(report, 'assign-schools', 'students');
    expect(assigned.links).toMatchObject({ linked: 96, waiting: 2 });
    expect(assigned.api_calls).toBe(0);
    expect(await rig.count(LINKED)).toBe(96);
  });

  it('accounts for every record of every step', async () => {
    const rig = await openRig({ students: 2_000, schools: 178 });

    const report = await rig.run();

    expect(report.steps.map(({ counts }) => unaccounted(counts))).toEqual([0, 0, 0, 0, 0]);
    expect(report.status).toBe('succeeded_with_warnings');
    const classes = step(report, 'reference', 'classes');
    expect(classes.counts).toMatchObject({ read: 1_200, inserted: 1_188, quarantined: 9, deferred: 3 });
    expect(classes.quarantined).toEqual({
      'MISSING_REQUIRED_FIELD class.class_year': 7,
      'MISSING_REQUIRED_FIELD class.name': 2,
    });
  });

  it('leaves every school blank until the second phase', async () => {
    const rig = await openRig();

    await rig.run({ phase: 'people' });

    expect(await rig.count('SELECT 1 FROM student')).toBe(500);
    expect(await rig.count(LINKED)).toBe(0);
  });

  it.each([
    [300, 50],
    [500, 100],
    [7, 3],
    [100, 400],
  ])('loads the same rows in batches of %i and commits of %i', async (batchSize, commitSize) => {
    const plain = await openRig({ students: 600 });
    const other = await openRig({ students: 600 });

    await plain.run();
    const report = await other.run({}, { adjust: (project) => withSizes(project, batchSize, commitSize) });

    expect(await contents(other)).toEqual(await contents(plain));
    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 600, inserted: 600 });
  });

  it('reads no more records than it is told to', async () => {
    const rig = await openRig();

    const report = await rig.run({ select: ['students'], phase: 'people', limit: 10 });

    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 10, inserted: 10 });
  });

  it('gives each student with an address exactly one primary', async () => {
    const rig = await openRig();

    await rig.run();

    expect(await rig.count('SELECT contact_id FROM email GROUP BY contact_id HAVING count(*) <> 1')).toBe(0);
    expect(await rig.count('SELECT 1 FROM email WHERE NOT "primary"')).toBe(0);
    expect(await rig.count(`SELECT 1 FROM email WHERE email <> lower(btrim(email))`)).toBe(0);
  });
});

describe('a second run over an org that has not changed', () => {
  it.each([false, true])('writes no row version (full refresh: %p)', async (fullRefresh) => {
    const rig = await openRig();
    await rig.run();
    const before = await rowVersions(rig);

    const report = await rig.run({ fullRefresh });

    expect(await rowVersions(rig)).toEqual(before);
    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 500, unchanged: 500 });
    expect(step(report, 'assign-schools', 'students').links).toMatchObject({ linked: 0, waiting: 2 });
  });

  it('leaves alone what staff edited in a column of their own', async () => {
    const rig = await openRig();
    await rig.run();
    await rig.database.query('UPDATE student SET gifted = true');

    await rig.run({ fullRefresh: true });

    expect(await rig.count('SELECT 1 FROM student WHERE gifted')).toBe(500);
  });

  it('mends what drifted in a column of ours only with a full refresh', async () => {
    const rig = await openRig();
    await rig.run();
    await rig.database.query(`UPDATE contact SET last_name = 'Drifted' WHERE id IN (SELECT min(id) FROM contact)`);

    const usual = await rig.run();
    const full = await rig.run({ fullRefresh: true });

    expect(step(usual, 'people', 'students').counts.updated).toBe(0);
    expect(step(full, 'people', 'students').counts).toMatchObject({ updated: 1, unchanged: 499 });
    expect(await rig.count(`SELECT 1 FROM contact WHERE last_name = 'Drifted'`)).toBe(0);
  });
});

describe('a record that changed in the org', () => {
  it('is the only one that is written', async () => {
    const rig = await openRig();
    await rig.run();
    const id = await firstStudent(rig);
    rig.org.records.update('Contact', id, { LastName: 'Newname', Email: 'new.name@example.org' });

    const report = await rig.run();

    const { counts, tables } = step(report, 'people', 'students');
    expect(counts).toMatchObject({ updated: 1, unchanged: 499 });
    expect(tables['contact']).toMatchObject({ updated: 1 });
    expect(
      await rig.column(`SELECT email FROM email JOIN contact c ON c.id = contact_id WHERE c.last_name = 'Newname'`),
    ).toEqual(['new.name@example.org']);
  });

  it('keeps its old e-mail row when the org has none any more', async () => {
    const rig = await openRig();
    await rig.run();
    const [id = ''] = await rig.column(
      'SELECT salesforce_individual_id FROM contact c JOIN email ON contact_id = c.id ORDER BY 1',
    );
    const rows = await rig.count('SELECT 1 FROM email');
    rig.org.records.update('Contact', id, { Email: null });

    await rig.run();

    expect(await rig.count('SELECT 1 FROM email')).toBe(rows);
  });

  it('loses its school when the org clears it', async () => {
    const rig = await openRig();
    await rig.run();
    const id = await firstStudent(rig);
    rig.org.records.update('Contact', id, { npsp__Primary_Affiliation__c: null });

    await rig.run();

    expect(
      await rig.column(
        `SELECT school_id FROM student JOIN contact USING (id) WHERE salesforce_individual_id = '${id}'`,
      ),
    ).toEqual(['null']);
    expect(await rig.count(LINKED)).toBe(95);
  });

  it('moves to another school', async () => {
    const rig = await openRig();
    await rig.run();
    const id = await firstStudent(rig);
    const [school = ''] = await rig.column(
      `SELECT id FROM school WHERE id NOT IN (SELECT school_id FROM student JOIN contact USING (id) WHERE salesforce_individual_id = '${id}')`,
    );
    rig.org.records.update('Contact', id, { npsp__Primary_Affiliation__c: school });

    await rig.run();

    expect(
      await rig.column(
        `SELECT school_id FROM student JOIN contact USING (id) WHERE salesforce_individual_id = '${id}'`,
      ),
    ).toEqual([school]);
  });
});

describe('links that wait', () => {
  it('are resolved by the first run after their school arrives', async () => {
    const rig = await openRig();
    const first = await rig.run();
    const [missing = ''] = await rig.column(
      `SELECT parent_ref FROM sluice.waiting_link WHERE link = 'student.school_id' AND linked_at IS NULL ORDER BY 1`,
    );
    const students = await rig.count(
      `SELECT 1 FROM sluice.waiting_link WHERE parent_ref = '${missing}' AND link = 'student.school_id'`,
    );
    rig.org.records.insert('Account', { Name: 'Late School', Type: 'School' }, missing);

    const second = await rig.run();

    const { links } = step(second, 'assign-schools', 'students');
    const waited = step(first, 'assign-schools', 'students').links;
    expect(links).toMatchObject({
      linked: students,
      waiting: waited.waiting - students,
      missing_parents: waited.missing_parents - 1,
    });
    expect(await rig.count(`SELECT 1 FROM student WHERE school_id = '${missing}'`)).toBe(students);
  });

  it('can be resolved again and again without a call to the org', async () => {
    const rig = await openRig();
    await rig.run();
    await rig.database.query('UPDATE student SET school_id = NULL');

    const again = await rig.run({ phase: 'assign-schools', fullRefresh: true });
    const onceMore = await rig.run({ phase: 'assign-schools', fullRefresh: true });

    expect(again.api_calls).toBe(0);
    expect(step(again, 'assign-schools', 'students').links.linked).toBe(96);
    expect(step(onceMore, 'assign-schools', 'students').links.linked).toBe(0);
    expect(await rig.count(LINKED)).toBe(96);
  });

  it('heal in any order: students that came before their classes and schools', async () => {
    const rig = await openRig();
    const first = await rig.run({ select: ['students'], phase: 'people' });

    const second = await rig.run();

    const before = step(first, 'people', 'students').links;
    const after = step(second, 'people', 'students');
    expect(before.linked).toBe(0);
    expect(before.waiting).toBeGreaterThan(250);
    expect(after.counts).toMatchObject({ inserted: 0, unchanged: 500 });
    expect(after.links.linked).toBe(before.waiting - after.links.waiting);
    expect(await rig.count('SELECT 1 FROM student WHERE class_salesforce_id IS NOT NULL')).toBe(after.links.linked);
    expect(await rig.count(LINKED)).toBe(96);
  });

  it('let a class in when its school has come', async () => {
    const rig = await openRig({ students: 1_000, schools: 178 });
    await rig.run();
    const [missing = ''] = await rig.column(
      `SELECT parent_ref FROM sluice.waiting_link WHERE link = 'class.school_salesforce_id'`,
    );
    rig.org.records.insert('Account', { Name: 'Late School', Type: 'School' }, missing);

    const report = await rig.run();

    const { inserted, deferred } = step(report, 'reference', 'classes').counts;
    expect(inserted).toBeGreaterThan(0);
    expect(inserted + deferred).toBe(3);
    expect(await rig.count(`SELECT 1 FROM class WHERE school_salesforce_id = '${missing}'`)).toBe(inserted);
    expect(
      await rig.count(`SELECT 1 FROM sluice.waiting_link WHERE parent_ref = '${missing}' AND linked_at IS NULL`),
    ).toBe(0);
  });
});
