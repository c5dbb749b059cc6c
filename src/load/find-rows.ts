import type { Tx } from '../database/database.ts';
import { adoptRows } from './adopt.ts';
import type { Holders } from './contest.ts';
import type { PartTally, StagedId } from './part-tally.ts';
import type { Statements } from './statements.ts';

/**
 * Finds the rows of the staged records, and takes out those that must not be written.
 * @returns how many of the records that stay have a row
 */
export async function findRows(tx: Tx, statements: Statements, holders: Holders, tally: PartTally): Promise<number> {
  const { nameRows, find, adopt, left, unmatched, conflicting } = statements;
  const takenOut = async (sql: string): Promise<readonly StagedId[]> => (await tx.query<StagedId>(sql)).rows;
  if (nameRows !== null) await tx.query(nameRows);
  let existing = 0;
  for (const sql of find) existing += (await tx.query(sql)).rowCount;
  if (adopt !== null) existing += await adoptRows(tx, adopt);
  if (left !== null && existing > 0) existing -= tally.skip('left', await takenOut(left));
  for (const { column, sql } of existing > 0 ? conflicting : []) {
    existing -= tally.refuse('DUPLICATE_RECORD', column, await takenOut(sql));
  }
  if (unmatched !== null) {
    const rows = await takenOut(unmatched.sql);
    if (unmatched.policy === 'skip') tally.skip('unmatched', rows);
    else tally.refuse('PARENT_NOT_FOUND', null, rows);
  }
  return existing - (await settleContest(tx, statements, { holders, tally, existing }));
}

/** Where several records meet in one row, leaves the best of them in the stage. @returns how many that had a row are out */
async function settleContest(
  tx: Tx,
  { stage, contest }: Statements,
  { holders, tally, existing }: { holders: Holders; tally: PartTally; existing: number },
): Promise<number> {
  if (contest === null) return 0;
  if (existing > 0) await holders.find(tx, stage);
  if ((await tx.query(contest.settle)).rowCount === 0) return 0;
  await holders.lose(tx, stage);
  const { rows } = await tx.query<StagedId & { fresh: boolean }>(contest.remove);
  tally.skip('merged', rows);
  return rows.filter(({ fresh }) => !fresh).length;
}
