import { describe, expect, it } from '@jest/globals';
import { type Held, looksPersonal, namesPeople } from '../../src/privacy/personal-names.ts';

describe('a name that looks personal', () => {
  it.each<[string, Held]>([
    ['FirstName', 'text'],
    ['npe01__HomeEmail__c', 'text'],
    ['Home E-Mail', 'text'],
    ['Racial_Ethnic_Background__c', 'text'],
    ['MailingStreet', 'text'],
    ['home_address', 'text'],
    ['phone', 'number'],
    ['Is_Hispanic__c', 'mark'],
    ['Birthdate', 'time'],
    ['Local_Student_ID__c', 'text'],
  ])('is %s, whoever it is about', (name, held) => {
    expect(looksPersonal(name, held, false)).toBe(true);
  });

  it.each<[string, Held]>([
    ['HasOptedOutOfEmail', 'mark'],
    ['EmailBouncedDate', 'time'],
    ['Trace_Code__c', 'text'],
    ['Name', 'text'],
    ['City__c', 'text'],
  ])('is not %s of what is no person', (name, held) => {
    expect(looksPersonal(name, held, false)).toBe(false);
  });

  it.each(['Name', 'MailingCity', 'Title', 'Suffix'])('is %s of a person', (name) => {
    expect(looksPersonal(name, 'text', true)).toBe(true);
  });
});

describe('a name of people', () => {
  it.each(['Contact', 'users', 'Campaign_Member__c', 'volunteer'])('is %s', (name) => {
    expect(namesPeople(name)).toBe(true);
  });

  it.each(['School__c', 'contact_type', 'event'])('is not %s', (name) => {
    expect(namesPeople(name)).toBe(false);
  });
});
