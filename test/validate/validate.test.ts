import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordCells } from '../../src/config/cells.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import { KEEP, type MappedBatch, type MappedRecord } from '../../src/flow/mapped-batch.ts';
import { compileTransform } from '../../src/transform/transform.ts';
import { compileValidation } from '../../src/validate/validate.ts';
import { mappingOf, repositoryProject } from '../support/project.ts';
import { contactId, sourceBatch } from '../support/records.ts';

let students: Mapping;

beforeAll(async () => {
  students = mappingOf(await repositoryProject(), 'students');
});

const DEPS = { functions: null, today: '2026-01-15' };
const PERSON = { Id: contactId(1), FirstName: 'Ada', LastName: 'Okafor' };

function check(fields: Readonly<Record<string, string>>): MappedBatch {
  const batch = sourceBatch(students, [{ ...PERSON, ...fields }]);
  return compileValidation(students, DEPS)(compileTransform(students, DEPS)(batch));
}

function cell(batch: MappedBatch, column: string): MappedRecord['cells'][number] | undefined {
  const place = recordCells(students).findIndex((candidate) => candidate.column.column.name === column);
  return batch.records[0]?.cells[place];
}

describe('a student on the way to its rows', () => {
  it.each(['FirstName', 'LastName'])('is quarantined without %s, and nothing else is', (field) => {
    const batch = check({ [field]: '   ' });

    expect(batch.records).toEqual([]);
    expect(batch.rejections).toMatchObject([{ sourceId: PERSON.Id, code: 'MISSING_REQUIRED_FIELD', field }]);
  });

  it('is quarantined with a last name that the column cannot hold', () => {
    expect(check({ LastName: 'x'.repeat(51) }).rejections).toMatchObject([
      { code: 'VALUE_TOO_LONG', column: 'contact.last_name' },
    ]);
  });

  it('keeps a shortened middle name, and counts it', () => {
    const batch = check({ MiddleName: 'é'.repeat(60) });

    expect(cell(batch, 'middle_name')).toBe('é'.repeat(50));
    expect([...batch.warnings]).toEqual([['VALUE_TOO_LONG contact.middle_name', 1]]);
  });

  it.each([
    ['K', '0'],
    ['9.0', '9'],
    ['', null],
  ])('grade %j becomes %j', (value, expected) => {
    const batch = check({ Current_Grade__c: value });

    expect(cell(batch, 'current_grade')).toBe(expected);
    expect(batch.warnings.size).toBe(0);
  });

  it.each([
    ['13', 'OUT_OF_RANGE'],
    ['-1', 'OUT_OF_RANGE'],
    ['PK', 'INVALID_NUMBER'],
  ])('grade %j is left out with a warning', (value, code) => {
    const batch = check({ Current_Grade__c: value });

    expect(cell(batch, 'current_grade')).toBeNull();
    expect([...batch.warnings.keys()]).toEqual([`${code} student.current_grade`]);
  });

  it.each([
    ['Male', 'male', 0],
    ['non-binary', 'non_binary', 0],
    ['na', 'prefer_not_to_say', 0],
    ['', KEEP, 0],
    ['Unheard of', KEEP, 1],
    ['constructor', KEEP, 1],
  ])('gender %j becomes %p', (value, expected, warnings) => {
    const batch = check({ Gender__c: value });

    expect(cell(batch, 'gender')).toBe(expected);
    expect(batch.warnings.size).toBe(warnings);
  });

  it('refers to its school by the long form of the id', () => {
    expect(cell(check({ npsp__Primary_Affiliation__c: '001A0000006Vm9r' }), 'school_id')).toBe('001A0000006Vm9rIAC');
  });

  it('loses a NUL character, and it is counted', () => {
    const batch = check({ FirstName: 'A\0da' });

    expect(cell(batch, 'first_name')).toBe('Ada');
    expect([...batch.warnings.keys()]).toEqual(['INVALID_TEXT contact.first_name']);
  });

  it('gets one e-mail row, in lower case', () => {
    expect(check({ Email: ' Ada@Example.ORG ' }).records[0]?.children[0]).toEqual([
      expect.arrayContaining(['ada@example.org', 'personal', 'true']),
    ]);
  });

  it.each(['', '  '])('gets no e-mail row for %j', (value) => {
    const batch = check({ Email: value });

    expect(batch.records[0]?.children[0]).toEqual([null]);
    expect(batch.warnings.size).toBe(0);
  });

  it('loses a bad e-mail address, but not its row', () => {
    const batch = check({ Email: 'ada at example' });

    expect(batch.records[0]?.children[0]).toEqual([null]);
    expect([...batch.warnings.keys()]).toEqual(['INVALID_EMAIL email.email']);
  });

  it('is quarantined without a Salesforce id', () => {
    expect(check({ Id: '' }).rejections).toMatchObject([{ code: 'MISSING_SF_ID', column: null }]);
  });

  it('is quarantined when its bytes were no text', () => {
    const batch = sourceBatch(students, [PERSON]);
    const broken = {
      ...batch,
      records: batch.records.map((record) => ({ ...record, broken: 'INVALID_TEXT' as const })),
    };

    expect(compileTransform(students, DEPS)(broken).rejections).toMatchObject([{ code: 'INVALID_TEXT' }]);
  });
});
