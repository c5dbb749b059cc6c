import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { maskRecord, maskValue } from '../../src/privacy/mask-record.ts';

describe('a masked value', () => {
  it.each([
    ['', ''],
    ['Zoe', '[text, up to 5 characters]'],
    ['zoe@example.org', '[e-mail address, up to 20 characters]'],
    ['2010-02-28', '[date, up to 20 characters]'],
    ['2010-02-28T01:02:03.000Z', '[date and time, up to 50 characters]'],
    ['003VX00000AbCdEAAV', '[Salesforce id, up to 20 characters]'],
    ['-12.5', '[number, up to 5 characters]'],
    ['  ', '[blank text, up to 5 characters]'],
    ['a\0b', '[text with a NUL character, up to 5 characters]'],
    ['x'.repeat(131_073), '[text, more than 131072 characters]'],
  ])('of %j is %j', (value, masked) => {
    expect(maskValue(value)).toBe(masked);
  });

  it('is the same for very many values', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{6,20}$/), (value) => {
        expect(maskValue(value)).toBe('[text, up to 20 characters]');
      }),
    );
  });
});

describe('a masked record', () => {
  const record = { Id: '003VX00000AbCdEAAV', LastName: 'Canary', Email: '' };

  it('shows which fields are filled, and only revealed values', () => {
    expect(maskRecord(record, new Set(['Id']))).toEqual({
      Id: '003VX00000AbCdEAAV',
      LastName: '[text, up to 20 characters]',
      Email: '',
    });
  });

  it('shows all to whoever asks for all', () => {
    expect(maskRecord(record, 'all')).toEqual(record);
  });
});
