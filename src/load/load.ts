import { cellName, childTables } from '../config/cells.ts';
import type { ColumnMapping, Mapping } from '../config/mapping.ts';
import type { Database, Tx } from '../database/database.ts';
import type { RowCode } from '../errors/row-codes.ts';
import { addTableCounts, type ColumnChange, NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import type { MappedRecord } from '../flow/mapped-batch.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { Stage, StageLink } from '../flow/stage.ts';
import { adoptRows } from './adopt.ts';
import type { Holders } from './contest.ts';
import { PREVIEW_SEQUENCE, previewKey, tableKey } from './draw-key.ts';
import { compileEncoder, compileListEncoder } from './encode-stage.ts';
import type { LinkContext } from './link-sql.ts';
import { type Merge, mergeChildren, mergeRows } from './merge.ts';
import { stageLayout } from './stage-layout.ts';
import { createListStage, createStage } from './stage-sql.ts';
import { compileStatements, type LinkStatements, type Statements } from './statements.ts';

export type { Holders } from './contest.ts';
export { openRemover, type Removed, type Remover } from './delete-rows.ts';
export type { Fallout, MetLink, MetRecord } from './fallout.ts';
export { type MarkedRow, unmarkRows } from './mark-rows.ts';
export { isContested } from './stage-layout.ts';
export { type Restored, restoreRows } from './restore-rows.ts';
export { unwatchTables, watchTables } from './row-images.ts';
export { describePresence } from './row-presence.ts';

/**
 * Records ready to be sent: encoded before their transaction opens, so that it stays short. Their cells are gone by
 * then; should the database refuse one, they are mapped again from their sources.
 */
export interface EncodedPart {
  readonly sources: readonly SourceRecord[];
  /** Their lines in COPY's text form; bytes, so that they lie outside the heap while they wait. */
  readonly copy: Buffer;
  /** The same of each list's rows. */
  readonly lists: readonly Buffer[];
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
    lists: (first?.lists ?? []).map((_, list) => Buffer.concat(parts.flatMap(({ lists }) => lists[list] ?? []))),
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

/** A record that is left out by a link's rule because its parent is not here. */
export type WithoutParent = Pick<Unresolved, 'sourceId' | 'link' | 'reference'>;

/** A record that is not written because of the row that is there, or is not. */
export interface Refused {
  readonly sourceId: string;
  readonly code: RowCode;
  /** `table.column`, or null when the whole row is at fault. */
  readonly column: string | null;
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
  readonly refused: readonly Refused[];
  /** Ids of the records that were left out, by reason. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
  /** Those of them that were left out for want of a parent. */
  readonly leftOut: readonly WithoutParent[];
  /** How often each warning was given, by `CODE table.column`. */
  readonly warnings: ReadonlyMap<string, number>;
  /** Primary keys, as text, of the root rows of the records that count as updated. */
  readonly changed: ReadonlySet<string>;
  /** True when no staged record had a row before: what follows may skip looking for older state. */
  readonly allFresh: boolean;
  readonly stage: Stage;
}

export interface Loader {
  /** True when several records may meet in one row. */
  readonly contested: boolean;
  /** True when commits must come one after the other, so that each sees what the one before has made of it. */
  readonly inTurn: boolean;
  encode(records: readonly MappedRecord[]): EncodedPart;
  /** Stages and merges records inside the given transaction; the stage stays filled until it ends. */
  write(tx: Tx, part: EncodedPart, holders: Holders): Promise<LoadResult>;
}

export interface LoaderOptions extends LinkContext {
  /** `preview` draws keys from a sequence of its own, so that a plan does not move the table's. */
  readonly keys: 'table' | 'preview';
}

/** The one door of this room: compiles every statement of a mapping once. */
export async function openLoader(
  mapping: Mapping,
  database: Pick<Database, 'query'>,
  options: LoaderOptions,
): Promise<Loader> {
  const isPreview = options.keys === 'preview';
  // A run's stage may still be on the connection, and draws its keys from the table's sequence.
  const layout = stageLayout(mapping, options, isPreview ? '_plan' : '');
  const { table } = layout.root;
  const statements = compileStatements(layout, {
    ...options,
    drawKey: isPreview ? previewKey : () => null,
  });
  const drawn = isPreview ? previewKey(table) : await tableKey(table, options.schema, database);
  const idDefault = layout.idCell >= 0 ? null : drawn;
  const encodeLines = compileEncoder(layout);
  const encodeLists = layout.lists.map((list) => compileListEncoder(list));
  const childCount = childTables(mapping).length;
  const creates = [createStage(layout, idDefault), ...layout.lists.map((list) => createListStage(list))];
  return {
    contested: layout.contested,
    inTurn: layout.contested || mapping.tables.some(({ columns }) => columns.some(isMadeOnce)),
    encode: (records) => ({
      sources: records.map(({ source }) => source),
      copy: Buffer.from(encodeLines(records)),
      lists: encodeLists.map((encode) => Buffer.from(encode(records))),
      childRows: Array.from({ length: childCount }, (_, child) => countChildRows(records, child)),
    }),
    write: async (tx, part, holders) => {
      if (isPreview) await tx.query(PREVIEW_SEQUENCE);
      for (const sql of creates) await tx.query(sql);
      return new Write(tx, statements, isPreview).of(part, holders);
    },
  };
}

/** One part on its way into the tables: what is taken out of the stage, and why, and what the rest became. */
class Write {
  readonly #tx: Tx;
  readonly #statements: Statements;
  readonly #isPreview: boolean;
  readonly #unresolved: Unresolved[] = [];
  readonly #refused: Refused[] = [];
  readonly #skipped = new Map<string, string[]>();
  readonly #leftOut: WithoutParent[] = [];
  readonly #warnings = new Map<string, number>();
  readonly #tables: Record<string, TableCounts> = {};

  constructor(tx: Tx, statements: Statements, isPreview: boolean) {
    this.#tx = tx;
    this.#statements = statements;
    this.#isPreview = isPreview;
  }

  async of(part: EncodedPart, holders: Holders): Promise<LoadResult> {
    const { stage } = this.#statements;
    await this.#fill(part);
    await this.#resolveLinks();
    const existing = await this.#findRows(holders);
    const out =
      this.#unresolved.length +
      this.#refused.length +
      [...this.#skipped.values()].reduce((sum, ids) => sum + ids.length, 0);
    const staged = part.sources.length - out;
    const merge: Merge = {
      fresh: staged - existing,
      existing,
      changed: new Set(),
      changes: this.#isPreview ? new Map() : null,
    };
    await this.#merge(part, merge, out === 0);
    return {
      inserted: merge.fresh,
      updated: merge.changed.size,
      unchanged: existing - merge.changed.size,
      tables: this.#tables,
      changes: merge.changes ?? new Map(),
      unresolved: this.#unresolved,
      refused: this.#refused,
      skipped: this.#skipped,
      leftOut: this.#leftOut,
      warnings: this.#warnings,
      changed: merge.changed,
      allFresh: existing === 0,
      stage,
    };
  }

  async #fill(part: EncodedPart): Promise<void> {
    const { stage, copy, lists } = this.#statements;
    // Empty but when one transaction takes several batches.
    await this.#tx.query(`DELETE FROM ${stage.name}`);
    await this.#tx.copy(copy, part.copy);
    for (const [index, list] of lists.entries()) {
      await this.#tx.query(`DELETE FROM ${list.name}`);
      const rows = part.lists[index];
      if (rows !== undefined && rows.length > 0) await this.#tx.copy(list.copy, rows);
    }
  }

  async #resolveLinks(): Promise<void> {
    const { links, leftFirst, lists } = this.#statements;
    for (const [index, some] of links.entries()) {
      if (index > 0 && leftFirst !== null) this.#skip('left', await this.#ids(leftFirst));
      await this.#makeParents(some.stubs);
      if (some.resolve !== null) await this.#tx.query(some.resolve);
      await this.#takeOutUnresolved(some);
    }
    for (const list of lists) {
      await this.#makeParents(list.stubs);
      await this.#resolveList(list);
    }
  }

  async #makeParents(stubs: LinkStatements['stubs']): Promise<void> {
    for (const { table, inserts } of stubs) {
      for (const sql of inserts) {
        const { rowCount } = await this.#tx.query(sql);
        this.#addTable(table, { ...NO_TABLE_COUNTS, inserted: rowCount });
      }
    }
  }

  async #takeOutUnresolved({ unresolved }: LinkStatements): Promise<void> {
    for (const { cell, policy, sql } of unresolved) {
      const { rows } = await this.#tx.query<{ source_id: string; reference: string }>(sql);
      const link = cellName(cell.table, cell.column);
      const { input } = cell.column;
      const field = input.kind === 'fields' ? (input.paths[0] ?? null) : null;
      if (policy === 'skip') {
        this.#skip(`${link} not here`, rows);
        this.#leftOut.push(...rows.map((row) => ({ sourceId: row.source_id, link, reference: row.reference })));
      } else {
        for (const row of rows)
          this.#unresolved.push({ sourceId: row.source_id, link, field, reference: row.reference, policy });
      }
    }
  }

  async #resolveList(list: Statements['lists'][number]): Promise<void> {
    if (list.resolve !== null) await this.#tx.query(list.resolve);
    for (const { column, policy, sql } of list.unresolved) {
      const { rows } = await this.#tx.query<{ source_id: string; rows: number }>(sql);
      if (policy === 'quarantine') {
        for (const { source_id: sourceId } of rows) this.#refused.push({ sourceId, code: 'FK_NOT_FOUND', column });
      } else {
        const left = rows.reduce((sum, row) => sum + row.rows, 0);
        if (left > 0) this.#warnings.set(`FK_NOT_FOUND ${column}`, left);
      }
    }
  }

  /** Finds the rows of the staged records, and takes out those that must not be written. Gives how many rows are there. */
  async #findRows(holders: Holders): Promise<number> {
    const { stage, find, nameRows, adopt, contest, left, unmatched, conflicting } = this.#statements;
    if (nameRows !== null) await this.#tx.query(nameRows);
    let existing = 0;
    for (const sql of find) existing += (await this.#tx.query(sql)).rowCount;
    if (adopt !== null) existing += await adoptRows(this.#tx, adopt);
    if (left !== null && existing > 0) existing -= this.#skip('left', await this.#ids(left));
    for (const { column, sql } of existing > 0 ? conflicting : []) {
      const ids = await this.#ids(sql);
      existing -= ids.length;
      for (const { source_id: sourceId } of ids) this.#refused.push({ sourceId, code: 'DUPLICATE_RECORD', column });
    }
    if (unmatched !== null) {
      const ids = await this.#ids(unmatched.sql);
      if (unmatched.policy === 'skip') this.#skip('unmatched', ids);
      else
        for (const { source_id: sourceId } of ids)
          this.#refused.push({ sourceId, code: 'PARENT_NOT_FOUND', column: null });
    }
    if (contest === null) return existing;
    if (existing > 0) await holders.find(this.#tx, stage);
    if ((await this.#tx.query(contest.settle)).rowCount === 0) return existing;
    await holders.lose(this.#tx, stage);
    const lost = await this.#tx.query<{ source_id: string; fresh: boolean }>(contest.remove);
    this.#skip('merged', lost.rows);
    return existing - lost.rows.filter(({ fresh }) => !fresh).length;
  }

  async #merge(part: EncodedPart, merge: Merge, isWhole: boolean): Promise<void> {
    const { rows, children, lists } = this.#statements;
    const staged = merge.fresh + merge.existing;
    for (const row of rows) {
      const counts = await mergeRows(this.#tx, row, merge);
      this.#addTable(row.table.table.name, { ...counts, unchanged: staged - counts.inserted - counts.updated });
    }
    for (const { child, isList, merge: statements } of [...children, ...lists]) {
      const given = part.childRows[child] ?? 0;
      // A record that names nothing may still have rows to clear.
      const present = isList || !isWhole ? await this.#count(statements.present) : given;
      const counts =
        present === 0 && statements.remove === null
          ? NO_TABLE_COUNTS
          : await mergeChildren(this.#tx, statements, merge);
      const unchanged = Math.max(0, present - counts.inserted - counts.updated);
      this.#addTable(statements.table.table.name, { ...counts, unchanged });
    }
    for (const { again } of lists) if (again !== null) await this.#tx.query(again);
  }

  async #count(sql: string): Promise<number> {
    const { rows } = await this.#tx.query<{ count: number }>(sql);
    return rows[0]?.count ?? 0;
  }

  async #ids(sql: string): Promise<readonly { readonly source_id: string }[]> {
    return (await this.#tx.query<{ source_id: string }>(sql)).rows;
  }

  #skip(reason: string, rows: readonly { readonly source_id: string }[]): number {
    if (rows.length === 0) return 0;
    this.#skipped.set(reason, [...(this.#skipped.get(reason) ?? []), ...rows.map(({ source_id: id }) => id)]);
    return rows.length;
  }

  #addTable(name: string, counts: TableCounts): void {
    this.#tables[name] = addTableCounts(this.#tables[name] ?? NO_TABLE_COUNTS, counts);
  }
}

/** Two commits that each make a parent whose name differs in case see nothing of each other, and no key stops them. */
function isMadeOnce({ link }: ColumnMapping): boolean {
  return link !== null && link.create !== null && link.lookups.some(({ ignoreCase }) => ignoreCase);
}

function countChildRows(records: readonly MappedRecord[], child: number): number {
  let count = 0;
  for (const record of records) {
    for (const row of record.children[child] ?? []) if (row !== null) count += 1;
  }
  return count;
}

/** The links of a mapping's root and extensions, for those who resolve them without a stage. */
export function describeLinks(mapping: Mapping, context: LinkContext): readonly StageLink[] {
  return stageLayout(mapping, context).cells.flatMap(({ link }) => (link === null ? [] : [link]));
}
