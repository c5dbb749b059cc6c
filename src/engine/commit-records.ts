import { cellName, recordCells } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { classifyDatabaseError } from '../database/database-error.ts';
import { SyncError } from '../errors/sync-error.ts';
import {
  addCounts,
  addTableCounts,
  type Counts,
  NO_COUNTS,
  NO_TABLE_COUNTS,
  type TableCounts,
} from '../flow/counts.ts';
import type { Rejection } from '../flow/mapped-batch.ts';
import { rejectionOf } from '../flow/rejection.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { Stage, StageLink } from '../flow/stage.ts';
import type { EncodedPart, Holders, Loader, LoadResult, Unresolved } from '../load/load.ts';
import { findHolders, rememberHolders, rememberLosers } from '../state/contenders.ts';
import { addToQuarantine, closeQuarantined } from '../state/quarantine.ts';
import { forgetLeftOut, type LeftOut, NO_LINK, noteLeftOut } from '../state/left-out.ts';
import { rememberNew, rememberStaged, staleRecords } from '../state/records.ts';
import { saveSlice } from '../state/steps.ts';
import {
  forgetDeferred,
  forgetResolved,
  noteDeferred,
  noteLaterLinks,
  noteMissingParents,
} from '../state/waiting-links.ts';
import type { PendingCommit } from './pending-commit.ts';
import { restoreReturned } from './restore-returned.ts';
import { type HookedRows, runHooks } from './run-hooks.ts';
import type { StepDeps } from './step-deps.ts';

/** What a mapping's state looked like when its step began: what was not there then need not be looked for. */
export interface KnownState {
  readonly mappingId: number;
  readonly records: boolean;
  readonly waiting: boolean;
  readonly quarantined: boolean;
  readonly leftOut: boolean;
  /** True when records were deleted: one that comes may be one that returns. */
  readonly deleted: boolean;
}

export interface CommitDeps extends StepDeps {
  readonly mapping: Mapping;
  readonly phase: string;
  readonly loader: Loader;
  /** Maps and checks records anew, for those that are sent again in smaller parts. */
  readonly encodeAgain: (sources: readonly SourceRecord[], fields: readonly string[]) => EncodedPart;
  readonly known: KnownState;
  /** Ids of the records that another one was preferred to, in this step. */
  readonly merged: Set<string>;
}

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
}

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
      await commitRecords(pending, { ...deps, known: { ...deps.known, records: true } });
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
  deps.onProgress();
  tally.holdLimit(deps.project.limits.quarantine, mapping.name);
}

async function writeCommit(tx: Tx, pending: PendingCommit, deps: CommitDeps): Promise<Outcome> {
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
    await restore(tx, part, tables, deps);
    const result = await deps.loader.write(tx, part, holdersOf(known.mappingId));
    const kept = await keepOut(tx, { result, sources: part.sources, fields: pending.fields }, deps);
    rejections.push(...kept.rejections);
    deferred.push(...kept.deferred);
    await remember(tx, result, deps);
    if (deps.loader.contested) await rememberHolders(tx, known.mappingId, result.stage);
    leftOut.push(...keptBack(result));
    for (const [reason, ids] of result.skipped) addTo(skipped, reason, ids.length);
    merged.push(...(result.skipped.get('merged') ?? []));
    for (const [key, times] of result.warnings) addTo(warnings, key, times);
    changes.push(result.changes);
    linked += await noteLinks(tx, result, deps);
    if (known.quarantined || deps.tally.counts.quarantined > 0)
      await closeQuarantined(tx, known.mappingId, loadedIds(part, result));
    counts = addCounts(counts, {
      inserted: result.inserted,
      updated: result.updated,
      unchanged: result.unchanged,
      deferred: kept.deferred.length,
    });
    for (const [name, table] of Object.entries(result.tables)) {
      tables[name] = addTableCounts(tables[name] ?? NO_TABLE_COUNTS, table);
    }
  }
  if (known.waiting) {
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
  return { counts, tables, changes, linked, rejections: kept, fresh, skipped, warnings, hooked, merged };
}

