/**
 * The floor of the students: what PostgreSQL itself needs for them, asked as well as we know how. Hand-written for
 * mappings/students.yaml; the benchmark compares the rows that come out with Sluice's, so a change there shows here.
 */
import type { Floor } from './floor.ts';

/** Staging columns in the order of the SOQL, with their types. A number may come as `9.0`. */
const FIELDS: readonly (readonly [name: string, type: string])[] = [
  ['id', 'text'],
  ['account_id', 'text'],
  ['first_name', 'text'],
  ['last_name', 'text'],
  ['middle_name', 'text'],
  ['email', 'text'],
  ['phone', 'text'],
  ['student_id', 'text'],
  ['birthdate', 'date'],
  ['gender', 'text'],
  ['racial_ethnic', 'text'],
  ['affiliation', 'text'],
  ['class', 'text'],
  ['legacy_grade', 'text'],
  ['current_grade', 'numeric'],
  ['modified', 'timestamptz'],
];

/** `contact_id` is drawn while the file is read, so a first load needs no look back into contact. */
const CREATE_STAGING = `
CREATE TEMPORARY TABLE staging (
  ${FIELDS.map(([name, type]) => `${name} ${type}`).join(',\n  ')},
  contact_id integer DEFAULT nextval(pg_get_serial_sequence('contact', 'id'))
);`;

const text = (column: string, length: number): string => `left(nullif(btrim(s.${column}), ''), ${length})`;

const GENDER = `CASE lower(btrim(s.gender))
    WHEN 'male' THEN 'male' WHEN 'female' THEN 'female' WHEN 'genderfluid' THEN 'genderfluid'
    WHEN 'agender' THEN 'agender' WHEN 'transgender' THEN 'transgender' WHEN 'other' THEN 'other'
    WHEN 'non-binary' THEN 'non_binary' WHEN 'non binary' THEN 'non_binary' WHEN 'non_binary' THEN 'non_binary'
    WHEN 'prefer not to say' THEN 'prefer_not_to_say' WHEN 'prefer-not-to-say' THEN 'prefer_not_to_say'
    WHEN 'prefer_not_to_say' THEN 'prefer_not_to_say' WHEN 'na' THEN 'prefer_not_to_say' END`;

/** Column of the table, and the expression over `s` (staging) that fills it. */
type Columns = Readonly<Record<string, string>>;

const CONTACT: Columns = {
  type: "'student'",
  salesforce_individual_id: 's.id',
  salesforce_account_id: 's.account_id',
  first_name: 'btrim(s.first_name)',
  last_name: 'btrim(s.last_name)',
  middle_name: text('middle_name', 50),
  birthdate: 's.birthdate',
  gender: GENDER,
};

const STUDENT: Columns = {
  student_id: text('student_id', 50),
  current_grade: 's.current_grade::integer',
  legacy_grade: text('legacy_grade', 50),
  racial_ethnic: text('racial_ethnic', 100),
  class_salesforce_id: 'c.salesforce_id',
};

const CLASS_LINK = 'LEFT JOIN class c ON c.salesforce_id = s.class';

interface Child {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

const CHILDREN: readonly Child[] = [
  { table: 'email', column: 'email', value: "lower(nullif(btrim(s.email), ''))" },
  { table: 'phone', column: 'number', value: "nullif(btrim(s.phone), '')" },
];

const names = (columns: Columns, prefix = ''): string =>
  Object.keys(columns)
    .map((name) => `${prefix}${name}`)
    .join(', ');
const values = (columns: Columns): string => Object.values(columns).join(',\n    ');
const assignments = (columns: Columns): string =>
  Object.keys(columns)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ');
/** Written once: an import does not move a contact back to its first account. */
const COMPARED: Columns = Object.fromEntries(
  Object.entries(CONTACT).filter(([name]) => name !== 'salesforce_account_id'),
);

/** Into empty tables: nothing is looked up, nothing is compared. No load of the same rows can do less. */
const INSERT_ONLY = `
BEGIN;
INSERT INTO contact (id, ${names(CONTACT)}) SELECT s.contact_id, ${values(CONTACT)} FROM staging s;
INSERT INTO student (id, ${names(STUDENT)}) SELECT s.contact_id, ${values(STUDENT)} FROM staging s ${CLASS_LINK};
${CHILDREN.map(
  ({ table, column, value }) =>
    `INSERT INTO ${table} (contact_id, ${column}, type, "primary")
SELECT s.contact_id, ${value}, 'personal', true FROM staging s WHERE ${value} IS NOT NULL;`,
).join('\n')}
COMMIT;`;

/**
 * May run every night: every table is compared, and only rows that are new or differ are written. Without nested loops,
 * because the planner takes tables that were empty a moment ago for small ones, which costs three times the time.
 */
const COMPARE_AND_WRITE = `
SET enable_nestloop = off;
BEGIN;
INSERT INTO contact (id, ${names(CONTACT)})
SELECT s.contact_id, ${values(CONTACT)} FROM staging s
LEFT JOIN contact t ON t.salesforce_individual_id = s.id
WHERE t.id IS NULL OR (${names(COMPARED, 't.')}) IS DISTINCT FROM (${values(COMPARED)})
ON CONFLICT (salesforce_individual_id) DO UPDATE SET ${assignments(COMPARED)};
INSERT INTO student (id, ${names(STUDENT)})
SELECT p.id, ${values(STUDENT)} FROM staging s
JOIN contact p ON p.salesforce_individual_id = s.id ${CLASS_LINK}
LEFT JOIN student t ON t.id = p.id
WHERE t.id IS NULL OR (${names(STUDENT, 't.')}) IS DISTINCT FROM (${values(STUDENT)})
ON CONFLICT (id) DO UPDATE SET ${assignments(STUDENT)};
${CHILDREN.map(
  ({ table, column, value }) =>
    `UPDATE ${table} t SET ${column} = ${value}, "primary" = true
FROM staging s JOIN contact p ON p.salesforce_individual_id = s.id
WHERE t.contact_id = p.id AND t.type = 'personal' AND ${value} IS NOT NULL
  AND (t.${column}, t."primary") IS DISTINCT FROM (${value}, true);
INSERT INTO ${table} (contact_id, ${column}, type, "primary")
SELECT p.id, ${value}, 'personal', true FROM staging s JOIN contact p ON p.salesforce_individual_id = s.id
WHERE ${value} IS NOT NULL AND NOT EXISTS (SELECT FROM ${table} t WHERE t.contact_id = p.id AND t.type = 'personal');`,
).join('\n')}
COMMIT;`;

const STAGING = { mapping: 'students', createStaging: CREATE_STAGING, columns: FIELDS.map(([name]) => name) };

export const STUDENTS_INSERT_ONLY: Floor = { ...STAGING, load: INSERT_ONLY };
export const STUDENTS_COMPARE: Floor = { ...STAGING, load: COMPARE_AND_WRITE };
