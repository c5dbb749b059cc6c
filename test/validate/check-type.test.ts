import { describe, expect, it } from '@jest/globals';
import type { Column, ColumnType } from '../../src/config/table.ts';
import { compileTypeCheck } from '../../src/validate/check-type.ts';

function check(type: ColumnType, text: string, range: Column['check'] = null): unknown {
  const column: Column = {
    name: 'c',
    type,
    required: false,
    generated: false,
    default: null,
    references: null,
    unique: false,
    index: false,
    check: range,
    owner: 'sync',
    touch: null,
    pii: false,
    description: '',
  };
  const result = compileTypeCheck(column)(text);
  return typeof result === 'string' ? result : result.code;
}

const between = (min: number, max: number) => ({ min, max, minExclusive: false, maxExclusive: false });

describe('a value is held against its column before the database sees it', () => {
  it.each<[ColumnType, string, string]>([
    [{ kind: 'string', length: 3 }, 'abc', 'abc'],
    [{ kind: 'string', length: 3 }, 'abcd', 'VALUE_TOO_LONG'],
    // PostgreSQL counts characters, JavaScript halves of them.
    [{ kind: 'string', length: 3 }, '👩👩👩', '👩👩👩'],
    [{ kind: 'string', length: 3 }, '👩👩👩👩', 'VALUE_TOO_LONG'],
    [{ kind: 'string', length: 3 }, 'a\ud800', 'INVALID_TEXT'],
    [{ kind: 'text' }, 'a\udc00', 'INVALID_TEXT'],
    [{ kind: 'integer' }, '9', '9'],
    [{ kind: 'integer' }, '9.0', '9'],
    [{ kind: 'integer' }, '1.2E3', '1200'],
    [{ kind: 'integer' }, '9.5', 'INVALID_NUMBER'],
    [{ kind: 'integer' }, 'nine', 'INVALID_NUMBER'],
    [{ kind: 'integer' }, '2147483647', '2147483647'],
    [{ kind: 'integer' }, '2147483648', 'OUT_OF_RANGE'],
    [{ kind: 'integer' }, '-2147483648', '-2147483648'],
    [{ kind: 'integer', dbType: 'smallint' }, '-32768', '-32768'],
    [{ kind: 'integer', dbType: 'smallint' }, '32768', 'OUT_OF_RANGE'],
    [{ kind: 'bigint' }, '9223372036854775807', '9223372036854775807'],
    [{ kind: 'bigint' }, '9223372036854775808', 'OUT_OF_RANGE'],
    [{ kind: 'numeric', precision: 4, scale: 2 }, '99.99', '99.99'],
    [{ kind: 'numeric', precision: 4, scale: 2 }, '100', 'OUT_OF_RANGE'],
    [{ kind: 'numeric', precision: 4, scale: 2 }, '99.996', 'OUT_OF_RANGE'],
    [{ kind: 'numeric', precision: null, scale: null }, '1e10', '1e10'],
    [{ kind: 'float' }, '.5', '.5'],
    [{ kind: 'float' }, 'NaN', 'INVALID_NUMBER'],
    [{ kind: 'float' }, '1e999', 'INVALID_NUMBER'],
    [{ kind: 'boolean' }, 'TRUE', 'true'],
    [{ kind: 'boolean' }, 'yes', 'INVALID_BOOLEAN'],
    [{ kind: 'date' }, '2024-02-29', '2024-02-29'],
    [{ kind: 'date' }, '2023-02-29', 'INVALID_DATE'],
    [{ kind: 'date' }, '1900-02-29', 'INVALID_DATE'],
    [{ kind: 'date' }, '0000-01-01', 'INVALID_DATE'],
    [{ kind: 'date' }, '2024-05-06T23:59:59.000-0500', '2024-05-06'],
    [{ kind: 'date' }, '06/05/2024', 'INVALID_DATE'],
    [{ kind: 'timestamp' }, '2024-05-06T07:08:09.000Z', '2024-05-06T07:08:09.000Z'],
    [{ kind: 'timestamp' }, '2024-05-06T07:08:09.000+0000', '2024-05-06T07:08:09.000+0000'],
    [{ kind: 'timestamp' }, '2024-05-06T25:00:00Z', 'INVALID_DATE'],
    [{ kind: 'enum', values: ['male'] }, 'male', 'male'],
    [{ kind: 'enum', values: ['male'] }, 'Male', 'INVALID_ENUM'],
    [{ kind: 'json' }, '{"a":1}', '{"a":1}'],
    [{ kind: 'json' }, '{a:1}', 'INVALID_FORMAT'],
    [{ kind: 'uuid' }, '1b4e28ba-2fa1-11d2-883f-0016d3cca427', '1b4e28ba-2fa1-11d2-883f-0016d3cca427'],
    [{ kind: 'uuid' }, '1b4e28ba', 'INVALID_FORMAT'],
  ])('%j: %j gives %j', (type, text, expected) => {
    expect(check(type, text)).toBe(expected);
  });

  it('refuses what lies outside the range of the table file', () => {
    expect(check({ kind: 'integer' }, '12.0', between(0, 12))).toBe('12');
    expect(check({ kind: 'integer' }, '13', between(0, 12))).toBe('OUT_OF_RANGE');
    expect(check({ kind: 'integer' }, '0', { ...between(0, 12), minExclusive: true })).toBe('OUT_OF_RANGE');
  });
});
