import type { Tx } from '../database/database.ts';
import {
  addCounts,
  addTableCounts,
  type Counts,
  NO_COUNTS,
  NO_TABLE_COUNTS,
  type TableCounts,
} from '../flow/counts.ts';
import type { Rejection } from '../flow/mapped-batch.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { EncodedPart, Holders, LoadResult, Unresolved } from '../load/load.ts';
import { findHolders, rememberHolders, rememberLosers } from '../state/contenders.ts';
import type { LeftOut } from '../state/left-out.ts';
import { addToQuarantine, closeQuarantined } from '../state/quarantine.ts';
import { olderThanKnown, rememberNew, rememberStaged, staleRecords } from '../state/records.ts';
import { saveSlice } from '../state/steps.ts';
import { forgetDeferred } from '../state/waiting-links.ts';
import type { CommitDeps } from './commit-deps.ts';
import { keepLeftOut, keepOut, keptBack, requiredLinks } from './keep-back.ts';
import { noteLinks } from './note-links.ts';
import type { PendingCommit } from './pending-commit.ts';
import { changedByReturn, NOTHING_RETURNED, restoreReturned, type Returned, unmarkHeld } from './restore-returned.ts';
import { type HookedRows, runHooks } from './run-hooks.ts';
import { unchangedRows } from './unchanged-rows.ts';

/** What one transaction did; added to the tally once it is committed. */
interface Outcome {
  readonly counts: Counts;
  readonly tables: Record<string, TableCounts>;
  readonly changes: readonly LoadResult['changes'][];
  readonly linked: number;
  readonly rejections: readonly Rejection[];
  /** How many of those were not in quarantine before. */
  readonly fresh: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly warnings: ReadonlyMap<string, number>;
  readonly hooked: readonly HookedRows[];
  readonly merged: readonly string[];
  /** Records that were left out for want of a parent or a row. */
  readonly leftOut: number;
}

/**
 * Everything about one commit, in its transaction: the rows, and what the state has to say of them.
 * @throws StaleRecords, SeenBefore: it must be rolled back and done again without those records
 */
export async function writeCommit(tx: Tx, pending: PendingCommit, deps: CommitDeps): Promise<Outcome> {
  const { known, runId } = deps;
  let counts = addCounts(NO_COUNTS, { read: pending.read, unchanged: pending.unchanged });
  const skipped = new Map(pending.skipped);
  const warnings = new Map(pending.warnings);
  const merged: string[] = [];
  const tables = unchangedRows(deps.mapping, pending.unchanged);
  const rejections = [...pending.rejections];
  const changes: LoadResult['changes'][] = [];
  const deferred: Unresolved[] = [];
  const leftOut: LeftOut[] = [];
  let linked = 0;
  for (const part of pending.parts) {
    if (part.sources.length === 0) continue;
    const returned = [await restore(tx, part, deps)];
    const result = await deps.loader.write(tx, part, holdersOf(known.mappingId));
    const kept = await keepOut(tx, { result, sources: part.sources, fields: pending.fields }, deps);
    rejections.push(...kept.rejections);
    deferred.push(...kept.deferred);
    await remember(tx, result, part.sources, deps);
    if (deps.loader.contested) {
      // In a first load a row that is new shows nobody else: that is remembered together with the record.
      if (known.records || !result.allFresh) await rememberHolders(tx, known.mappingId, result.stage);
      if (known.deleted)
        returned.push(await unmarkHeld(tx, deps.mapping, { ...known, ...result, project: deps.project }));
    }
    leftOut.push(...keptBack(result));
    for (const [reason, ids] of result.skipped) addTo(skipped, reason, ids.length);
    merged.push(...(result.skipped.get('merged') ?? []));
    for (const [key, times] of result.warnings) addTo(warnings, key, times);
    changes.push(result.changes);
    linked += await noteLinks(tx, result, deps);
    if (known.quarantined) await closeQuarantined(tx, known.mappingId, loadedIds(part, result));
    const backAgain = Math.min(result.unchanged, changedByReturn(returned, result.changed));
    counts = addCounts(counts, {
      inserted: result.inserted,
      updated: result.updated + backAgain,
      unchanged: result.unchanged - backAgain,
      deferred: kept.deferred.length,
    });
    for (const [name, table] of [...Object.entries(result.tables), ...returned.flatMap(tablesOf)]) {
      tables[name] = addTableCounts(tables[name] ?? NO_TABLE_COUNTS, table);
    }
  }
  if (known.deferred) {
    const sourceIds = [
      ...pending.parts.flatMap(({ sources }) => sources.map(({ id }) => id)),
      ...rejections.map(({ sourceId }) => sourceId),
    ];
    await forgetDeferred(tx, known.mappingId, requiredLinks(deps.mapping), { sourceIds, deferred });
  }
  await keepLeftOut(tx, leftOut, pending, deps);
  const quarantined = await addToQuarantine(tx, {
    mappingId: known.mappingId,
    runId,
    rejections,
    keeping: deps.keeping,
    evenOlder: deps.fullRefresh,
  });
  if (quarantined.discarded > 0) addTo(skipped, 'discarded', quarantined.discarded);
  counts = addCounts(counts, { unchanged: quarantined.older, quarantined: quarantined.kept.length });
  counts = addCounts(counts, { skipped: [...skipped.values()].reduce((sum, times) => sum + times, 0) });
  const { hooks, name } = deps.mapping;
  const hooked = await runHooks(tx, hooks.afterCommit, { mapping: name, phase: deps.phase }, deps);
  await pending.atEnd?.(tx);
  // Last, because two commits of one slice wait for each other here.
  await saveSlice(tx, deps.stepId, pending.slice, {
    records: pending.read,
    counts,
    total: pending.total,
  });
  const { kept, fresh } = quarantined;
  return {
    counts,
    tables,
    changes,
    linked,
    rejections: kept,
    fresh,
    skipped,
    warnings,
    hooked,
    merged,
    leftOut: leftOut.length,
  };
}

