import { classifyDatabaseError } from '../database/database-error.ts';
import { rejectionOf } from '../flow/rejection.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { CommitDeps } from './commit-deps.ts';
import type { PendingCommit } from './pending-commit.ts';
import { SeenBefore, StaleRecords, writeCommit } from './write-commit.ts';

/**
 * Commits one pending commit. When the database refuses it for a row's sake, it is halved until that row is alone in
 * quarantine; each half that passes is committed at once, so no good row is written twice and none is lost.
 */
export async function commitRecords(pending: PendingCommit, deps: CommitDeps): Promise<void> {
  try {
    await commitOnce(pending, deps);
  } catch (error) {
    if (error instanceof StaleRecords) {
      await commitRecords(withoutStale(pending, error.ids, deps), deps);
      return;
    }
    if (error instanceof SeenBefore) {
      // What came before may also have left something behind.
      const known = { ...deps.known, records: true, waiting: true, deferred: true, quarantined: true, leftOut: true };
      await commitRecords(pending, { ...deps, known });
      return;
    }
    const trouble = classifyDatabaseError(error);
    const records = pending.parts.flatMap(({ sources }) => sources);
    const [only] = records;
    if (trouble?.kind !== 'row' || only === undefined) throw error;
    if (records.length > 1) {
      const [first, second] = halves(pending, records, deps);
      await commitRecords(first, deps);
      await commitRecords(second, deps);
      return;
    }
    const column = trouble.column === null ? null : `${trouble.table ?? deps.mapping.name}.${trouble.column}`;
    const refused = rejectionOf(only, pending.fields, {
      code: trouble.code,
      column,
      field: null,
      rule: trouble.constraint,
    });
    await commitOnce({ ...pending, parts: [], rejections: [...pending.rejections, refused] }, deps);
  }
}

/** Records whose newer state is here already count as unchanged: the older one must not take its place. */
function withoutStale(pending: PendingCommit, ids: ReadonlySet<string>, { encodeAgain }: CommitDeps): PendingCommit {
  const records = pending.parts.flatMap(({ sources }) => sources);
  const current = records.filter(({ id }) => !ids.has(id));
  return {
    ...pending,
    parts: current.length === 0 ? [] : [encodeAgain(current, pending.fields)],
    unchanged: pending.unchanged + records.length - current.length,
  };
}

/** What does not belong to a record goes with the first half. */
function halves(
  pending: PendingCommit,
  records: readonly SourceRecord[],
  { encodeAgain }: CommitDeps,
): readonly [PendingCommit, PendingCommit] {
  const middle = Math.ceil(records.length / 2);
  const second = records.slice(middle);
  return [
    {
      ...pending,
      parts: [encodeAgain(records.slice(0, middle), pending.fields)],
      read: pending.read - second.length,
      last: false,
      total: null,
      atEnd: null,
    },
    {
      ...pending,
      parts: [encodeAgain(second, pending.fields)],
      rejections: [],
      warnings: new Map(),
      read: second.length,
      unchanged: 0,
      skipped: new Map(),
    },
  ];
}

async function commitOnce(pending: PendingCommit, deps: CommitDeps): Promise<void> {
  const { scope, tally, mapping } = deps;
  const outcome = await scope.transaction(async (tx) => writeCommit(tx, pending, deps));
  tally.add(outcome.counts);
  tally.addTables(outcome.tables);
  for (const tables of outcome.hooked) tally.addTables(tables);
  for (const changes of outcome.changes) tally.addChanges(changes);
  tally.addLinked(outcome.linked);
  tally.addWarnings(outcome.warnings);
  tally.addSkipped(outcome.skipped);
  for (const id of outcome.merged) deps.merged.add(id);
  tally.addRejections(outcome.rejections, outcome.fresh);
  deps.known.quarantined ||= outcome.rejections.length > 0;
  deps.known.leftOut ||= outcome.leftOut > 0;
  deps.known.deferred ||= outcome.counts.deferred > 0;
  deps.onProgress();
  tally.holdLimit(deps.project.limits.quarantine, mapping.name);
}