/** Before the rows are compared: a mark must neither stand for the record's own value nor keep its row from being found. */
async function restore(
  tx: Tx,
  { sources }: EncodedPart,
  tables: Record<string, TableCounts>,
  { known, project }: CommitDeps,
): Promise<void> {
  if (!known.deleted) return;
  const ids = sources.map(({ id }) => id);
  for (const [name, updated] of Object.entries(await restoreReturned(tx, known.mappingId, ids, project))) {
    tables[name] = addTableCounts(tables[name] ?? NO_TABLE_COUNTS, { updated });
  }
}

/**
 * Remembers what was written.
 * @throws StaleRecords, SeenBefore: the commit must be rolled back, and then repeated without those records
 */
async function remember(tx: Tx, result: LoadResult, deps: CommitDeps): Promise<void> {
  const { known, fullRefresh } = deps;
  const { stage, inserted, updated, unchanged } = result;
  if (known.records) {
    // After the rows are written and not before: of two commits with one record, the second has waited for the first.
    const stale = fullRefresh ? [] : await staleRecords(tx, known.mappingId, stage);
    if (stale.length > 0) throw new StaleRecords(stale);
    await rememberStaged(tx, known.mappingId, stage);
    return;
  }
  const remembered = await rememberNew(tx, known.mappingId, stage);
  if (remembered < inserted + updated + unchanged) throw new SeenBefore();
}

/** Some records of a commit are here in a newer state than they came in. */
class StaleRecords extends Error {
  override readonly name = 'StaleRecords';
  readonly ids: ReadonlySet<string>;

  constructor(ids: readonly string[]) {
    super(`${ids.length} records are here in a newer state`);
    this.ids = new Set(ids);
  }
}

/** Some records of a first load were loaded by it before. */
class SeenBefore extends Error {
  override readonly name = 'SeenBefore';
}

/** Records that may be loaded one day without having changed: when their parent comes, or the row that they are for. */
function keptBack({ leftOut, unresolved, refused, skipped }: LoadResult): readonly LeftOut[] {
  const rowless = [
    ...(skipped.get('unmatched') ?? []),
    ...refused.filter(({ code }) => code === 'PARENT_NOT_FOUND').map(({ sourceId }) => sourceId),
  ];
  return [
    ...leftOut,
    ...unresolved.filter(({ policy }) => policy === 'quarantine'),
    ...rowless.map((sourceId) => ({ sourceId, link: NO_LINK, reference: '' })),
  ];
}