/** Before the rows are compared: a mark must neither stand for the record's own value nor keep its row from being found. */
async function restore(tx: Tx, { sources }: EncodedPart, { known, project }: CommitDeps): Promise<Returned> {
  if (!known.deleted) return NOTHING_RETURNED;
  const ids = sources.map(({ id }) => id);
  return restoreReturned(tx, known.mappingId, ids, project);
}

function tablesOf({ written }: Returned): readonly (readonly [string, Partial<TableCounts>])[] {
  return Object.entries(written).map(([name, updated]) => [name, { updated }]);
}

/**
 * Remembers what was written.
 * @throws StaleRecords, SeenBefore: the commit must be rolled back, and then repeated without those records
 */
async function remember(
  tx: Tx,
  result: LoadResult,
  sources: readonly SourceRecord[],
  { known, fullRefresh, loader: { contested } }: CommitDeps,
): Promise<void> {
  const { stage, inserted, updated, unchanged } = result;
  if (known.records) {
    await rememberStaged(tx, known.mappingId, stage, { evenOlder: fullRefresh });
    const stale = fullRefresh ? [] : await staleRecords(tx, known.mappingId, stage);
    // What is kept back is not staged any more: an older copy must not be noted beside the row of a newer one.
    const keptOut = fullRefresh ? [] : await olderThanKnown(tx, known.mappingId, keptOutOf(result, sources));
    if (stale.length + keptOut.length > 0) throw new StaleRecords([...stale, ...keptOut]);
    return;
  }
  const remembered = await rememberNew(tx, known.mappingId, stage, { contested });
  if (remembered < inserted + updated + unchanged) throw new SeenBefore();
}

function keptOutOf(result: LoadResult, sources: readonly SourceRecord[]): readonly SourceRecord[] {
  const ids = new Set([...keptBack(result), ...result.unresolved].map(({ sourceId }) => sourceId));
  return ids.size === 0 ? [] : sources.filter(({ id }) => ids.has(id));
}

/** Some records of a commit are here in a newer state than they came in. */
export class StaleRecords extends Error {
  override readonly name = 'StaleRecords';
  readonly ids: ReadonlySet<string>;

  constructor(ids: readonly string[]) {
    super(`${ids.length} records are here in a newer state`);
    this.ids = new Set(ids);
  }
}

/** Some records of a first load were loaded by it before. */
export class SeenBefore extends Error {
  override readonly name = 'SeenBefore';
}

function holdersOf(mappingId: number): Holders {
  return {
    find: (tx, stage) => findHolders(tx, mappingId, stage),
    lose: (tx, stage) => rememberLosers(tx, mappingId, stage),
  };
}

function addTo(sums: Map<string, number>, key: string, times: number): void {
  sums.set(key, (sums.get(key) ?? 0) + times);
}

function loadedIds({ sources }: EncodedPart, { unresolved, refused }: LoadResult): string[] {
  const out = new Set([...unresolved, ...refused].map(({ sourceId }) => sourceId));
  return sources.map(({ id }) => id).filter((id) => !out.has(id));
}
