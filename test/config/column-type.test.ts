import { describe, expect, it } from '@jest/globals';
import { columnType, rangeCheck, typeText } from '../../src/config/column-type.ts';
import { misfit } from '../../src/config/value-fits.ts';

describe('a column type', () => {
  it.each([
    'string(18)',
    'text',
    'integer',
    'bigint',
    'numeric(10,2)',
    'numeric',
    'float',
    'boolean',
    'date',
    'timestamp',
    'json',
    'uuid',
  ])('reads %s and writes it again', (text) => {
    expect(typeText(columnType(text, []))).toBe(text);
  });
});

describe('a range', () => {
  it.each([
    ['between 0 and 12', { min: 0, max: 12, minExclusive: false, maxExclusive: false }],
    ['>= 0', { min: 0, max: null, minExclusive: false, maxExclusive: false }],
    ['> 0 and <= 1.5', { min: 0, max: 1.5, minExclusive: true, maxExclusive: false }],
    ['< -3', { min: null, max: -3, minExclusive: false, maxExclusive: true }],
  ])('reads %s', (text, range) => {
    expect(rangeCheck(text)).toEqual(range);
  });

  it.each(['', 'between 12 and 0', '> 1 and > 2', '> 1 and < 1', 'x > 3', '1 = 1; drop table student'])(
    'refuses %s',
    (text) => {
      expect(rangeCheck(text)).toBeNull();
    },
  );
});

describe('a constant', () => {
  const range = { min: 0, max: 12, minExclusive: false, maxExclusive: false };

  it.each([
    ['12', 'integer'],
    ['-2147483648', 'integer'],
    ['9223372036854775807', 'bigint'],
    ['12345678.90', 'numeric(10,2)'],
    ['1e3', 'float'],
    ['true', 'boolean'],
    ['2024-02-29', 'date'],
    ['2024-02-29T10:00:00Z', 'timestamp'],
    ['{"a":1}', 'json'],
    ['🦊🦊', 'string(2)'],
  ])('%s fits %s', (value, type) => {
    expect(misfit(value, { type: columnType(type, []), check: null })).toBeNull();
  });

  it.each([
    ['1.5', 'integer'],
    ['2147483648', 'integer'],
    ['123456789.0', 'numeric(10,2)'],
    ['1.234', 'numeric(10,2)'],
    ['', 'numeric'],
    ['Infinity', 'float'],
    ['yes', 'boolean'],
    ['2023-02-29', 'date'],
    ['03/05/2024', 'date'],
    ['{', 'json'],
    ['abc', 'string(2)'],
    ['1', 'uuid'],
  ])('%s does not fit %s', (value, type) => {
    expect(misfit(value, { type: columnType(type, []), check: null })).toEqual(expect.any(String));
  });

  it('must be in the range and among the values of its column', () => {
    expect(misfit('13', { type: { kind: 'integer' }, check: range })).toContain('>= 0 and <= 12');
    expect(misfit('c', { type: columnType('enum', ['a', 'b']), check: null })).toContain('a, b');
  });
});
