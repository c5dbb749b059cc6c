import { describe, expect, it } from '@jest/globals';
import type { Project } from '../../src/config/project.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { unaccounted } from '../../src/flow/counts.ts';
import { diffTables } from '../../src/tables/diff.ts';
import { asProjectFiles, madeBy, pull, type TOOLS } from '../support/existing-database.ts';
import { createTestDatabase } from '../support/database.ts';
import { changed, type Files } from '../support/project-folder.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

type Tool = (typeof TOOLS)[number];

const SETTINGS = 'version: 1\nproject: existing\nphases: [main]\ndatabase: { manage: false }\n';

const SCHOOLS = `version: 1
mapping: schools
source: { soql: "SELECT Id, Name, SystemModstamp FROM Account WHERE Type = 'School'" }
tables:
`;
const STUDENTS = `version: 1
mapping: students
source:
  soql: |
    SELECT Id, FirstName, LastName, Birthdate, Gender__c, Current_Grade__c, npsp__Primary_Affiliation__c,
      SystemModstamp
    FROM Contact WHERE Contact_Type__c = 'Student'
tables:
`;

const MAPPINGS: Readonly<Record<Tool, Files>> = {
  prisma: {
    'mappings/schools.yaml': `${SCHOOLS}
  School: { key: salesforceId, columns: { salesforceId: Id, name: Name } }
`,
    'mappings/students.yaml': `${STUDENTS}
  User:
    key: salesforceId
    columns:
      salesforceId: Id
      firstName: { from: FirstName }
      lastName: { from: LastName }
      role: { value: TEACHER }
      score: { from: Current_Grade__c, on_null: default, on_invalid: default }
      balance: { value: 12.5 }
      seenAt: SystemModstamp
      schoolId: { from: npsp__Primary_Affiliation__c, link: School }
  Profile:
    columns:
      Shirt size: { from: Gender__c }
  _BadgeToUser:
    parent: User
    each: [{ A: npsp__Primary_Affiliation__c }]
    key: [A]
    skip_when_blank: A
    columns: { A: { link: Badge, on_missing: skip } }
`,
    'mappings/badges.yaml': `version: 1
mapping: badges
source: { soql: "SELECT Id, Name, SystemModstamp FROM Account WHERE Type = 'School'" }
tables:
  Badge: { key: id, columns: { id: Id, label: Name } }
`,
  },
  rails: {
    'mappings/schools.yaml': `${SCHOOLS}
  schools:
    key: salesforce_id
    columns: { salesforce_id: Id, name: Name, level: { value: 2 }, zip: { value: "661" }, rating: { value: 0.1 } }
`,
    'mappings/students.yaml': `${STUDENTS}
  people:
    key: salesforce_id
    columns:
      salesforce_id: Id
      email: { from: Id }
      first_name: { from: FirstName }
      last_name: { from: LastName }
      born_on: { from: Birthdate, on_invalid: "null" }
      joined_at: SystemModstamp
      school_id: { from: npsp__Primary_Affiliation__c, link: schools }
`,
  },
  django: {
    'mappings/schools.yaml': `${SCHOOLS}
  people_school:
    key: salesforce_id
    columns:
      salesforce_id: Id
      name: Name
      budget: { value: 0 }
      seats: { value: 30 }
      website: { value: "https://school.example" }
      settings: { value: "{}" }
`,
    'mappings/students.yaml': `${STUDENTS}
  people_person:
    key: salesforce_id
    columns:
      salesforce_id: Id
      first_name: { from: FirstName }
      last_name: { from: LastName }
      email: { from: Id }
      birth_date: { from: Birthdate, on_invalid: "null" }
  people_student:
    columns:
      grade: { from: Current_Grade__c, on_invalid: "null" }
      kind: { value: day }
      school_id: { from: npsp__Primary_Affiliation__c, link: people_school }
`,
    'mappings/mentors.yaml': `version: 1
mapping: mentors
source: { soql: "SELECT Id, SystemModstamp FROM Contact WHERE Contact_Type__c = 'Student'" }
tables:
  people_student_mentors:
    key: [student_id, person_id]
    columns:
      student_id: { from: Id, link: people_student, on_missing: quarantine }
      person_id: { from: Id, link: people_person, on_missing: quarantine }
`,
  },
  alembic: {
    'mappings/schools.yaml': `${SCHOOLS}
  school: { key: id, columns: { id: Id, name: Name } }
`,
    'mappings/students.yaml': `${STUDENTS}
  contact:
    key: salesforce_individual_id
    columns:
      salesforce_individual_id: Id
      type: { value: teacher }
      first_name: { from: FirstName, required: true }
      last_name: { from: LastName, required: true }
      gender: { from: Gender__c, map: { Male: male, Female: female }, on_unknown: keep, write: if_blank }
  student:
    columns:
      current_grade: { from: Current_Grade__c, on_invalid: "null" }
      legacy_grade: { from: Current_Grade__c, on_invalid: "null" }
      school_id: { from: npsp__Primary_Affiliation__c, link: school }
`,
  },
};

