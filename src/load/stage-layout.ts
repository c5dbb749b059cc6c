import { createHash } from 'node:crypto';
import { type Cell, cellName, childTables, mayKeep, recordCells, rootTable } from '../config/cells.ts';
import type { ColumnMapping, Input, Mapping, TableMapping } from '../config/mapping.ts';
import { columnOf, rowKey, type Table } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { StageLink } from '../flow/stage.ts';
import { literal, stageType } from './column-sql.ts';
import { touched } from './update-sql.ts';

/** How one value is found in the stage: a column of it, or a constant that was never sent. */
export interface StagedValue {
  readonly column: ColumnMapping;
  /** Index into a record's cells (or a child row's). */
  readonly index: number;
  /** SQL for the value over the stage alias `s`. */
  readonly value: string;
  /** SQL that is true where the value is KEEP; null when it never is. */
  readonly keep: string | null;
  /** Stage columns that COPY fills for it; empty for a constant. */
  readonly stage: readonly { readonly name: string; readonly type: string; readonly holds: 'value' | 'keep' }[];
}

export interface StagedCell extends StagedValue {
  readonly table: TableMapping;
  readonly link: StageLink | null;
}

/** One of a child's `each` entries: `present` is true where the record gives that row. */
export interface StagedEntry {
  readonly present: string;
  readonly values: readonly StagedValue[];
}

export interface StagedChild {
  readonly table: TableMapping;
  readonly entries: readonly StagedEntry[];
}

/** What the stage of a mapping looks like; decides the COPY line and every statement over it. */
export interface StageLayout {
  readonly name: string;
  readonly root: TableMapping;
  /** Index of the cell that is the root's primary key, or -1 when a sequence gives it. */
  readonly idCell: number;
  readonly idType: string;
  readonly cells: readonly StagedCell[];
  readonly children: readonly StagedChild[];
}

export function stageLayout(mapping: Mapping, tables: ReadonlyMap<string, Table>, schema: string): StageLayout {
  const root = rootTable(mapping);
  const cells = recordCells(mapping).map((cell, index) => stagedCell(cell, index, { tables, schema }));
  const children = childTables(mapping).map((table, child) => stagedChild(table, child));
  const idCell = cells.findIndex(
    ({ table, column }) => table.role === 'root' && column.column.name === rowKey(root.table),
  );
  const shape = JSON.stringify([mapping.name, mapping.version, schema]);
  return {
    name: `sluice_stage_${createHash('sha256').update(shape).digest('hex').slice(0, 12)}`,
    root,
    idCell,
    idType: stageType(columnOf(root.table, rowKey(root.table)).type),
    cells,
    children,
  };
}

function stagedCell(
  { table, column }: Cell,
  index: number,
  context: { tables: ReadonlyMap<string, Table>; schema: string },
): StagedCell {
  const link = column.link === null ? null : stageLink({ table, column }, `c${index}`, context);
  return { ...stagedValue({ column, input: column.input, index, suffix: `${index}`, always: false }), table, link };
}

function stagedChild(table: TableMapping, child: number): StagedChild {
  return {
    table,
    entries: table.each.map((entry, place) => ({
      present: `e${child}_${place}`,
      values: table.columns.map((column, index) => {
        // Which of several rows is the primary one is decided for each record, so there the constant travels.
        const decided = column.column.name === table.onePrimary && table.each.length > 1;
        const input = entry.inputs[index] ?? column.input;
        return stagedValue({ column, input, index, suffix: `${child}_${place}_${index}`, always: decided });
      }),
    })),
  };
}

interface ToStage {
  readonly column: ColumnMapping;
  readonly input: Input;
  readonly index: number;
  /** Tells its stage columns from all others. */
  readonly suffix: string;
  /** True when even a constant is sent. */
  readonly always: boolean;
}

function stagedValue({ column, input, index, suffix, always }: ToStage): StagedValue {
  const plain = column.transforms.length === 0 && column.map === null && column.format === null && column.link === null;
  if (input.kind === 'constant' && plain && !always) {
    return { column, index, value: literal(input.value, column.column.type), keep: null, stage: [] };
  }
  const type = column.link === null ? stageType(column.column.type) : 'text';
  const stage = [{ name: `c${suffix}`, type, holds: 'value' as const }];
  if (!mayKeep(column)) return { column, index, value: `s.c${suffix}`, keep: null, stage };
  return {
    column,
    index,
    value: `s.c${suffix}`,
    keep: `s.k${suffix}`,
    stage: [...stage, { name: `k${suffix}`, type: 'boolean', holds: 'keep' as const }],
  };
}

function stageLink(
  { table, column }: Cell,
  stageColumn: string,
  { tables, schema }: { tables: ReadonlyMap<string, Table>; schema: string },
): StageLink {
  const { link } = column;
  const parent = link === null ? undefined : tables.get(link.table);
  if (link === null || parent === undefined) throw new RangeError(`${cellName(table, column)} links to no known table`);
  const primaryKey = columnOf(table.table, rowKey(table.table));
  return {
    link: cellName(table, column),
    column: quoteName(stageColumn),
    later: link.phase !== null,
    required: column.column.required,
    child: {
      table: quoteTable(schema, table.table.name),
      key: quoteName(primaryKey.name),
      column: quoteName(column.column.name),
      idType: stageType(primaryKey.type),
      touched: touched(table, 'change'),
    },
    parent: {
      table: quoteTable(schema, parent.name),
      by: quoteName(link.by),
      byType: stageType(columnOf(parent, link.by).type),
      value: quoteName(link.value),
    },
  };
}
