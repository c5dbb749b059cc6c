import { cellName } from '../config/cells.ts';
import type { Tx } from '../database/database.ts';
import { NO_TABLE_COUNTS } from '../flow/counts.ts';
import type { PartTally, StagedId } from './part-tally.ts';
import type { LinkStatements, ListStatements, Statements } from './statements.ts';

/** Looks up the parents of the staged records, makes those that are to be made, and takes out what lacks one. */
export async function settleLinks(tx: Tx, { links, leftFirst, lists }: Statements, tally: PartTally): Promise<void> {
  for (const [index, some] of links.entries()) {
    if (index > 0 && leftFirst !== null) tally.skip('left', (await tx.query<StagedId>(leftFirst)).rows);
    await makeParents(tx, some.stubs, tally);
    if (some.resolve !== null) await tx.query(some.resolve);
    await takeOutUnresolved(tx, some, tally);
  }
  for (const list of lists) {
    await makeParents(tx, list.stubs, tally);
    await settleList(tx, list, tally);
  }
}

async function makeParents(tx: Tx, stubs: LinkStatements['stubs'], tally: PartTally): Promise<void> {
  for (const { table, inserts } of stubs) {
    for (const sql of inserts) {
      const { rowCount } = await tx.query(sql);
      tally.addTable(table, { ...NO_TABLE_COUNTS, inserted: rowCount });
    }
  }
}

async function takeOutUnresolved(tx: Tx, { unresolved }: LinkStatements, tally: PartTally): Promise<void> {
  for (const { cell, policy, sql } of unresolved) {
    const { rows } = await tx.query<StagedId & { reference: string }>(sql);
    const link = cellName(cell.table, cell.column);
    const { input } = cell.column;
    const field = input.kind === 'fields' ? (input.paths[0] ?? null) : null;
    if (policy === 'skip') tally.skip(`${link} not here`, rows);
    for (const { source_id: sourceId, reference } of rows) {
      if (policy === 'skip') tally.leftOut.push({ sourceId, link, reference });
      else tally.unresolved.push({ sourceId, link, field, reference, policy });
    }
  }
}

async function settleList(tx: Tx, list: ListStatements, tally: PartTally): Promise<void> {
  if (list.resolve !== null) await tx.query(list.resolve);
  for (const { column, policy, sql } of list.unresolved) {
    const { rows } = await tx.query<StagedId & { rows: number }>(sql);
    if (policy === 'quarantine') tally.refuse('FK_NOT_FOUND', column, rows);
    else {
      const left = rows.reduce((sum, row) => sum + row.rows, 0);
      if (left > 0) tally.warnings.set(`FK_NOT_FOUND ${column}`, left);
    }
  }
}