/** The project of somebody who has this database: table files as pulled, and two mappings. */
async function filesFor(tool: Tool, sql: string): Promise<Files> {
  const { database, drop } = await createTestDatabase();
  try {
    await database.query(`${madeBy(tool)};${sql}`);
    const { files } = await pull(database);
    return { 'sync.config.yaml': SETTINGS, ...asProjectFiles(files), ...MAPPINGS[tool] };
  } finally {
    await drop();
  }
}

/** From here on, every statement that makes, changes or drops something in the schema `public` is written down. */
const WATCH = `
  CREATE SCHEMA watch; CREATE TABLE watch.seen (what text);
  CREATE FUNCTION watch.made() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO watch.seen SELECT command_tag || ' ' || object_identity FROM pg_event_trigger_ddl_commands()
      WHERE schema_name = 'public'; END $$;
  CREATE FUNCTION watch.dropped() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO watch.seen SELECT 'DROP ' || object_identity FROM pg_event_trigger_dropped_objects()
      WHERE schema_name = 'public'; END $$;
  CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION watch.made();
  CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION watch.dropped();`;

async function rigOn(tool: Tool, sql = ''): Promise<Rig> {
  const rig = await openRig({ students: 300 }, { files: await filesFor(tool, sql), isEmpty: true });
  await rig.database.query(`${madeBy(tool)};${sql};${WATCH}`);
  return rig;
}

async function rowVersions({ database, project }: Rig): Promise<unknown[]> {
  const names = [...project.tables.keys()];
  const each = await Promise.all(names.map((name) => database.query(`SELECT ctid, xmin FROM "${name}"`)));
  return each.flatMap(({ rows }) => rows);
}

function differences(database: Database, project: Project): ReturnType<typeof diffTables> {
  return diffTables(database, [...project.tables.values()]);
}

/** What Django's own code gives a new row. */
const UUID_DEFAULT = 'ALTER TABLE people_person ALTER COLUMN uuid SET DEFAULT gen_random_uuid()';

