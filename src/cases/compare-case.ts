import { cellName, childTables, recordCells } from '../config/cells.ts';
import type { ExpectedRefusal, ExpectedRow, ExpectedTable, MappingCase } from '../config/mapping-case.ts';
import type { Mapping, TableMapping } from '../config/mapping.ts';
import type { CellValue, MappedRecord, Rejection } from '../flow/mapped-batch.ts';
import type { CaseOutcome } from './case-outcome.ts';
import type { Differs } from './case-result.ts';
import { cellText, expectedText, isExpected } from './value-text.ts';

/** Where an outcome is not what the case expects; empty when all is. */
export function differencesOf(one: MappingCase, outcome: CaseOutcome, mapping: Mapping): readonly Differs[] {
  const { expected, position } = one;
  const end = endDifference(one, outcome);
  if (end !== null) return [end];
  const { loaded } = outcome;
  return [
    ...(loaded === null ? [] : expected.rows.flatMap((table) => tableDifferences(table, loaded, mapping))),
    ...warningDifferences(expected.warnings, outcome.warnings, position),
  ];
}

/** A record that ends otherwise than expected has nothing else to be compared. */
function endDifference({ expected, position }: MappingCase, outcome: CaseOutcome): Differs | null {
  const { skipped, quarantined } = expected;
  const wanted = skipped !== null ? `skipped: ${skipped}` : quarantined !== null ? refusalText(quarantined) : 'loaded';
  const actual = endText(outcome);
  const fits =
    quarantined === null ? actual === wanted : outcome.rejection !== null && isRefusal(outcome.rejection, quarantined);
  return fits ? null : { what: 'outcome', expected: wanted, actual, position };
}

function endText({ skipped, rejection }: CaseOutcome): string {
  if (skipped !== null) return `skipped: ${skipped}`;
  return rejection === null ? 'loaded' : refusalText(rejection);
}

function refusalText({ code, column, rule }: Pick<ExpectedRefusal, 'code' | 'column' | 'rule'>): string {
  return ['quarantined:', code, ...(column === null ? [] : [column]), ...(rule === null ? [] : [`(${rule})`])].join(
    ' ',
  );
}

function isRefusal(actual: Rejection, { code, column, rule }: ExpectedRefusal): boolean {
  return (
    actual.code === code && (column === null || actual.column === column) && (rule === null || actual.rule === rule)
  );
}

function tableDifferences(expected: ExpectedTable, record: MappedRecord, mapping: Mapping): readonly Differs[] {
  const table = mapping.tables.find((one) => one.table.name === expected.table);
  if (table === undefined) return [];
  if (!expected.list) {
    const row = recordRow(table, record, mapping);
    return expected.rows.flatMap((wanted) => rowDifferences(wanted, row, table, (column) => cellNameOf(table, column)));
  }
  const rows = childRows(table, record, mapping);
  const pairs = expected.rows.flatMap((wanted, place) => {
    const row = rows[place];
    if (row === undefined) return [];
    return rowDifferences(wanted, row, table, (column) => `${expected.table} ${String(place + 1)}, ${column}`);
  });
  return [...pairs, ...countDifference(expected, rows, table)];
}

function cellNameOf(table: TableMapping, name: string): string {
  const column = table.columns.find((one) => one.column.name === name);
  return column === undefined ? name : cellName(table, column);
}

/** Cells of a root or an extension by the table's own columns. */
function recordRow(table: TableMapping, { cells }: MappedRecord, mapping: Mapping): readonly CellValue[] {
  return recordCells(mapping).flatMap((cell, place) => (cell.table === table ? [cells[place] ?? null] : []));
}

function childRows(table: TableMapping, record: MappedRecord, mapping: Mapping): readonly (readonly CellValue[])[] {
  const rows = record.children[childTables(mapping).indexOf(table)] ?? [];
  return rows.filter((row) => row !== null);
}

function rowDifferences(
  wanted: ExpectedRow,
  row: readonly CellValue[],
  table: TableMapping,
  nameOf: (column: string) => string,
): readonly Differs[] {
  return wanted.values.flatMap(({ column, value, position }) => {
    const place = table.columns.findIndex((one) => one.column.name === column);
    const candidates = table.columns[place]?.link?.candidates === true;
    if (isExpected(row[place], value, candidates)) return [];
    return [
      { what: nameOf(column), expected: expectedText(value), actual: cellText(row[place], candidates), position },
    ];
  });
}

/** Rows that are missing, or that nobody expected, with what they hold. */
function countDifference(
  { table: name, rows: expected, position }: ExpectedTable,
  rows: readonly (readonly CellValue[])[],
  table: TableMapping,
): readonly Differs[] {
  const missing = expected.slice(rows.length).map((row, place): Differs => {
    const values = row.values.map(({ column, value }) => `${column}: ${expectedText(value)}`);
    const what = `${name} ${String(rows.length + place + 1)}`;
    return { what, expected: `{ ${values.join(', ')} }`, actual: null, position: row.values[0]?.position ?? position };
  });
  const more = rows.slice(expected.length).map((row, place): Differs => {
    const values = table.columns.map(
      ({ column, link }, index) => `${column.name}: ${cellText(row[index], link?.candidates === true)}`,
    );
    const what = `${name} ${String(expected.length + place + 1)}`;
    return { what, expected: null, actual: `{ ${values.join(', ')} }`, position };
  });
  return [...missing, ...more];
}

function warningDifferences(
  expected: readonly string[] | null,
  actual: readonly string[],
  position: Differs['position'],
): readonly Differs[] {
  if (expected === null) return [];
  const missing = expected.filter((warning) => !actual.includes(warning));
  const more = actual.filter((warning) => !expected.includes(warning));
  return [
    ...missing.map((warning) => ({ what: 'warnings', expected: warning, actual: null, position })),
    ...more.map((warning) => ({ what: 'warnings', expected: null, actual: warning, position })),
  ];
}
