import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import { lintProject, type LintResult } from '../../src/lint/lint-project.ts';
import { planRun } from '../../src/plan/plan-run.ts';

let result: LintResult;
let project: Project;
let students: Mapping;

beforeAll(async () => {
  result = await lintProject({ file: 'sync.config.yaml', environment: {} });
  if (result.project === null) throw new Error('the project of this repository cannot be read');
  project = result.project;
  students = mappingOf('students');
});

function mappingOf(name: string): Mapping {
  const mapping = project.mappings.find((candidate) => candidate.name === name);
  if (mapping === undefined) throw new Error(`there is no mapping ${name}`);
  return mapping;
}

function column(path: string) {
  const [table = '', name = ''] = path.split('.');
  const columns = students.tables.find((mapped) => mapped.table.name === table)?.columns ?? [];
  return columns.find((mapped) => mapped.column.name === name);
}

describe('the project of this repository', () => {
  it('has not a single problem', () => {
    expect(result.problems).toEqual([]);
  });

  it('needs no account, no database and no environment to begin with', () => {
    expect(project.salesforce.auth).toBe('demo');
    expect(project.database.url).toBe('embedded');
  });

  it('reads parents before children', () => {
    const { steps } = planRun(project, { select: [], exclude: [], phase: null });

    expect(steps.map(({ phase, mapping, kind }) => `${phase} ${mapping.name} ${kind}`)).toEqual([
      'reference districts read',
      'reference organizations read',
      'reference schools read',
      'reference classes read',
      'reference school-levels read',
      'people students read',
      'people teachers read',
      'people volunteers read',
      'assign-schools students link',
      'activity affiliations read',
      'activity events read',
      'activity history.emails read',
      'activity pathways read',
      'activity pathway-participants read',
      'activity unaffiliated-events read',
      'activity event-participants read',
      'activity history.tasks read',
      'activity pathway-sessions read',
      'activity student-participants read',
    ]);
  });

  it.each([
    ['districts', 'schools'],
    ['schools', 'school-levels'],
    ['schools', 'classes'],
    ['classes', 'students'],
    ['volunteers', 'affiliations'],
    ['organizations', 'affiliations'],
    ['schools', 'affiliations'],
    ['districts', 'affiliations'],
    ['schools', 'events'],
    ['districts', 'events'],
    ['events', 'unaffiliated-events'],
    ['events', 'event-participants'],
    ['unaffiliated-events', 'event-participants'],
    ['volunteers', 'event-participants'],
    ['events', 'student-participants'],
    ['unaffiliated-events', 'student-participants'],
    ['students', 'student-participants'],
    ['students', 'history.emails'],
    ['teachers', 'history.emails'],
    ['volunteers', 'history.tasks'],
    ['events', 'history.tasks'],
    ['pathways', 'pathway-sessions'],
    ['events', 'pathway-sessions'],
    ['pathways', 'pathway-participants'],
    ['volunteers', 'pathway-participants'],
  ])('reads %s before %s', (parent, child) => {
    const { steps } = planRun(project, { select: [], exclude: [], phase: null });
    const names = steps.filter(({ kind }) => kind === 'read').map(({ mapping }) => mapping.name);

    expect(names).toContain(parent);
    expect(names.indexOf(parent)).toBeLessThan(names.indexOf(child));
  });

  it('shows nothing of a record but its id', () => {
    expect(project.privacy.reveal).toEqual(['Id']);
  });

  it('marks every column that says something about a child as personal', () => {
    const open = [...project.tables.values()].flatMap(({ name, columns }) =>
      columns.filter(({ pii }) => !pii).map((one) => `${name}.${one.name}`),
    );

    const personal =
      /first_name|last_name|middle_name|birth|gender|race|racial|ethnic|\.email$|number|notes|grade|student_id|lunch|language|gifted/;
    const keys = /^event_student_participation.student_id$/;
    expect(open.filter((name) => personal.test(name) && !keys.test(name))).toEqual([]);
  });
});

