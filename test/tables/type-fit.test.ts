import { describe, expect, it } from '@jest/globals';
import type { ColumnType } from '../../src/config/table.ts';
import { typeFit } from '../../src/tables/type-fit.ts';

const string = (length: number): ColumnType => ({ kind: 'string', length });
const numeric = (precision: number | null, scale: number | null): ColumnType => ({ kind: 'numeric', precision, scale });

describe('a type in the database', () => {
  it.each<[ColumnType, string, string]>([
    [string(20), 'character varying(20)', 'same'],
    [string(20), 'character varying(30)', 'wider'],
    [string(20), 'character varying', 'wider'],
    [string(20), 'text', 'wider'],
    [string(20), 'citext', 'wider'],
    [string(20), 'character varying(10)', 'narrower'],
    [string(20), 'character(20)', 'other'],
    [{ kind: 'text' }, 'character varying(10)', 'narrower'],
    [{ kind: 'integer' }, 'bigint', 'wider'],
    [{ kind: 'integer' }, 'smallint', 'narrower'],
    [{ kind: 'bigint' }, 'integer', 'narrower'],
    [{ kind: 'integer' }, 'numeric', 'wider'],
    [{ kind: 'integer' }, 'text', 'other'],
    [numeric(10, 2), 'numeric(10,2)', 'same'],
    [numeric(10, 2), 'numeric(12,2)', 'wider'],
    [numeric(10, 2), 'numeric', 'wider'],
    [numeric(10, 2), 'numeric(8,2)', 'narrower'],
    [numeric(null, null), 'numeric(8,2)', 'narrower'],
    [numeric(10, 2), 'numeric(10,4)', 'other'],
    [{ kind: 'json' }, 'jsonb', 'same'],
    [{ kind: 'json' }, 'json', 'same'],
    [{ kind: 'timestamp' }, 'timestamp without time zone', 'other'],
    [{ kind: 'date' }, 'timestamp with time zone', 'other'],
    [{ kind: 'enum', values: ['male', 'female'] }, 'character varying(6)', 'same'],
    [{ kind: 'enum', values: ['male', 'female'] }, 'text', 'same'],
    [{ kind: 'enum', values: ['male', 'female'] }, 'character varying(5)', 'narrower'],
    [{ kind: 'enum', values: ['male', 'female'] }, 'gender_enum', 'other'],
  ])('for %j, %s is %s', (wanted, live, fit) => {
    expect(typeFit(wanted, live)).toBe(fit);
  });
});
