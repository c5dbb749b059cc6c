import { createHash } from 'node:crypto';
import { type Cell, cellName, childTables, mayKeep, recordCells, rootTable } from '../config/cells.ts';
import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import { columnOf, soleKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { StageLink } from '../flow/stage.ts';
import { asWritten, holdsValue, literal, stageType } from './column-sql.ts';
import { compileIsHere, compileLink, type LinkContext, type ValueOf } from './link-sql.ts';
import { touched } from './update-sql.ts';

/** A column of a stage. */
export interface StageColumn {
  readonly name: string;
  readonly type: string;
  readonly holds: 'value' | 'keep';
}

/** How one value is found in the stage: a column of it, or a constant that was never sent. */
export interface StagedValue {
  readonly column: ColumnMapping;
  /** Index into a record's cells (or a child row's). */
  readonly index: number;
  /** SQL for the value over the stage's alias: the raw reference, of a link. */
  readonly value: string;
  /** SQL that is true where the value is KEEP; null when it never is. */
  readonly keep: string | null;
  /** Stage columns that COPY fills for it; empty for a constant. */
  readonly stage: readonly StageColumn[];
}

/** A link whose value a statement of its own looks up and leaves in the stage, because several statements need it. */
export interface ResolvedColumn {
  readonly name: string;
  readonly type: string;
  /** SQL of the raw reference over the stage's alias. */
  readonly reference: string;
  readonly valueOf: ValueOf;
}

export interface StagedCell extends StagedValue {
  readonly table: TableMapping;
  readonly link: StageLink | null;
  readonly resolved: ResolvedColumn | null;
}

/** One of a child's `each` entries: `present` is true where the record gives that row. */
export interface StagedEntry {
  readonly present: string;
  readonly values: readonly StagedValue[];
}

/** A child whose rows travel with their record: one place for each entry. */
export interface StagedChild {
  readonly table: TableMapping;
  readonly entries: readonly StagedEntry[];
}

/** A child of which a record gives any number of rows: they lie in a stage of their own. */
export interface StagedList {
  readonly table: TableMapping;
  /** Place among the mapping's child tables. */
  readonly child: number;
  readonly name: string;
  readonly values: readonly StagedListValue[];
}

export interface StagedListValue extends StagedValue {
  readonly resolved: ResolvedColumn | null;
}

/** What the stage of a mapping looks like; decides the COPY line and every statement over it. */
export interface StageLayout {
  readonly name: string;
  readonly root: TableMapping;
  /** Index of the cell that is the root's primary key, or -1 when a sequence gives it or several columns make it. */
  readonly idCell: number;
  readonly idType: string;
  readonly cells: readonly StagedCell[];
  /** With the place of each among the mapping's child tables. */
  readonly children: readonly (StagedChild & { readonly child: number })[];
  readonly lists: readonly StagedList[];
  /** True when several records may meet in one row: see {@link ./contest.ts}. */
  readonly contested: boolean;
}

/** @param use  tells stages apart that are made otherwise and may meet on one connection */
export function stageLayout(mapping: Mapping, context: LinkContext, use = ''): StageLayout {
  const root = rootTable(mapping);
  const own = new Set(mapping.tables.map(({ table }) => table.name));
  const cells = recordCells(mapping).map((cell, index) => stagedCell(cell, index, { root, own }, context));
  const shape = JSON.stringify([mapping.name, mapping.version, context.schema]);
  const name = `sluice_stage_${createHash('sha256').update(shape).digest('hex').slice(0, 12)}${use}`;
  const children = childTables(mapping).map((table, child) => ({ table, child }));
  const key = soleKey(root.table);
  return {
    name,
    root,
    idCell: cells.findIndex(({ table, column }) => table.role === 'root' && column.column.name === key),
    idType: key === null ? 'text' : stageType(columnOf(root.table, key).type),
    cells,
    children: children
      .filter(({ table }) => !table.list)
      .map(({ table, child }) => ({ child, ...stagedChild(table, child) })),
    lists: children
      .filter(({ table }) => table.list)
      .map(({ table, child }) => stagedList(table, child, name, context)),
    contested: isContested(root),
  };
}

/** True when several records may meet in one row of this root table. */
export function isContested(root: TableMapping): boolean {
  return root.prefer.length > 0 || root.match.length > 0 || !isFoundById(root);
}

/** True when each record has a row of its own, because its id is part of the key. */
function isFoundById(root: TableMapping): boolean {
  return root.columns.some(
    ({ column, input }) =>
      root.key.includes(column.name) &&
      input.kind === 'fields' &&
      input.paths.some((path) => path.toLowerCase() === 'id'),
  );
}

function stagedCell(
  { table, column }: Cell,
  index: number,
  { root, own }: { readonly root: TableMapping; readonly own: ReadonlySet<string> },
  context: LinkContext,
): StagedCell {
  const staged = stagedValue({ column, index, suffix: `${index}`, alias: 's', always: false });
  if (column.link === null) return { ...staged, table, link: null, resolved: null };
  const link = {
    ...stageLink({ table, column }, staged.value, context),
    own: column.link.lookups.some((lookup) => own.has(lookup.table)),
    isLeft: leftAlone(root, context.schema),
  };
  const isKey = table === root && [root.key, ...root.match].flat().includes(column.column.name);
  const resolved =
    !link.later && (isKey || column.link.lookups.length > 1 || column.link.candidates)
      ? { name: `l${index}`, type: link.child.valueType, reference: staged.value, valueOf: link.valueOf }
      : null;
  return { ...staged, table, link, resolved };
}

/** Whatever waits, the row of a key of several columns does not. */
function leftAlone({ table, leave }: TableMapping, schema: string): StageLink['isLeft'] {
  const key = soleKey(table);
  if (leave.length === 0 || key === null) return null;
  const is = `t.${quoteName(key)} = `;
  const type = stageType(columnOf(table, key).type);
  const holds = leave.map((value) => holdsValue('t', value)).join(' AND ');
  return (rowId) =>
    `EXISTS (SELECT 1 FROM ${quoteTable(schema, table.name)} t WHERE ${is}(${rowId})::${type} AND ${holds})`;
}

/** SQL over the alias `s` of what is written: a link's value and not its reference. */
export function cellValue({ link, resolved, value }: StagedCell): string {
  if (link === null) return value;
  return resolved === null ? link.valueOf(value) : `s.${quoteName(resolved.name)}`;
}

function stagedChild(table: TableMapping, child: number): StagedChild {
  return {
    table,
    entries: table.each.map((entry, place) => ({
      present: `e${child}_${place}`,
      values: entry.columns.map((column, index) => {
        // Which of several rows is the primary one is decided for each record, so there the constant travels.
        const decided = column.column.name === table.onePrimary && table.each.length > 1;
        return stagedValue({ column, index, suffix: `${child}_${place}_${index}`, alias: 's', always: decided });
      }),
    })),
  };
}

function stagedList(table: TableMapping, child: number, stage: string, context: LinkContext): StagedList {
  return {
    table,
    child,
    name: `${stage}_${child}`,
    values: table.columns.map((column, index) => {
      // Each entry may fill a column in its own way, so every value travels.
      const staged = stagedValue({ column, index, suffix: `${index}`, alias: 'l', always: true });
      if (column.link === null) return { ...staged, resolved: null };
      const type = stageType(column.column.type);
      const valueOf = compileLink(column.link, type, context);
      return { ...staged, resolved: { name: `l${index}`, type, reference: staged.value, valueOf } };
    }),
  };
}

/** SQL over the alias `l` of what a list's row holds. */
export function listValue({ resolved, value }: StagedListValue): string {
  return resolved === null ? value : `l.${quoteName(resolved.name)}`;
}

interface ToStage {
  readonly column: ColumnMapping;
  readonly index: number;
  /** Tells its stage columns from all others. */
  readonly suffix: string;
  /** Of the stage that it lies in. */
  readonly alias: string;
  /** True when even a constant is sent. */
  readonly always: boolean;
}

function stagedValue({ column, index, suffix, alias, always }: ToStage): StagedValue {
  const { input } = column;
  const plain =
    column.transforms.length === 0 &&
    column.map === null &&
    column.format === null &&
    column.check === null &&
    column.link === null;
  if (input.kind === 'constant' && plain && !always) {
    return { column, index, value: literal(input.value, column.column.type), keep: null, stage: [] };
  }
  const type = column.link === null ? stageType(column.column.type) : 'text';
  const stage = [{ name: `c${suffix}`, type, holds: 'value' as const }];
  const sent = `${alias}.c${suffix}`;
  const value = column.link === null ? asWritten(sent, column.column.type) : sent;
  if (!mayKeep(column)) return { column, index, value, keep: null, stage };
  return {
    column,
    index,
    value,
    keep: `${alias}.k${suffix}`,
    stage: [...stage, { name: `k${suffix}`, type: 'boolean', holds: 'keep' as const }],
  };
}

function stageLink(
  { table, column }: Cell,
  reference: string,
  context: LinkContext,
): Omit<StageLink, 'own' | 'isLeft'> {
  if (column.link === null) throw new RangeError(`${cellName(table, column)} is no link`);
  const key = soleKey(table.table);
  const valueType = stageType(column.column.type);
  return {
    link: cellName(table, column),
    reference,
    later: column.link.phase !== null,
    required: column.column.required,
    child: {
      table: quoteTable(context.schema, table.table.name),
      key: key === null ? null : quoteName(key),
      column: quoteName(column.column.name),
      idType: key === null ? 'text' : stageType(columnOf(table.table, key).type),
      valueType,
      touched: touched(table, 'change'),
    },
    valueOf: compileLink(column.link, valueType, context),
    isHere: compileIsHere(column.link, context),
  };
}