/** Keeps in mind who was left out for want of a parent, and forgets those of this commit who are not any more. */
async function keepLeftOut(
  tx: Tx,
  leftOut: readonly LeftOut[],
  { parts, rejections }: PendingCommit,
  { known }: CommitDeps,
): Promise<void> {
  await noteLeftOut(tx, known.mappingId, leftOut);
  if (!known.leftOut) return;
  const still = new Set(leftOut.map(({ sourceId }) => sourceId));
  const ids = [
    ...parts.flatMap(({ sources }) => sources.map(({ id }) => id)),
    ...rejections.map((one) => one.sourceId),
  ];
  await forgetLeftOut(
    tx,
    known.mappingId,
    ids.filter((id) => !still.has(id)),
  );
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

/** The rows of records that were not looked at: one in the root and each extension; of children nobody knows. */
export function unchangedRows(mapping: Mapping, records: number): Record<string, TableCounts> {
  const rows = mapping.tables.filter(({ role }) => role !== 'child');
  return Object.fromEntries(rows.map(({ table }) => [table.name, { ...NO_TABLE_COUNTS, unchanged: records }]));
}

/** Deals with the records that a link or a row keeps out, by its policy. */
async function keepOut(
  tx: Tx,
  out: { readonly result: LoadResult } & Pick<EncodedPart, 'sources'> & Pick<PendingCommit, 'fields'>,
  { mapping, known }: CommitDeps,
): Promise<{ readonly rejections: Rejection[]; readonly deferred: readonly Unresolved[] }> {
  const { unresolved, refused } = out.result;
  if (unresolved.length + refused.length === 0) return { rejections: [], deferred: [] };
  const sources = new Map(out.sources.map((source) => [source.id, source]));
  const rejections = refused.flatMap(({ sourceId, code, column }) => {
    const source = sources.get(sourceId);
    return source === undefined ? [] : [rejectionOf(source, out.fields, { code, column, field: null })];
  });
  const deferred = new Map<string, Unresolved[]>();
  for (const record of unresolved) {
    if (record.policy === 'fail') {
      throw new SyncError('LINK_MISSING_PARENT', `${mapping.name}: ${record.link} names a parent that is not here.`, {
        details: { mapping: mapping.name, link: record.link, source_id: record.sourceId },
      });
    }
    const source = sources.get(record.sourceId);
    if (record.policy === 'quarantine' && source !== undefined) {
      rejections.push(
        rejectionOf(source, out.fields, { code: 'FK_NOT_FOUND', column: record.link, field: record.field }),
      );
    } else {
      deferred.set(record.link, [...(deferred.get(record.link) ?? []), record]);
    }
  }
  for (const [link, waiting] of deferred) await noteDeferred(tx, known.mappingId, link, waiting);
  return { rejections, deferred: [...deferred.values()].flat() };
}

/** Keeps what waits for its parent, and forgets what no longer does. Returns the links written. */
async function noteLinks(tx: Tx, result: LoadResult, deps: CommitDeps): Promise<number> {
  const { mappingId, waiting } = deps.known;
  let linked = 0;
  for (const link of result.stage.links) {
    if (waiting && !link.later) await forgetResolved(tx, mappingId, result.stage, link);
    if (link.later) {
      await noteLaterLinks(tx, mappingId, result, link);
      continue;
    }
    if (waitsFor(link, deps.mapping)) await noteMissingParents(tx, mappingId, result.stage, link);
    linked += result.inserted === 0 ? 0 : await countLinked(tx, result.stage, link);
  }
  return linked;
}

/** `table.column` of the links without whose parent there is no row. */
function requiredLinks(mapping: Mapping): readonly string[] {
  return recordCells(mapping)
    .filter(({ column }) => column.link !== null && column.column.required)
    .map(({ table, column }) => cellName(table, column));
}

function waitsFor({ link, required }: StageLink, mapping: Mapping): boolean {
  const policy = mapping.tables
    .flatMap(({ table, columns }) => columns.map((column) => ({ name: `${table.name}.${column.column.name}`, column })))
    .find(({ name }) => name === link)?.column.link;
  if (policy == null) return false;
  const { onMissing, create } = policy;
  return !required && (onMissing === 'wait' || (onMissing === 'create' && create?.otherwise === 'wait'));
}

async function countLinked(tx: Tx, stage: Stage, link: StageLink): Promise<number> {
  const { child } = link;
  // A parent that came with the same load was not here yet when the row was written.
  const isLinked =
    link.own && child.key !== null
      ? `EXISTS (SELECT 1 FROM ${child.table} t WHERE t.${child.key} = s.id AND t.${child.column} IS NOT NULL)`
      : `${link.valueOf(link.reference)} IS NOT NULL`;
  const { rows } = await tx.query<{ linked: number }>(
    `SELECT count(*)::int AS linked FROM ${stage.name} s
     WHERE s.fresh AND ${link.reference} IS NOT NULL AND ${isLinked}`,
  );
  return rows[0]?.linked ?? 0;
}

function loadedIds({ sources }: EncodedPart, { unresolved, refused }: LoadResult): string[] {
  const out = new Set([...unresolved, ...refused].map(({ sourceId }) => sourceId));
  return sources.map(({ id }) => id).filter((id) => !out.has(id));
}
