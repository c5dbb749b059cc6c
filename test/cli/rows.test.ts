import { describe, expect, it } from '@jest/globals';
import { csvCell, rowsText } from '../../src/cli/rows.ts';

const rows = [
  { name: 'schools', records: 178, note: null },
  { name: 'students', records: 145_266, note: 'a, "b"' },
];
const columns = {
  name: (row: (typeof rows)[number]) => row.name,
  records: (row: (typeof rows)[number]) => row.records,
  note: (row: (typeof rows)[number]) => row.note,
};

describe('a list', () => {
  it('is a table for people: numbers to the right, with thousands, a dash for nothing', () => {
    expect(rowsText({ rows, columns, format: 'table' })).toBe(
      ['name      records  note', 'schools       178  -', 'students  145,266  a, "b"', ''].join('\n'),
    );
  });

  it('is CSV for spreadsheets, quoted where needed', () => {
    expect(rowsText({ rows, columns, format: 'csv' })).toBe(
      ['name,records,note', 'schools,178,', 'students,145266,"a, ""b"""', ''].join('\n'),
    );
  });

  it('is JSON with whole rows for programs', () => {
    expect(JSON.parse(rowsText({ rows, columns, format: 'json' }))).toEqual(rows);
  });

  it('has only its headings when there is nothing', () => {
    expect(rowsText({ rows: [], columns, format: 'csv' })).toBe('name,records,note\n');
  });
});

describe('a CSV field', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('cannot be a formula: %j', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  });

  it('stays a number when it is one, also below zero', () => {
    expect(csvCell(-1)).toBe('-1');
  });
});