describe.each<[Tool, string, string, string]>([
  [
    'prisma',
    '',
    `SELECT u."salesforceId", u.role, u.balance = 12.5 AS paid, s."salesforceId" AS school, u."updatedAt" > 'now'::timestamp - interval '1 hour' AS touched, p."userId" IS NOT NULL AS joined FROM "User" u JOIN "Profile" p ON p."userId" = u.id LEFT JOIN "School" s ON s.id = u."schoolId"`,
    'TEACHER',
  ],
  [
    'rails',
    '',
    `SELECT p.salesforce_id, s.zip AS role, s.rating = 0.1::real AS paid, s.salesforce_id AS school, p.updated_at > 'now'::timestamp - interval '1 hour' AS touched, p.full_name IS NOT NULL AS joined FROM people p LEFT JOIN schools s ON s.id = p.school_id`,
    '661  ',
  ],
  [
    'django',
    UUID_DEFAULT,
    `SELECT p.salesforce_id, s.kind AS role, p.uuid IS NOT NULL AS paid, o.salesforce_id AS school, true AS touched, true AS joined FROM people_person p JOIN people_student s ON s.person_ptr_id = p.id LEFT JOIN people_school o ON o.id = s.school_id`,
    'day',
  ],
  [
    'alembic',
    '',
    `SELECT c.salesforce_individual_id, c.type AS role, c.token IS NOT NULL AS paid, s.school_id AS school, c.updated_at > 'now'::timestamp - interval '1 hour' AS touched, true AS joined FROM contact c JOIN student s USING (id)`,
    'teacher',
  ],
])('on tables that %s made', (tool, sql, read, role) => {
  it('a run writes them, makes and changes none, and a second run writes nothing', async () => {
    const rig = await rigOn(tool, sql);

    const first = await rig.run();

    const students = step(first, 'main', 'students');
    expect(first.status).toMatch(/^succeeded/);
    expect(first.steps.map(({ counts }) => unaccounted(counts))).toEqual(first.steps.map(() => 0));
    expect(students.counts.inserted).toBeGreaterThan(280);
    const { rows } = await rig.database.query(read);
    expect(rows).toHaveLength(students.counts.inserted);
    const linked = rows.filter((row) => row['school'] !== null);
    expect(linked.length).toBe(students.links.linked);
    expect(linked.length).toBeGreaterThan(20);
    for (const row of linked) expect(row).toMatchObject({ role, paid: true, touched: true, joined: true });

    const before = await rowVersions(rig);
    const second = await rig.run();

    expect(step(second, 'main', 'students').counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(await rowVersions(rig)).toEqual(before);
    expect(await rig.column('SELECT what FROM watch.seen')).toEqual([]);
    expect((await differences(rig.database, rig.project)).filter(({ sql: mend }) => mend !== null)).toEqual([]);
  });

  it('a plan tells what a run would do, and leaves keys, rows and tables alone', async () => {
    const rig = await rigOn(tool, sql);

    const plan = await rig.run({}, { kind: 'plan' });

    expect(step(plan, 'main', 'students').counts.inserted).toBeGreaterThan(280);
    expect(await rowVersions(rig)).toEqual([]);
    expect(await rig.column('SELECT what FROM watch.seen')).toEqual([]);
    expect(await rig.count(`SELECT 1 FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL`)).toBe(
      0,
    );
  });
});

describe('on tables of an app', () => {
  it('join tables are filled, with a key of two columns or one of their own', async () => {
    const prisma = await rigOn('prisma');
    const django = await rigOn('django', UUID_DEFAULT);

    const report = await prisma.run();
    await django.run();

    const { linked } = step(report, 'main', 'students').links;
    expect(await prisma.count('SELECT 1 FROM "_BadgeToUser"')).toBe(linked);
    const students = await django.count('SELECT 1 FROM people_student');
    expect(await django.count('SELECT 1 FROM people_student_mentors WHERE student_id = person_id')).toBe(students);
  });

  it('a time without a zone holds UTC, whatever zone the database has', async () => {
    const rig = await rigOn('prisma');
    const [name] = await rig.column('SELECT current_database()');
    await rig.database.query(`ALTER DATABASE "${name ?? ''}" SET timezone = 'America/Chicago'`);

    await rig.run();

    const same = `SELECT 1 FROM "User" u JOIN sluice.record r ON r.source_id = u."salesforceId"
      WHERE u."seenAt" = r.stamp AT TIME ZONE 'UTC' AND abs(extract(epoch FROM u."updatedAt" - now() AT TIME ZONE 'UTC')) < 3600`;
    expect(await rig.count(same)).toBe(await rig.count('SELECT 1 FROM "User"'));
  });

  it('a row that breaks a foreign key which is only checked at the commit is the only one quarantined', async () => {
    const rig = await rigOn('django', UUID_DEFAULT);
    // A trigger of the app's own gives some of them a school that there is not.
    await rig.database.query(`
      CREATE FUNCTION watch.wrong() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT abs(hashtext(salesforce_id)) % 50 = 7 FROM people_person WHERE id = new.person_ptr_id)
        THEN new.school_id := 424242; END IF; RETURN new; END $$;
      CREATE TRIGGER wrong BEFORE INSERT ON people_student FOR EACH ROW EXECUTE FUNCTION watch.wrong()`);

    const report = await rig.run();

    const { counts, quarantined } = step(report, 'main', 'students');
    expect(report.status).toMatch(/^succeeded/);
    expect(quarantined).toMatchObject({ FK_NOT_FOUND: expect.any(Number) });
    expect(counts.inserted).toBeGreaterThan(270);
    expect(await rig.count('SELECT 1 FROM people_student')).toBe(counts.inserted);
  });

  it('a time that the column rounds is not written again for that', async () => {
    const rounded = 'ALTER TABLE "User" ALTER COLUMN "seenAt" TYPE timestamp(0)';
    const pulled = await filesFor('prisma', rounded);
    const mapped = changed(
      pulled,
      'mappings/students.yaml',
      'seenAt: SystemModstamp',
      'seenAt: { value: "2026-05-01T10:00:00.700+02:00" }',
    );
    const rig = await openRig({ students: 10 }, { files: mapped, isEmpty: true });
    await rig.database.query(`${madeBy('prisma')};${rounded}`);

    await rig.run();
    const again = await rig.run({ fullRefresh: true });

    expect(await rig.column(`SELECT DISTINCT "seenAt"::text FROM "User"`)).toEqual(['2026-05-01 08:00:01']);
    expect(step(again, 'main', 'students').counts).toMatchObject({ inserted: 0, updated: 0 });
  });

  it('a type that files do not have takes text as PostgreSQL reads it, when a person lets imports write it', async () => {
    const pulled = await filesFor('django', UUID_DEFAULT);
    const school = 'mappings/tables/people_school.yaml';
    const opened = changed(pulled, school, 'time without time zone, owner: local', 'time without time zone');
    const mapped = changed(
      opened,
      'mappings/schools.yaml',
      'name: Name',
      "name: Name\n      opens_at: { value: '8:30' }",
    );
    const rig = await openRig({ students: 10 }, { files: mapped, isEmpty: true });
    await rig.database.query(`${madeBy('django')};${UUID_DEFAULT}`);

    await rig.run({ select: ['schools'] });

    expect(await rig.column('SELECT DISTINCT opens_at FROM people_school')).toEqual(['08:30:00']);
    const again = await rig.run({ select: ['schools'], fullRefresh: true });
    expect(step(again, 'main', 'schools').counts).toMatchObject({ inserted: 0, updated: 0 });
  });

  it('a run refuses while a required column is filled by nobody, and says which', async () => {
    const rig = await rigOn('django');

    await expect(rig.run()).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_MISMATCH',
      message: 'people_person.uuid is required, has no default, and no mapping fills it.',
    });
    expect(await rig.count('SELECT 1 FROM people_school')).toBe(0);
  });

  it('a user who may only read and write rows is enough, once the schema of the state is there', async () => {
    const rig = await rigOn('prisma');
    const role = `writer_${Date.now()}`;
    await rig.database.query(`
      CREATE ROLE ${role} LOGIN PASSWORD 'p'; CREATE SCHEMA sluice AUTHORIZATION ${role};
      REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO ${role};
      GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    const url = new URL(rig.url);
    url.username = role;
    url.password = 'p';
    const writer = await openDatabase({ url: url.href, schema: 'public' });

    try {
      const report = await rig.run({}, { database: writer });

      expect(report.status).toMatch(/^succeeded/);
      expect(await rig.count('SELECT 1 FROM "User"')).toBeGreaterThan(280);
    } finally {
      await writer.close();
      await rig.database.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