describe('students', () => {
  it('become a contact, a student with the same id, an e-mail and a phone', () => {
    expect(students.tables.map(({ table, role }) => `${table.name} ${role}`)).toEqual([
      'contact root',
      'student extension',
      'email child',
      'phone child',
    ]);
    expect(project.tables.get('student')?.columns[0]?.references).toEqual({
      table: 'contact',
      column: 'id',
      onDelete: 'cascade',
    });
  });

  it('keep the account that the app has given them', () => {
    expect(column('contact.salesforce_account_id')?.write).toBe('once');
  });

  it('keep gender and background when Salesforce is blank', () => {
    expect(column('contact.gender')?.onNull).toBe('keep');
    expect(column('student.racial_ethnic')?.onNull).toBe('keep');
  });

  it.each([
    ['male', 'male'],
    ['non-binary', 'non_binary'],
    ['non binary', 'non_binary'],
    ['na', 'prefer_not_to_say'],
    ['unicorn', undefined],
  ])('have the gender %s as %s', (value, expected) => {
    expect(column('contact.gender')?.map?.values[value]).toBe(expected);
  });

  it('are not lost for a birthday or a grade that is none', () => {
    expect(column('contact.birthdate')?.onInvalid).toBe('null');
    expect(column('student.current_grade')?.onInvalid).toBe('null');
    expect(column('student.current_grade')?.transforms.map(({ name }) => name)).toContain('grade');
  });

  it('wait for a school that is not here, in a phase of its own', () => {
    expect(column('student.school_id')?.link).toMatchObject({
      lookups: [{ table: 'school', by: 'id', value: 'id' }],
      onMissing: 'wait',
      phase: 'assign-schools',
    });
  });

  it.each(['email', 'phone'])('have one personal, primary %s, found again by its kind', (name) => {
    const child = students.tables.find(({ table }) => table.name === name);

    expect(child).toMatchObject({
      parent: { table: 'contact', column: 'contact_id' },
      key: ['contact_id', 'type'],
      onePrimary: 'primary',
    });
    expect(child?.each).toHaveLength(1);
  });

  it('are loaded without the e-mail when the address is none', () => {
    expect(column('email.email')).toMatchObject({ format: 'email', onInvalid: 'null' });
  });

  it('leave alone what belongs to the app', () => {
    const local = [...project.tables.values()].flatMap((table) =>
      table.columns.filter(({ owner }) => owner === 'local').map(({ name }) => `${table.name}.${name}`),
    );

    expect(local).toEqual(
      expect.arrayContaining([
        'student.active',
        'student.teacher_id',
        'student.school_code',
        'student.ell_language',
        'student.gifted',
        'student.lunch_status',
        'contact.exclude_from_reports',
      ]),
    );
  });

  it('cut to length what Salesforce allows to be longer, but never a name', () => {
    const cut = students.tables.flatMap(({ table, columns }) =>
      columns
        .filter(({ transforms }) => transforms.some(({ name }) => name === 'truncate'))
        .map((mapped) => `${table.name}.${mapped.column.name}`),
    );

    expect(cut).toEqual(['contact.middle_name', 'student.student_id', 'student.legacy_grade', 'student.racial_ethnic']);
  });
});

describe('classes', () => {
  it('are not written before their school is here', () => {
    const classes = mappingOf('classes');
    const school = classes.tables[0]?.columns.find((mapped) => mapped.column.name === 'school_salesforce_id');

    expect(school).toMatchObject({
      required: true,
      column: { required: true },
      link: { onMissing: 'wait', phase: null },
    });
  });
});

describe('schools', () => {
  it('keep the raw district beside the link to ours', () => {
    const schools = mappingOf('schools');
    const fed = schools.tables[0]?.columns.filter(
      ({ input }) => input.kind === 'fields' && input.paths.includes('ParentId'),
    );

    expect(fed?.map((mapped) => mapped.column.name)).toEqual(['district_id', 'salesforce_district_id']);
    expect(fed?.[0]?.link).toMatchObject({
      lookups: [{ table: 'district', by: 'salesforce_id', value: 'id' }],
    });
  });
});

describe('the files', () => {
  it('name their schema, so that an editor helps', () => {
    for (const file of globSync('mappings/*.yaml')) {
      expect(readFileSync(file, 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/mapping/);
    }
  });
});
