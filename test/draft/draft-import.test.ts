import { beforeAll, describe, expect, it } from '@jest/globals';
import { format } from 'prettier';
import { parse } from 'yaml';
import type { Project } from '../../src/config/project.ts';
import type { Wanted } from '../../src/draft/choose-fields.ts';
import { type Draft, draftImport } from '../../src/draft/draft-import.ts';
import { described, draftOf, field, linesOf, loadedProject, smallProject } from './described.ts';

let project: Project;

beforeAll(async () => {
  project = await loadedProject(smallProject());
});

const TABLE = 'mappings/tables/gift.yaml';
const MAPPING = 'mappings/gifts.yaml';

function gift(...fields: Parameters<typeof described>[1]): Draft {
  return draftOf(described('Gift__c', fields), project);
}

/** What the table file says of a column, and the mapping. */
function column(draft: Draft, name: string): { table: string[]; mapping: string[] } {
  const wanted = new RegExp(`^${name}:`, 'u');
  return { table: linesOf(draft, TABLE, wanted), mapping: linesOf(draft, MAPPING, wanted) };
}

describe('the type of a column', () => {
  it.each([
    ['string', { length: 80 }, 'string(80)'],
    ['textarea', { length: 32_000 }, 'text'],
    ['int', {}, 'integer'],
    ['double', { precision: 4, scale: 0 }, 'integer'],
    ['double', { precision: 18, scale: 0 }, 'bigint'],
    ['double', { precision: 10, scale: 2 }, "'numeric(10,2)'"],
    ['currency', { precision: 18, scale: 2 }, "'numeric(18,2)'"],
    ['percent', { precision: 5, scale: 1 }, "'numeric(5,1)'"],
    ['date', {}, 'date'],
    ['datetime', {}, 'timestamp'],
    ['time', {}, 'string(20)'],
    ['url', { length: 255 }, 'string(255)'],
    ['id', { length: 18 }, 'string(18)'],
    ['reference', { referenceTo: ['Unheard__c'] }, 'string(18)'],
    ['multipicklist', { length: 4099 }, 'text'],
  ])('of %s %o is %s', (type, more, expected) => {
    const draft = gift(field('A_Thing__c', type, more));

    expect(column(draft, type === 'reference' ? 'a_thing_salesforce_id' : 'a_thing').table).toEqual([
      `${type === 'reference' ? 'a_thing_salesforce_id' : 'a_thing'}: { type: ${expected} }`,
    ]);
  });

  it('has no limit where the org calculates the number, and says so', () => {
    const draft = gift(field('Total__c', 'currency', { precision: 18, scale: 2, calculated: true }));

    expect(column(draft, 'total').table).toEqual(['total: { type: numeric }']);
    expect(linesOf(draft, MAPPING, /^total: Total__c # calculated$/u)).toHaveLength(1);
    expect(linesOf(draft, MAPPING, /^refresh_formulas: 1d$/u)).toHaveLength(1);
  });
});

function unstamped(...fields: Parameters<typeof described>[1]): string[] {
  const all = described('Gift__c', fields);
  const description = { ...all, fields: all.fields.filter(({ name }) => name !== 'SystemModstamp') };
  return linesOf(draftOf(description, project), MAPPING, /^incremental/u);
}

describe('an object without SystemModstamp', () => {
  it('is read by what else moves with every change, or in full', () => {
    expect(unstamped(field('LastModifiedDate', 'datetime'))).toEqual(['incremental: { cursor: LastModifiedDate }']);
    expect(unstamped()).toEqual(['incremental: false']);
  });
});

describe('what the org demands', () => {
  it('is demanded of the column: filled, unique', () => {
    const draft = gift(
      field('Number__c', 'string', { length: 20, nillable: false, unique: true, externalId: true }),
      field('Code__c', 'string', { length: 20, externalId: true }),
    );

    expect(column(draft, 'number').table).toEqual(['number: { type: string(20), required: true, unique: true }']);
    expect(column(draft, 'code').table).toEqual(['code: { type: string(20), index: true }']);
  });

  it('is not demanded where the org fills it in by itself', () => {
    const draft = gift(field('Stage__c', 'string', { length: 20, nillable: false, defaulted: true }));

    expect(column(draft, 'stage').table).toEqual(['stage: { type: string(20) }']);
  });

  it('makes a checkbox false until told', () => {
    expect(column(gift(field('Is_Open__c', 'boolean')), 'is_open').table).toEqual([
      'is_open: { type: boolean, required: true, default: false }',
    ]);
    expect(column(gift(field('Is_Open__c', 'boolean')), 'is_open').mapping).toEqual([
      'is_open: { from: Is_Open__c, on_null: default }',
    ]);
  });
});

describe('label and help text', () => {
  it('describe the column where they say more than its name', () => {
    const draft = gift(
      field('Start_Date__c', 'date'),
      field('Amt__c', 'currency', { precision: 9, scale: 2, label: 'Amount', helpText: 'In dollars:\nnever blank' }),
    );

    expect(column(draft, 'start_date').table).toEqual(['start_date: { type: date }']);
    expect(column(draft, 'amt').table).toEqual([
      "amt: { type: 'numeric(9,2)', description: 'Amount: In dollars: never blank' }",
    ]);
  });
});

describe('a picklist', () => {
  it('becomes a map to words of ours, and an unknown value costs no record', () => {
    const draft = gift(field('Status__c', 'picklist', { picklist: ['In Progress', 'Non-binary', 'Café'] }));

    expect(column(draft, 'status').mapping).toEqual([
      "status: { from: Status__c, map: gift_status, on_unknown: 'null' }",
    ]);
    expect(parse(draft.files[2]?.text ?? '')).toMatchObject({
      map: 'gift_status',
      ignore_case: true,
      values: { 'In Progress': 'in_progress', 'Non-binary': 'non_binary', Café: 'cafe' },
    });
  });

  it('keeps apart what would become the same', () => {
    const draft = gift(field('Grade__c', 'picklist', { picklist: ['A+', 'A-', 'B', '!'] }));

    expect(parse(draft.files[2]?.text ?? '')).toMatchObject({ values: { 'A+': 'A+', 'A-': 'A-', B: 'b', '!': '!' } });
  });

  it('regards case where the org has two values that differ in nothing else', () => {
    const draft = gift(field('Size__c', 'picklist', { picklist: ['xl', 'XL'] }));
    const map: unknown = parse(draft.files[2]?.text ?? '');

    expect(map).toMatchObject({ values: { xl: 'xl', XL: 'XL' } });
    expect(map).not.toHaveProperty('ignore_case');
  });

  it('stays as it is when nobody would keep such a list', () => {
    const many = Array.from({ length: 200 }, (_, index) => `Zone ${index}`);
    const draft = gift(field('Zone__c', 'picklist', { picklist: many }));

    expect(draft.files).toHaveLength(2);
    expect(column(draft, 'zone').mapping).toEqual(['zone: Zone__c']);
  });
});

describe('a picklist of several values', () => {
  it('is kept in one text, with a word on how to make rows of it', () => {
    const draft = gift(field('Skills__c', 'multipicklist', { picklist: ['A', 'B'] }));

    expect(column(draft, 'skills').mapping).toEqual(['skills: Skills__c']);
    expect(linesOf(draft, MAPPING, /split: \[';'\]/u)).toHaveLength(1);
  });
});

describe('a lookup', () => {
  it('becomes a link and the raw reference where a table is filled from its object', () => {
    const draft = gift(field('Class__c', 'reference', { referenceTo: ['Class__c'] }));

    expect(column(draft, 'class_id')).toEqual({
      table: ['class_id: { type: integer, references: class.id, on_delete: set_null, index: true }'],
      mapping: ['class_id: { from: Class__c, transform: [salesforce_id], link: class, on_missing: wait }'],
    });
    expect(column(draft, 'class_salesforce_id')).toEqual({
      table: ['class_salesforce_id: { type: string(18) }'],
      mapping: ['class_salesforce_id: { from: Class__c, transform: [salesforce_id] }'],
    });
    expect(draft.links).toEqual([{ column: 'class_id', table: 'class' }]);
  });

  it('finds a person whatever their kind: the kinds share one table', () => {
    expect(gift(field('Donor__c', 'reference', { referenceTo: ['Contact'] })).links).toEqual([
      { column: 'donor_id', table: 'contact' },
    ]);
  });

  it('takes the table that it is named for, when several hold records of its object', () => {
    expect(gift(field('Home_School__c', 'reference', { referenceTo: ['Account'] })).links).toEqual([
      { column: 'home_school_id', table: 'school' },
    ]);
  });

  it('is left raw when nothing tells which of several tables is meant, and says how to link it', () => {
    const draft = gift(field('AccountId', 'reference', { referenceTo: ['Account'] }));

    expect(draft.links).toEqual([]);
    expect(column(draft, 'account_salesforce_id').mapping).toHaveLength(1);
    expect(linesOf(draft, MAPPING, /^#(   account_| The id of an Account; district and school hold some\.)/u)).toEqual([
      '# The id of an Account; district and school hold some. To link them, here and in the table file:',
      "#   account_district_id: { from: AccountId, transform: [salesforce_id], link: district, on_missing: 'null' }",
      '#   account_district_id: { type: integer, references: district.id, on_delete: set_null, index: true }',
    ]);
  });

  it('is left raw when it may name records of several objects', () => {
    const draft = gift(field('WhoId', 'reference', { referenceTo: ['Contact', 'Lead'] }));

    expect(draft.links).toEqual([]);
    expect(linesOf(draft, MAPPING, /^# The id of a Contact or Lead; contact holds some/u)).toHaveLength(1);
  });

  it('may name a record of its own kind', () => {
    const draft = gift(field('ParentId', 'reference', { referenceTo: ['Gift__c'] }));

    expect(column(draft, 'parent_id').table).toEqual([
      'parent_id: { type: integer, references: gift.id, on_delete: set_null, index: true }',
    ]);
  });

  it('is not linked to an import that waits for this one', () => {
    // Classes link to schools.
    const description = described('Account', [field('Class__c', 'reference', { referenceTo: ['Class__c'] })]);
    const names = { mapping: 'schools', table: 'school', phase: 'reference' };

    expect(draftImport({ description, wanted: { kind: 'usual' }, names }, project).links).toEqual([]);
  });
});

describe('what is personal', () => {
  it('is marked, and more rather than less', () => {
    const draft = draftOf(
      described('Case_Note__c', [
        field('FirstName', 'string', { length: 40 }),
        field('LastName', 'string', { length: 80 }),
        field('Home_Email__c', 'email', { length: 80 }),
        field('Cell__c', 'phone', { length: 40 }),
        field('Ethnic_Background__c', 'string'),
        field('Is_Hispanic__c', 'boolean'),
        field('MailingCity', 'string'),
        field('Last_Email_Date__c', 'date'),
        field('Trace_Code__c', 'string'),
      ]),
      project,
    );

    expect(draft.personal).toEqual([
      'first_name',
      'last_name',
      'home_email',
      'cell',
      'ethnic_background',
      'is_hispanic',
      'mailing_city',
    ]);
  });

  it('depends on whether the records are people', () => {
    expect(gift(field('City__c', 'string')).personal).toEqual([]);
  });
});

describe('what is left out', () => {
  const description = described('Gift__c', [
    field('Name', 'string', { length: 80 }),
    field('OwnerId', 'reference', { referenceTo: ['Group', 'User'] }),
    field('CreatedDate', 'datetime'),
    field('BillingCity', 'string', { length: 40, compoundFieldName: 'BillingAddress' }),
    field('BillingAddress', 'address'),
    field('Place__c', 'location'),
    field('Place__Latitude__s', 'double', { precision: 18, scale: 15, compoundFieldName: 'Place__c' }),
    field('Photo__c', 'base64'),
    field('Secret__c', 'encryptedstring', { length: 100 }),
  ]);
  const leftOut = (wanted: Wanted): string[] => draftOf(description, project, wanted).leftOut.map((one) => one.field);

  it('is what the org keeps for itself, compounds, files, and what would come masked', () => {
    expect(leftOut({ kind: 'usual' })).toEqual([
      'OwnerId',
      'CreatedDate',
      'BillingAddress',
      'Place__c',
      'Photo__c',
      'Secret__c',
    ]);
  });

  it('is told in the file', () => {
    const draft = draftOf(description, project);

    expect(linesOf(draft, MAPPING, /^# Left out as housekeeping of the org: OwnerId, CreatedDate\.$/u)).toHaveLength(1);
  });

  it('is less when all fields are wanted', () => {
    expect(leftOut({ kind: 'all' })).toEqual(['BillingAddress', 'Place__c', 'Photo__c', 'Secret__c']);
  });

  it('is all that was not named, without a word', () => {
    const draft = draftOf(description, project, { kind: 'named', names: ['name', 'OwnerId'] });

    expect(draft.leftOut).toEqual([]);
    expect(linesOf(draft, MAPPING, /^SELECT/u)).toEqual(['SELECT Id, Name, OwnerId, SystemModstamp']);
  });

  it('is no name of a business, though a person has one in parts', () => {
    const parts = ['FirstName', 'LastName'].map((name) => field(name, 'string', { compoundFieldName: 'Name' }));
    const [ofPerson, ofBusiness] = [false, true].map((createable) => {
      const name = field('Name', 'string', { compoundFieldName: 'Name', createable });
      return draftOf(described('Gift__c', [...parts, name]), project).leftOut.map((one) => one.field);
    });

    expect(ofPerson).toEqual(['Name']);
    expect(ofBusiness).toEqual([]);
  });

  it('cannot be what is not there', () => {
    expect(() => leftOut({ kind: 'named', names: ['Nmae'] })).toThrow(
      expect.objectContaining({ code: 'ORG_FIELD_MISSING', actions: expect.arrayContaining(['Did you mean "Name"?']) }),
    );
  });
});

describe('the names of columns', () => {
  it('never meet those that the draft brings along', () => {
    const draft = gift(field('Salesforce_ID__c', 'string'), field('Updated_At__c', 'datetime'), field('Order', 'int'));

    expect(linesOf(draft, TABLE, /^(salesforce_id_custom|updated_at_custom|order):/u)).toHaveLength(3);
  });
});

describe('the files', () => {
  it('are as Prettier leaves them, whatever the org says', async () => {
    const draft = gift(
      ...Array.from({ length: 30 }, (_, index) => field(`A_Rather_Long_Field_Name_${index}__c`, 'string')),
      field('Odd__c', 'string', { label: 'It\'s "odd": #1, {really}', helpText: 'x '.repeat(120) }),
      field('Status__c', 'picklist', { picklist: ['no', 'Yes, really', "it's", '"', 'a: b', '1'] }),
      field('Parent__c', 'reference', { referenceTo: ['Gift__c'] }),
      field('Any__c', 'reference', { referenceTo: ['Account', 'Contact', 'Class__c'] }),
    );

    for (const { path, text } of draft.files) {
      expect([path, await format(text, { parser: 'yaml', printWidth: 120, singleQuote: true })]).toEqual([path, text]);
    }
  });
});
