import { writeFileSync } from 'node:fs';
import * as Flags from '@oclif/core/flags';
import Table from 'cli-table3';
import { SyncError } from '../errors/sync-error.ts';
import { count } from './text.ts';

export type Cell = string | number | boolean | null;

/** Flags of every command that prints a list. */
export const ROW_FLAGS = {
  format: Flags.option({
    options: ['table', 'json', 'csv'] as const,
    default: 'table' as const,
    summary: 'How the list is printed.',
  })(),
  'output-file': Flags.string({ summary: 'Write the list to this file instead of standard output.' }),
};

export interface RowOptions<Row> {
  readonly rows: readonly Row[];
  /** Heading of each column and where its cell comes from. */
  readonly columns: Readonly<Record<string, (row: Row) => Cell>>;
  readonly format: 'table' | 'json' | 'csv';
}

/** A list as text, each line ending in \n; the JSON form holds the rows whole, not only the columns shown. */
export function rowsText<Row>({ rows, columns, format }: RowOptions<Row>): string {
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  const headings = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((cell) => cell(row)));
  if (format === 'csv') return [headings, ...cells].map((line) => `${line.map(csvCell).join(',')}\n`).join('');
  return tableText(headings, cells);
}

/** Prints a list where its flags say. */
export function printRows<Row>(options: RowOptions<Row>, outputFile: string | undefined): void {
  printResult(rowsText(options), outputFile);
}

/** Prints a result to standard output or to a file. @throws SyncError USAGE_INVALID when that cannot be written */
export function printResult(text: string, outputFile: string | undefined): void {
  if (outputFile === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(outputFile, text);
  } catch (cause) {
    throw new SyncError('USAGE_INVALID', `The file ${outputFile} cannot be written.`, { cause });
  }
}

/** A table without colours, numbers to the right: it is a result, and may be read by other programs. */
export function tableText(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumber = headings.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const table = new Table({
    head: [...headings],
    colAligns: isNumber.map((right) => (right ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: PLAIN,
  });
  for (const row of rows) table.push(row.map(tableCell));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function tableCell(cell: Cell): string {
  if (typeof cell === 'number') return count(cell);
  return cell === null ? '-' : String(cell);
}

/**
 * One CSV field. A spreadsheet takes text that begins with = + - @, tab or return for a formula, so such text gets an
 * apostrophe before it (OWASP, CSV injection). Numbers stay as they are.
 */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
