import { escapeCopy } from '../database/copy-text.ts';
import { quoteName } from '../database/quote.ts';
import { type CellValue, KEEP, type MappedRecord } from '../flow/mapped-batch.ts';
import type { StagedList, StageLayout, StagedValue } from './stage-layout.ts';

/** Names of the stage columns that COPY fills, in the order of the line that {@link compileEncoder} writes. */
function copyColumns(layout: StageLayout): readonly string[] {
  return [
    'source_id',
    'hash',
    'stamp',
    ...(layout.idCell >= 0 ? ['id'] : []),
    ...layout.cells.flatMap(({ stage }) => stage.map(({ name }) => name)),
    ...layout.children.flatMap(({ entries }) =>
      entries.flatMap(({ present, values }) => [
        present,
        ...values.flatMap(({ stage }) => stage.map(({ name }) => name)),
      ]),
    ),
  ];
}

export function copySql(layout: StageLayout): string {
  const columns = copyColumns(layout).map((name) => quoteName(name));
  return `COPY pg_temp.${quoteName(layout.name)} (${columns.join(', ')}) FROM STDIN`;
}

export function copyListSql({ name, values }: StagedList): string {
  const columns = ['source_id', 'place', ...values.flatMap(({ stage }) => stage.map((column) => column.name))];
  return `COPY pg_temp.${quoteName(name)} (${columns.map((column) => quoteName(column)).join(', ')}) FROM STDIN`;
}

type Append = (cells: readonly CellValue[]) => string;

/** Compiles the COPY text of records: one line each. */
export function compileEncoder(layout: StageLayout): (records: readonly MappedRecord[]) => string {
  const cells = layout.cells.filter(({ stage }) => stage.length > 0).map((cell) => appendValue(cell));
  const children = layout.children.map(({ child, entries }) => ({
    child,
    entries: entries.map(({ values }) => {
      const staged = values.filter(({ stage }) => stage.length > 0);
      const row = staged.map((value) => appendValue(value));
      const absent = `\tf${staged.map(({ stage }) => '\t\\N'.repeat(stage.length)).join('')}`;
      return { row, absent };
    }),
  }));

  return (records) => {
    const lines: string[] = [];
    for (const record of records) {
      const { id, hash, stamp } = record.source;
      let line = `${escapeCopy(id)}\t${hash}\t${stamp === '' ? '\\N' : stamp}`;
      if (layout.idCell >= 0) line += `\t${text(record.cells[layout.idCell])}`;
      for (const append of cells) line += append(record.cells);
      for (const { child, entries } of children) {
        const rows = record.children[child] ?? [];
        for (let place = 0; place < entries.length; place += 1) {
          const entry = entries[place];
          const row = rows[place];
          if (entry === undefined) continue;
          if (row === null || row === undefined) line += entry.absent;
          else {
            line += '\tt';
            for (const append of entry.row) line += append(row);
          }
        }
      }
      lines.push(line);
    }
    return joined(lines);
  };
}

/** Compiles the COPY text of a list's rows: one line each, with their place in the record. */
export function compileListEncoder({ child, values }: StagedList): (records: readonly MappedRecord[]) => string {
  const row = values.map((value) => appendValue(value));
  return (records) => {
    const lines: string[] = [];
    for (const { source, children } of records) {
      let place = 0;
      for (const cells of children[child] ?? []) {
        if (cells === null) continue;
        place += 1;
        let line = `${escapeCopy(source.id)}\t${place}`;
        for (const append of row) line += append(cells);
        lines.push(line);
      }
    }
    return joined(lines);
  };
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function appendValue({ index, stage }: StagedValue): Append {
  if (stage.length === 1) return (cells) => `\t${text(cells[index])}`;
  return (cells) => {
    const value = cells[index];
    return value === KEEP ? '\t\\N\tt' : `\t${text(value)}\tf`;
  };
}

function text(value: CellValue | undefined): string {
  return typeof value === 'string' ? escapeCopy(value) : '\\N';
}
