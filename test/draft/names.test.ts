import { describe, expect, it } from '@jest/globals';
import { importName, NameBook, relationName, snakeName } from '../../src/draft/names.ts';

describe('the name of a column', () => {
  it.each([
    ['Name', 'name'],
    ['StartDate', 'start_date'],
    ['NumberOfWonOpportunities', 'number_of_won_opportunities'],
    ['npe5__StartDate__c', 'start_date'],
    ['npsp__Primary_Affiliation__c', 'primary_affiliation'],
    ['School_Code_External_ID__c', 'school_code_external_id'],
    ['SMSOptOut__c', 'sms_opt_out'],
    ['PersonEmail__pc', 'person_email'],
    ['Place__Latitude__s', 'place_latitude'],
    ['maps__Place__Latitude__s', 'place_latitude'],
    ['Is_18__c', 'is_18'],
  ])('of %s is %s', (apiName, column) => {
    expect(snakeName(apiName)).toBe(column);
  });

  it('is never longer than the database allows', () => {
    expect(snakeName('aB'.repeat(40)).length).toBeLessThanOrEqual(63);
  });
});

describe('the name of a relation', () => {
  it.each([
    ['AccountId', 'account'],
    ['School__c', 'school'],
    ['npe5__Contact__c', 'contact'],
    ['Parent_ID__c', 'parent'],
    ['Id__c', 'id'],
  ])('of %s is %s', (apiName, relation) => {
    expect(relationName(apiName)).toBe(relation);
  });
});

describe('the name of an import', () => {
  it.each([
    ['Campaign', 'campaigns'],
    ['CampaignMember', 'campaign-members'],
    ['Class__c', 'classes'],
    ['Opportunity', 'opportunities'],
    ['Day__c', 'days'],
    ['Pathway_Session__c', 'pathway-sessions'],
  ])('of %s is %s', (object, name) => {
    expect(importName(object)).toBe(name);
  });
});

describe('two fields with one name', () => {
  it('are told apart by namespace, by being custom, then by number', () => {
    const book = new NameBook(['id']);

    const names = [
      book.take('status', 'Status'),
      book.take('status', 'npsp__Status__c'),
      book.take('status', 'Status__c'),
      book.take('status', 'Status__pc'),
      book.take('id', 'Id__c'),
    ];

    expect(names).toEqual(['status', 'npsp_status', 'status_custom', 'status_2', 'id_custom']);
  });

  it('stay within the length of a name, ending included', () => {
    const book = new NameBook([]);

    const names = [1, 2, 3].map(() => book.take('a'.repeat(63), 'A__c', '_id'));

    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => name.length <= 63 && name.endsWith('_id'))).toBe(true);
  });
});
