import { describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../src/database/open-database.ts';
import { unaccounted } from '../../src/flow/counts.ts';
import { openLossyProxy } from '../support/lossy-proxy.ts';
import { openRig, type Rig, step, withSizes } from '../support/rig.ts';

/** Lets the database itself refuse the students with this last name, as an app's own trigger would. */
async function refuse(rig: Rig, lastName: string): Promise<void> {
  await rig.database.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.last_name = '${lastName}' THEN RAISE EXCEPTION 'not %', NEW.last_name; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION refuse()`);
}

function someStudents(rig: Rig, count: number): string[] {
  const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', count * 40);
  return ids.filter((_, index) => index % 40 === 7);
}

describe('a row that only the database refuses', () => {
  it('is quarantined alone, and its neighbours commit', async () => {
    const rig = await openRig();
    await rig.run({ select: ['classes'] });
    await refuse(rig, 'Refused');
    const refused = someStudents(rig, 5);
    for (const id of refused) rig.org.records.update('Contact', id, { LastName: 'Refused' });

    const report = await rig.run({ phase: 'people' });

    const { counts, quarantined } = step(report, 'people', 'students');
    expect(counts).toMatchObject({ read: 500, inserted: 495, quarantined: 5 });
    expect(unaccounted(counts)).toBe(0);
    expect(quarantined).toEqual({ DB_INTEGRITY: 5 });
    expect(await rig.column('SELECT source_id FROM sluice.quarantine WHERE closed_at IS NULL ORDER BY 1')).toEqual(
      expect.arrayContaining(refused),
    );
    expect(await rig.count('SELECT 1 FROM student')).toBe(495);
  });

  it('is quarantined too when a trigger swallows it without a word', async () => {
    const rig = await openRig({ students: 1_000 });
    await rig.run({ select: ['districts'] });
    await rig.database.query(`
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RETURN CASE WHEN NEW.name = 'Swallowed' THEN NULL ELSE NEW END;
      END $$;
      CREATE TRIGGER swallow BEFORE INSERT ON school FOR EACH ROW EXECUTE FUNCTION swallow()`);
    const [school = ''] = rig.org.records.find('Account', (field) => field('Type') === 'School', 1);
    rig.org.records.update('Account', school, { Name: 'Swallowed' });

    const report = await rig.run({ select: ['schools'] });

    expect(step(report, 'reference', 'schools').counts).toMatchObject({ read: 12, inserted: 11, quarantined: 1 });
    expect(await rig.count('SELECT 1 FROM school')).toBe(11);
  });

  it('leaves quarantine when it loads later', async () => {
    const rig = await openRig({ students: 1_000 });
    await rig.run({ phase: 'reference' });
    await refuse(rig, 'Refused');
    const [id = ''] = someStudents(rig, 1);
    rig.org.records.update('Contact', id, { LastName: 'Refused' });
    await rig.run({ phase: 'people' });
    rig.org.records.update('Contact', id, { LastName: 'Accepted' });

    const report = await rig.run({ phase: 'people' });

    expect(step(report, 'people', 'students').counts).toMatchObject({ inserted: 1, unchanged: 999 });
    expect(await rig.count(`SELECT 1 FROM sluice.quarantine WHERE source_id = '${id}' AND closed_at IS NULL`)).toBe(0);
  });
});

describe('a link that only the database refuses', () => {
  it('goes on waiting with a warning, and its neighbours are linked', async () => {
    const rig = await openRig();
    await rig.run({ phase: 'reference' });
    await rig.run({ phase: 'people' });
    const refused = await rig.column(
      `SELECT row_id FROM sluice.waiting_link JOIN school ON id = parent_ref WHERE link = 'student.school_id' LIMIT 2`,
    );
    await rig.database.query(`
      CREATE FUNCTION refuse_link() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.id IN (${refused.join(', ')}) THEN RAISE EXCEPTION 'no school for %', NEW.id; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse_link BEFORE UPDATE ON student FOR EACH ROW EXECUTE FUNCTION refuse_link()`);

    const report = await rig.run({ phase: 'assign-schools' });

    const { counts, links, warnings } = step(report, 'assign-schools', 'students');
    expect(counts).toMatchObject({ read: 98, updated: 94, unchanged: 4, warnings: 2 });
    expect(unaccounted(counts)).toBe(0);
    expect(links.linked).toBe(94);
    expect(warnings).toEqual({ 'DB_INTEGRITY student.school_id': 2 });
    await rig.database.query('DROP TRIGGER refuse_link ON student');
    expect(step(await rig.run({ phase: 'assign-schools' }), 'assign-schools', 'students').links.linked).toBe(2);
  });
});

describe('records that no mapping can take', () => {
  it('are quarantined with their code and column, and tried again in each run', async () => {
    const rig = await openRig({ students: 1_000, badStudents: 0.01 });

    const first = await rig.run();
    const second = await rig.run();

    for (const report of [first, second]) {
      expect(step(report, 'people', 'students').counts).toMatchObject({ read: 1_000, quarantined: 10 });
    }
    expect(new Set(Object.keys(step(first, 'people', 'students').quarantined))).toEqual(
      new Set([
        'MISSING_REQUIRED_FIELD contact.first_name',
        'MISSING_REQUIRED_FIELD contact.last_name',
        'VALUE_TOO_LONG contact.last_name',
      ]),
    );
    expect(
      await rig.column(
        `SELECT DISTINCT attempts FROM sluice.quarantine q JOIN sluice.mapping m ON m.id = mapping_id WHERE m.name = 'students'`,
      ),
    ).toEqual(['2']);
  });

  it('stop the step when there are more than the project allows, and what was committed stays', async () => {
    const rig = await openRig({ students: 1_000, badStudents: 0.2 });

    const report = await rig.run();

    const students = step(report, 'people', 'students');
    expect(report.status).toBe('stopped');
    expect(students).toMatchObject({ status: 'stopped', error: { code: 'QUARANTINE_LIMIT' } });
    expect(await rig.count('SELECT 1 FROM student')).toBe(students.counts.inserted);
  });
});

describe('a plan', () => {
  it('tells what the run after it does, and writes nothing', async () => {
    const rig = await openRig({ students: 1_000 }, { isEmpty: true });

    const plan = await rig.run({}, { kind: 'plan' });
    const tables = await rig.column(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
    const state = await rig.count('SELECT id FROM sluice.run');
    const run = await rig.run();

    expect(tables).toEqual([]);
    expect(state).toBe(0);
    expect(plan.status).toBe('planned');
    expect(plan.steps.map(({ mapping, counts, links, tables: rows }) => ({ mapping, counts, links, rows }))).toEqual(
      run.steps.map(({ mapping, counts, links, tables: rows }) => ({ mapping, counts, links, rows })),
    );
  });

  it('does not move the sequences of tables that are there', async () => {
    const rig = await openRig({ students: 1_000 });
    await rig.run({ phase: 'reference' });
    const sequences = `SELECT sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`;
    const before = await rig.column(sequences);

    await rig.run({}, { kind: 'plan' });

    expect(before.length).toBeGreaterThan(4);
    expect(await rig.column(sequences)).toEqual(before);
  });
});

describe('a plan over what is there', () => {
  it('tells for each column how many rows would change, and shows no value', async () => {
    const rig = await openRig({ students: 1_000 });
    await rig.run();
    const [first = '', second = ''] = someStudents(rig, 2);
    rig.org.records.update('Contact', first, { LastName: 'Newname', MiddleName: 'Middle' });
    rig.org.records.update('Contact', second, { LastName: 'Othername' });

    const plan = await rig.run({ phase: 'people' }, { kind: 'plan' });

    const { changes, counts } = step(plan, 'people', 'students');
    expect(counts).toMatchObject({ updated: 2, unchanged: 998 });
    expect(changes?.['contact.last_name']).toMatchObject({ rows: 2 });
    expect(changes?.['contact.middle_name']).toMatchObject({ rows: 1, samples: [{ to: '6 characters' }] });
    expect(JSON.stringify(changes)).not.toMatch(/Newname|Othername/u);
    expect(await rig.count(`SELECT 1 FROM contact WHERE last_name = 'Newname'`)).toBe(0);
  });
});

describe('a run that is interrupted', () => {
  it('keeps what was committed, says so, and the next run loads the rest', async () => {
    const rig = await openRig({ students: 2_000, bulkPageSize: 500 });
    const controller = new AbortController();

    const first = await rig.run(
      {},
      {
        signal: controller.signal,
        adjust: (project) => ({
          ...project,
          mappings: project.mappings.map((mapping) => ({
            ...mapping,
            source: { ...mapping.source, api: 'bulk' },
            phases: mapping.phases.map((phase) => ({ ...phase, batchSize: 100, commitSize: 100 })),
          })),
        }),
        onEvent: (event) => {
          if (event.type === 'step_progress' && event.counts.inserted >= 300 && event.counts.read < 2_000) {
            controller.abort();
          }
        },
      },
    );
    const kept = await rig.count('SELECT 1 FROM student');
    const second = await rig.run();

    expect(first.status).toBe('interrupted');
    expect(await rig.column('SELECT status FROM sluice.run ORDER BY started_at')).toEqual([
      'interrupted',
      'succeeded_with_warnings',
    ]);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(2_000);
    expect(step(first, 'people', 'students').counts.inserted).toBe(kept);
    expect(step(second, 'people', 'students').counts).toMatchObject({ inserted: 2_000 - kept, unchanged: kept });
  });
});

describe('one run at a time', () => {
  it('refuses a second one, and says who is at work', async () => {
    const rig = await openRig({ students: 1_000 });
    await rig.run({ phase: 'reference' });
    let second: Promise<unknown> | undefined;

    await rig.run(
      {},
      {
        onEvent: (event) => {
          if (event.type === 'run_started') second = rig.run().catch((error: unknown) => error);
        },
      },
    );

    expect(await second).toMatchObject({ code: 'RUN_LOCKED', message: expect.stringContaining('test') });
  });
});

describe('trouble with one mapping', () => {
  it('does not keep the others from running', async () => {
    const rig = await openRig({ students: 1_000, hidden: ['Class__c'] });

    const report = await rig.run();

    expect(report.status).toBe('failed');
    expect(step(report, 'reference', 'classes')).toMatchObject({
      status: 'failed',
      error: { code: 'ORG_OBJECT_MISSING' },
    });
    const students = step(report, 'people', 'students');
    expect(students.counts.inserted).toBe(1_000);
    expect(students.links.waiting).toBeGreaterThan(600);
  });

  it('names the field that the org does not have', async () => {
    const rig = await openRig({ students: 1_000, hidden: ['Contact.Birthdate'] });

    const report = await rig.run();

    expect(step(report, 'people', 'students').error).toMatchObject({
      code: 'ORG_FIELD_MISSING',
      message: expect.stringContaining('Birthdate'),
    });
  });
});

describe('what the org does in between', () => {
  it.each([
    ['a page that breaks off in a row', { kind: 'truncate', rows: 30, insideRow: true }],
    ['a page that ends too early', { kind: 'truncate', rows: 30 }],
    ['a connection that is reset', { kind: 'reset', afterBytes: 20_000 }],
    ['a session that has expired', { kind: 'expire-session' }],
    ['a service that is not there for a moment', { kind: 'status', status: 503, code: 'SERVER_UNAVAILABLE' }],
  ] as const)('%s costs no record and doubles none', async (_, fault) => {
    const rig = await openRig({ students: 3_000, bulkPageSize: 400 });
    const active = rig.org.faults.add({ fault, path: 'results', nth: 3, times: 1 });

    const report = await rig.run();

    expect(active.hits()).toBe(1);
    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 3_000, inserted: 3_000 });
    expect(await rig.count('SELECT 1 FROM student')).toBe(3_000);
  });
});

describe('personal values', () => {
  const CANARY = 'Canary7391';

  it('reach no log line, report or error, whatever becomes of them', async () => {
    const rig = await openRig({ students: 1_000 });
    await rig.run({ phase: 'reference' });
    await refuse(rig, `${CANARY}refused`);
    const [refused = '', tooLong = '', badMail = '', fine = '', enumOff = ''] = someStudents(rig, 5);
    rig.org.records.update('Contact', refused, { LastName: `${CANARY}refused` });
    rig.org.records.update('Contact', tooLong, { LastName: CANARY.repeat(6) });
    rig.org.records.update('Contact', badMail, {
      Email: `${CANARY} at nowhere`,
      Phone: CANARY,
      MiddleName: CANARY.repeat(6),
    });
    rig.org.records.update('Contact', fine, {
      FirstName: CANARY,
      LastName: CANARY,
      Email: `${CANARY}@example.org`,
      Local_Student_ID__c: CANARY,
      Racial_Ethnic_Background__c: CANARY,
      Legacy_Grade__c: CANARY,
    });
    rig.org.records.update('Contact', enumOff, { Gender__c: CANARY });
    const said: string[] = [];
    const tell = (text: string) => said.push(text);

    const report = await rig.run({ phase: 'people' }, { log: tell, onEvent: (event) => tell(JSON.stringify(event)) });

    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 1_000, quarantined: 2 });
    expect(said.length).toBeGreaterThan(5);
    expect(said.filter((text) => text.toLowerCase().includes(CANARY.toLowerCase()))).toEqual([]);
    const state = await Promise.all(
      ['run', 'step', 'slice', 'event', 'waiting_link', 'record', 'watermark'].map((table) =>
        rig.column(`SELECT t::text FROM sluice.${table} t`),
      ),
    );
    expect(state.flat().filter((text) => text.includes(CANARY))).toEqual([]);
  });
});

describe('a commit whose answer is lost with the connection', () => {
  it('is not made twice: its page would count as done too early, and a crash would lose the rest of it', async () => {
    const rig = await openRig({ students: 1_000 }, { adjust: (project) => withSizes(project, 100, 100) });
    await rig.run({ phase: 'reference' });
    const proxy = await openLossyProxy(rig.url);
    const database = await openDatabase({ url: proxy.url, schema: 'public' });
    let told = false;

    const report = await rig.run(
      { phase: 'people' },
      {
        database,
        onEvent: (event) => {
          if (told || event.type !== 'step_progress' || event.counts.inserted < 100) return;
          told = true;
          proxy.loseNextCommit('after');
        },
      },
    );
    await database.close();
    await proxy.close();

    expect(told).toBe(true);
    expect(report.error).toBeNull();
    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 1_000, inserted: 1_000, unchanged: 0 });
    const sums = await rig.column(
      `SELECT sum(l.records) FROM sluice.slice l JOIN sluice.step s ON s.id = l.step_id WHERE s.phase = 'people'`,
    );
    expect(sums).toEqual(['1000']);
  });
});
