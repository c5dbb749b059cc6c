import { describe, expect, it } from '@jest/globals';
import { inputText, linkText } from '../../src/cli/column-text.ts';
import type { Input } from '../../src/config/mapping.ts';
import type { Link, LinkLookup } from '../../src/config/link.ts';

const position = { file: 'mappings/people.yaml', line: 1, column: 1 };
const call = { name: 'nonprofit.school_of', args: {}, position };
const fields = (...paths: string[]) => ({ kind: 'fields', paths, indexes: [], join: null }) as const;
const way = { split: [], transforms: [], map: null, lookup: 0 };

describe('where a value comes from', () => {
  it.each<[string, Input, string]>([
    ['the first of several fields that is not blank', fields('Email', 'HomeEmail'), 'Email or HomeEmail'],
    ['fields put together', { ...fields('Street', 'City'), join: ', ' }, 'Street and City with ", " between'],
    ['a constant', { kind: 'constant', value: 'student' }, '= student'],
    ['null', { kind: 'constant', value: null }, '= null'],
    ['an expression', { kind: 'expression', text: 'years(birthdate, today)\n', position }, '= years(birthdate, today)'],
    [
      'a side query',
      { kind: 'resolved', resolver: { kind: 'lookup', name: 'case_contact' }, paths: ['RelatedToId'], indexes: [] },
      'lookup case_contact(RelatedToId)',
    ],
    [
      "a plugin's function",
      { kind: 'resolved', resolver: { kind: 'function', call }, paths: ['A', 'B'], indexes: [] },
      'nonprofit.school_of(A, B)',
    ],
    [
      'the first way that gives a value',
      {
        kind: 'first_of',
        alternatives: [
          { ...way, input: fields('ToAddress'), split: [','] },
          { ...way, input: { kind: 'constant', value: 'none' } },
        ],
      },
      'ToAddress split at ,, else = none',
    ],
  ])('can be %s', (_what, input, text) => {
    expect(inputText({ input, split: [] })).toBe(text);
  });

  it('can be items of a list', () => {
    expect(inputText({ input: fields('Skills__c'), split: [';', ','] })).toBe('Skills__c split at ; ,');
  });
});

describe('a link in words', () => {
  const district: LinkLookup = {
    table: 'district',
    by: 'name',
    byTable: 'district',
    value: 'id',
    valueTable: 'district',
    unique: true,
    ignoreCase: false,
    aliases: null,
    mappings: ['districts'],
  };
  const link: Link = { lookups: [district], candidates: false, onMissing: 'wait', create: null, phase: null };

  it.each<[string, Partial<Link>, string]>([
    ['its parent and what happens without', {}, 'link district.name, on_missing wait'],
    ['the phase that resolves it', { phase: 'later' }, 'link district.name, on_missing wait, in later'],
    [
      'other names, in any case',
      {
        lookups: [{ ...district, ignoreCase: true, aliases: { table: 'district_alias', by: 'alias', value: 'id' } }],
      },
      'link district.name in any case or district_alias.alias, on_missing wait',
    ],
    [
      'several parents, each once',
      { lookups: [district, district, { ...district, table: 'school' }] },
      'link district.name or school.name, on_missing wait',
    ],
    [
      'what a parent is made from',
      {
        onMissing: 'create',
        create: { copy: [{ table: 'school', by: 'id', columns: [], values: [] }], values: [], otherwise: 'wait' },
      },
      'link district.name, on_missing create from school',
    ],
  ])('tells %s', (_what, more, text) => {
    expect(linkText({ ...link, ...more })).toBe(text);
  });
});
