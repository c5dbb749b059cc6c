import { describe, expect, it } from '@jest/globals';
import type { RunReport } from '../../src/flow/run-events.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

const SMALL = { students: 60, schools: 3 } as const;

function said({ drift }: RunReport): string[] {
  return drift.map(({ severity, kind, object, field }) => `${severity} ${kind} ${object}.${field ?? ''}`);
}

async function knownFields(rig: Rig, object: string): Promise<string[]> {
  return rig.column(
    `SELECT f->>'name' FROM sluice.source_object, jsonb_array_elements(fields) f WHERE object = '${object}' ORDER BY 1`,
  );
}

describe('a field that a mapping needs', () => {
  it('is told by its new name when it was renamed, before any data moves', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    rig.org.schema.rename('Contact', 'Class__c', 'Class_Section__c');
    const asked = rig.org.requests.length;

    const report = await rig.run();

    const students = step(report, 'people', 'students');
    expect(students).toMatchObject({ status: 'failed', counts: { read: 0 }, error: { code: 'ORG_FIELD_MISSING' } });
    expect(students.error?.message).toBe(
      'Contact.Class__c is not there any more: renamed to Class_Section__c? (same label) ' +
        'Or the permission to read it was lost.',
    );
    expect(said(report)).toEqual(['error missing Contact.Class__c']);
    expect(rig.org.requests.slice(asked).some(({ path }) => path.includes('/jobs/query'))).toBe(false);
  });

  it('stops its own mapping only', async () => {
    const rig = await openRig(SMALL);
    rig.org.schema.hide('Contact.Class__c');

    const report = await rig.run();

    expect(step(report, 'people', 'students').status).toBe('failed');
    expect(step(report, 'reference', 'schools').status).toMatch(/^succeeded/);
    expect(await rig.count('SELECT 1 FROM school')).toBe(3);
    expect(await rig.count('SELECT 1 FROM student')).toBe(0);
  });

  it('is told run after run until it is mended, and by what it was when all was well', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    rig.org.schema.hide('Contact.Class__c');
    await rig.run();

    const again = await rig.run();
    expect(again.drift[0]?.message).toContain('is not there any more');

    rig.org.schema.show('Contact.Class__c');
    const mended = await rig.run();
    expect(mended.drift).toEqual([]);
    expect(step(mended, 'people', 'students').counts).toMatchObject({ read: 60, unchanged: 60 });
  });

  it('is told when its whole object is out of sight', async () => {
    const rig = await openRig(SMALL);
    rig.org.schema.hide('Class__c');

    const report = await rig.run();

    expect(step(report, 'reference', 'classes')).toMatchObject({
      status: 'failed',
      error: { code: 'ORG_OBJECT_MISSING' },
    });
    expect(said(report)).toContain('error object_missing Class__c.');
  });
});

describe('a field that has changed', () => {
  it('is told, and the run goes on', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    rig.org.schema.shorten('Contact', 'Local_Student_ID__c', 10);
    rig.org.schema.retype('Contact', 'Legacy_Grade__c', 'double');

    const report = await rig.run();

    expect(said(report).toSorted()).toEqual([
      'warning retyped Contact.Legacy_Grade__c',
      'warning shortened Contact.Local_Student_ID__c',
    ]);
    expect(report.status).toMatch(/^succeeded/);
    expect((await rig.run()).drift).toEqual([]);
  });

  it('is told by a plan as well, which remembers nothing', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    rig.org.schema.shorten('Contact', 'Local_Student_ID__c', 10);

    const plan = await rig.run({}, { kind: 'plan' });
    const again = await rig.run({}, { kind: 'plan' });

    expect(said(plan)).toEqual(['warning shortened Contact.Local_Student_ID__c']);
    expect(again.drift).toEqual(plan.drift);
  });

  it('is remembered with no value of any record', async () => {
    const rig = await openRig(SMALL);

    await rig.run();

    expect(await knownFields(rig, 'Contact')).toEqual(expect.arrayContaining(['Class__c', 'FirstName', 'Id']));
    const [kept] = await rig.column(
      `SELECT f FROM sluice.source_object, jsonb_array_elements(fields) f WHERE object = 'Contact' AND f->>'name' = 'FirstName'`,
    );
    expect(kept).toBeDefined();
    const { rows } = await rig.database.query<{ keys: string[] }>(
      `SELECT array_agg(DISTINCT k ORDER BY k) AS keys FROM sluice.source_object, jsonb_array_elements(fields) f, jsonb_object_keys(f) k`,
    );
    expect(rows[0]?.keys).toEqual(
      ['name', 'label', 'type', 'length', 'nillable', 'defaulted', 'calculated', 'groupable']
        .concat(['referenceTo', 'relationshipName', 'picklist'])
        .toSorted(),
    );
  });
});

describe("a picklist's new value", () => {
  it('is told with the number of records that have it, before they are read', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    const [first = '', second = ''] = await rig.column(
      `SELECT salesforce_individual_id FROM contact WHERE type = 'student' LIMIT 2`,
    );
    rig.org.schema.addPicklistValue('Contact', 'Gender__c', 'Self-described');
    for (const id of [first, second]) rig.org.records.update('Contact', id, { Gender__c: 'Self-described' });

    const report = await rig.run();

    expect(report.drift).toMatchObject([
      { kind: 'new_values', object: 'Contact', field: 'Gender__c', records: 2, mappings: ['students'] },
    ]);
    expect(report.drift[0]?.message).toContain('Self-described (2 records)');
  });
});

describe('an object without the cursor', () => {
  it('stops its mapping with what to write instead', async () => {
    const rig = await openRig(SMALL, { incremental: true });
    rig.org.schema.hide('Account.SystemModstamp');

    const report = await rig.run();

    expect(step(report, 'reference', 'schools')).toMatchObject({ status: 'failed', error: { code: 'CURSOR_MISSING' } });
    expect(step(report, 'reference', 'schools').error?.message).toContain(
      'Write `incremental: { cursor: LastModifiedDate }` or `incremental: false`',
    );
  });
});

describe('another org', () => {
  it('is refused, with nothing read and nothing written', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    const other = await openRig({ ...SMALL, seed: 7 });
    const rows = await rig.count('SELECT 1 FROM student');

    const report = await rig.run({}, { org: other.org });

    expect(report).toMatchObject({ status: 'failed', steps: [], error: { code: 'ORG_CHANGED' } });
    expect(report.error?.message).toContain(rig.org.id);
    expect(report.error?.message).toContain(other.org.id);
    expect(await rig.count('SELECT 1 FROM student')).toBe(rows);
  });

  it('is refused by a plan as well', async () => {
    const rig = await openRig(SMALL);
    await rig.run();
    const other = await openRig({ ...SMALL, seed: 7 });

    const report = await rig.run({}, { org: other.org, kind: 'plan' });

    expect(report).toMatchObject({ status: 'failed', error: { code: 'ORG_CHANGED' } });
  });
});
