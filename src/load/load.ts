import { cellName } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import { rowKey, type Table } from '../config/table.ts';
import type { Database, Tx } from '../database/database.ts';
import { quoteTable, quoteText } from '../database/quote.ts';
import { type ColumnChange, NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import type { MappedRecord } from '../flow/mapped-batch.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { Stage, StageLink } from '../flow/stage.ts';
import { type ChildStatements, childStatements } from './child-sql.ts';
import { compileEncoder, copySql } from './encode-stage.ts';
import { type Merge, mergeChildren, mergeRows } from './merge.ts';
import { type RowStatements, rowStatements } from './row-sql.ts';
import { type StagedCell, type StageLayout, stageLayout } from './stage-layout.ts';
import { createStage, removeUnresolved, resolveExisting, stageName } from './stage-sql.ts';

/**
 * Records ready to be sent: encoded before their transaction opens, so that it stays short. Their cells are gone by
 * then; should the database refuse one, they are mapped again from their sources.
 */
export interface EncodedPart {
  readonly sources: readonly SourceRecord[];
  /** Their lines in COPY's text form; bytes, so that they lie outside the heap while they wait. */
  readonly copy: Buffer;
  /** Rows that the records give each child table, in the order of the mapping's children. */
  readonly childRows: readonly number[];
}

/** One part of several; they come one after the other. */
export function joinParts(parts: readonly EncodedPart[]): EncodedPart {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return {
    sources: parts.flatMap(({ sources }) => sources),
    copy: Buffer.concat(parts.map(({ copy }) => copy)),
    childRows: (first?.childRows ?? []).map((_, child) =>
      parts.reduce((sum, { childRows }) => sum + (childRows[child] ?? 0), 0),
    ),
  };
}

/** A record that a link keeps out. */
export interface Unresolved {
  readonly sourceId: string;
  /** `table.column` of the link. */
  readonly link: string;
  readonly field: string | null;
  readonly reference: string;
  readonly policy: 'wait' | 'quarantine' | 'fail';
}

/** What the database says it did with one commit. */
export interface LoadResult {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** By `table.column`; filled in a preview only. */
  readonly changes: ReadonlyMap<string, ColumnChange>;
  readonly unresolved: readonly Unresolved[];
  /** True when no staged record had a row before: what follows may skip looking for older state. */
  readonly allFresh: boolean;
  readonly stage: Stage;
}

export interface Loader {
  encode(records: readonly MappedRecord[]): EncodedPart;
  /** Stages and merges records inside the given transaction; the stage stays filled until it ends. */
  write(tx: Tx, part: EncodedPart): Promise<LoadResult>;
}

export interface LoaderOptions {
  readonly tables: ReadonlyMap<string, Table>;
  readonly schema: string;
  /** `preview` draws keys from a sequence of its own, so that a plan does not move the table's. */
  readonly keys: 'table' | 'preview';
}

const PREVIEW_KEYS = 'sluice_preview_keys';
const PREVIEW_KEY = `nextval('${PREVIEW_KEYS}')`;

/** The one door of this room: compiles every statement of a mapping once. */
export async function openLoader(
  mapping: Mapping,
  database: Pick<Database, 'query'>,
  options: LoaderOptions,
): Promise<Loader> {
  const layout = stageLayout(mapping, options.tables, options.schema);
  const statements = compileStatements(layout, options);
  const idDefault = await drawKey(layout, database, options);
  const encodeLines = compileEncoder(layout);
  const stageSql = createStage(layout, idDefault);
  return {
    encode: (records) => ({
      sources: records.map(({ source }) => source),
      copy: Buffer.from(encodeLines(records)),
      childRows: layout.children.map((_, child) => countChildRows(records, child)),
    }),
    write: async (tx, part) => {
      if (options.keys === 'preview') {
        await tx.query(
          `CREATE TEMPORARY SEQUENCE IF NOT EXISTS ${PREVIEW_KEYS} AS integer MINVALUE -2147483648 START -2147483648`,
        );
      }
      await tx.query(stageSql);
      return write(tx, part, statements, options.keys === 'preview');
    },
  };
}

interface Statements {
  readonly copy: string;
  readonly resolve: string;
  readonly required: readonly { readonly cell: StagedCell; readonly sql: string }[];
  readonly rows: readonly RowStatements[];
  readonly children: readonly ChildStatements[];
  readonly stage: Stage;
}

function compileStatements(layout: StageLayout, { schema, keys }: LoaderOptions): Statements {
  const childKey = keys === 'preview' ? PREVIEW_KEY : null;
  const rowTables = [...new Set([layout.root, ...layout.cells.map(({ table }) => table)])];
  return {
    copy: copySql(layout),
    resolve: resolveExisting(layout, schema),
    required: layout.cells
      .filter(
        ({ column, link }) => link !== null && !link.later && keepsRecordOut(column.link?.onMissing, link.required),
      )
      .map((cell) => ({ cell, sql: removeUnresolved(layout, cell) })),
    rows: rowTables.map((table) => rowStatements(table, layout, schema)),
    children: layout.children.map((child) => childStatements(child, layout, { schema, drawKey: childKey })),
    stage: {
      name: stageName(layout),
      idType: layout.idType,
      links: layout.cells.flatMap(({ link }) => (link === null ? [] : [link])),
    },
  };
}

/** `null` and `wait` on a nullable column let the row in without its parent. */
function keepsRecordOut(policy: string | undefined, required: boolean): boolean {
  return policy === 'quarantine' || policy === 'fail' || required;
}

async function drawKey(
  layout: StageLayout,
  database: Pick<Database, 'query'>,
  options: LoaderOptions,
): Promise<string | null> {
  if (layout.idCell >= 0) return null;
  if (options.keys === 'preview') return PREVIEW_KEY;
  const { rows } = await database.query<{ sequence: string | null }>(
    'SELECT pg_get_serial_sequence($1, $2) AS sequence',
    [quoteTable(options.schema, layout.root.table.name), rowKey(layout.root.table)],
  );
  const sequence = rows[0]?.sequence ?? null;
  return sequence === null ? null : `nextval(${quoteText(sequence).trim()}::regclass)`;
}

async function write(tx: Tx, part: EncodedPart, statements: Statements, isPreview: boolean): Promise<LoadResult> {
  // Empty but when one transaction takes several batches.
  await tx.query(`DELETE FROM ${statements.stage.name}`);
  await tx.copy(statements.copy, part.copy);
  const unresolved = await takeOutUnresolved(tx, statements);
  const staged = part.sources.length - unresolved.length;
  const existing = (await tx.query(statements.resolve)).rowCount;
  const fresh = staged - existing;
  const changed = new Set<string>();
  const tables: Record<string, TableCounts> = {};
  const merge: Merge = { fresh, existing, changed, changes: isPreview ? new Map() : null };

  for (const row of statements.rows) {
    const counts = await mergeRows(tx, row, merge);
    tables[row.table.table.name] = { ...counts, unchanged: staged - counts.inserted - counts.updated };
  }
  for (const [index, child] of statements.children.entries()) {
    const present = unresolved.length === 0 ? (part.childRows[index] ?? 0) : await stagedRows(tx, child, statements);
    const counts = present === 0 ? NO_TABLE_COUNTS : await mergeChildren(tx, child, merge);
    tables[child.table.table.name] = { ...counts, unchanged: Math.max(0, present - counts.inserted - counts.updated) };
  }
  return {
    inserted: fresh,
    updated: changed.size,
    unchanged: existing - changed.size,
    tables,
    changes: merge.changes ?? new Map(),
    unresolved,
    allFresh: existing === 0,
    stage: statements.stage,
  };
}

async function takeOutUnresolved(tx: Tx, { required }: Statements): Promise<Unresolved[]> {
  const unresolved: Unresolved[] = [];
  for (const { cell, sql } of required) {
    const { rows } = await tx.query<{ source_id: string; reference: string }>(sql);
    const onMissing = cell.column.link?.onMissing;
    const policy = onMissing === 'quarantine' || onMissing === 'fail' ? onMissing : 'wait';
    const field = cell.column.input.kind === 'fields' ? (cell.column.input.paths[0] ?? null) : null;
    const link = cellName(cell.table, cell.column);
    for (const row of rows) {
      unresolved.push({ sourceId: row.source_id, link, field, reference: row.reference, policy });
    }
  }
  return unresolved;
}

function countChildRows(records: readonly MappedRecord[], child: number): number {
  let count = 0;
  for (const record of records) {
    for (const row of record.children[child] ?? []) if (row !== null) count += 1;
  }
  return count;
}

/** The rows of a child that are still in the stage. */
async function stagedRows(tx: Tx, { present }: ChildStatements, { stage }: Statements): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(`SELECT (${present})::int AS count FROM ${stage.name} s`);
  return rows[0]?.count ?? 0;
}

/** The links of a mapping's root and extensions, for those who resolve them without a stage. */
export function describeLinks(
  mapping: Mapping,
  tables: ReadonlyMap<string, Table>,
  schema: string,
): readonly StageLink[] {
  return stageLayout(mapping, tables, schema).cells.flatMap(({ link }) => (link === null ? [] : [link]));
}
