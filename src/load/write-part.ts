import type { Tx } from '../database/database.ts';
import { NO_TABLE_COUNTS } from '../flow/counts.ts';
import type { Holders } from './contest.ts';
import type { EncodedPart } from './encoded-part.ts';
import { findRows } from './find-rows.ts';
import type { LoadResult } from './load-result.ts';
import { type Merge, mergeChildren, mergeRows } from './merge.ts';
import { PartTally } from './part-tally.ts';
import { settleLinks } from './settle-links.ts';
import type { MergedChild, Statements } from './statements.ts';

interface WriteOptions {
  readonly holders: Holders;
  /** True to note what would change in each column. */
  readonly isPreview: boolean;
}

/** Takes one part into the tables: into the stage, out of it what must not be written, and the rest into rows. */
export async function writePart(
  tx: Tx,
  statements: Statements,
  part: EncodedPart,
  { holders, isPreview }: WriteOptions,
): Promise<LoadResult> {
  const tally = new PartTally();
  await fillStage(tx, statements, part);
  await settleLinks(tx, statements, tally);
  const existing = await findRows(tx, statements, holders, tally);
  const { out, unresolved, refused, skipped, leftOut, warnings, tables } = tally;
  const merge: Merge = {
    fresh: part.sources.length - out - existing,
    existing,
    changed: new Set(),
    changes: isPreview ? new Map() : null,
  };
  await mergeStage(tx, statements, { part, merge, tally });
  return {
    inserted: merge.fresh,
    updated: merge.changed.size,
    unchanged: existing - merge.changed.size,
    tables,
    changes: merge.changes ?? new Map(),
    unresolved,
    refused,
    skipped,
    leftOut,
    warnings,
    changed: merge.changed,
    allFresh: existing === 0,
    stage: statements.stage,
  };
}

async function fillStage(tx: Tx, { stage, copy, lists }: Statements, part: EncodedPart): Promise<void> {
  // Empty but when one transaction takes several batches.
  await tx.query(`DELETE FROM ${stage.name}`);
  await tx.copy(copy, part.copy);
  for (const [index, list] of lists.entries()) {
    await tx.query(`DELETE FROM ${list.name}`);
    const rows = part.lists[index];
    if (rows !== undefined && rows.length > 0) await tx.copy(list.copy, rows);
  }
}

interface Merging {
  readonly part: EncodedPart;
  readonly merge: Merge;
  readonly tally: PartTally;
}

async function mergeStage(tx: Tx, { rows, children, lists }: Statements, merging: Merging): Promise<void> {
  const { merge, tally } = merging;
  const staged = merge.fresh + merge.existing;
  for (const row of rows) {
    const counts = await mergeRows(tx, row, merge);
    tally.addTable(row.table.table.name, { ...counts, unchanged: staged - counts.inserted - counts.updated });
  }
  for (const child of [...children, ...lists]) await mergeChild(tx, child, merging);
  for (const { again } of lists) if (again !== null) await tx.query(again);
}

async function mergeChild(
  tx: Tx,
  { child, isList, merge: statements }: MergedChild,
  { part, merge, tally }: Merging,
): Promise<void> {
  const given = part.childRows[child] ?? 0;
  // A record that names nothing may still have rows to clear.
  const present = isList || tally.out > 0 ? await countOf(tx, statements.present) : given;
  const counts =
    present === 0 && statements.remove === null ? NO_TABLE_COUNTS : await mergeChildren(tx, statements, merge);
  const unchanged = Math.max(0, present - counts.inserted - counts.updated);
  tally.addTable(statements.table.table.name, { ...counts, unchanged });
}

async function countOf(tx: Tx, sql: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(sql);
  return rows[0]?.count ?? 0;
}
