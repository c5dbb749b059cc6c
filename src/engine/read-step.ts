import type { Mapping, MappingPhase } from '../config/mapping.ts';
import { extract } from '../extract/extract.ts';
import { ahead } from '../flow/ahead.ts';
import type { MappedBatch } from '../flow/mapped-batch.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import { openLoader } from '../load/load.ts';
import { toCompareAgain } from '../state/contenders.ts';
import { mappingId } from '../state/mappings.ts';
import { hasQuarantined } from '../state/quarantine.ts';
import { knowsRecords } from '../state/records.ts';
import { hasWaiting } from '../state/waiting-links.ts';
import { answering } from './answer-questions.ts';
import { changeFilter, type ChangeFilter, latestOfEach } from './changed-records.ts';
import { type CommitDeps, commitRecords, type KnownState, unchangedRows } from './commit-records.ts';
import { CommitQueue } from './commit-queue.ts';
import { healLinks } from './heal-links.ts';
import { recordMapper, type RecordMapper } from './map-records.ts';
import { CommitCutter, type PendingCommit } from './pending-commit.ts';
import { runHooks } from './run-hooks.ts';
import { Statistics } from './statistics.ts';
import { linkContext, type StepDeps } from './step-deps.ts';

/** The whole path of one step that reads: source, what changed, rows, checks, commits. */
export async function runReadStep(mapping: Mapping, phase: MappingPhase, deps: StepDeps): Promise<void> {
  const { scope, project } = deps;
  const known = await knownState(mapping, deps);
  const loader = await openLoader(mapping, scope, {
    ...linkContext(project),
    keys: scope.keys,
  });
  const mapper = recordMapper(mapping, deps, answering(mapping, deps));
  const commitDeps: CommitDeps = {
    ...deps,
    mapping,
    phase: phase.phase,
    loader,
    known,
    merged: new Set(),
    encodeAgain: (records, fields) => loader.encode(mapper.again(records, fields)),
  };

  const statistics = new Statistics(known, loader.contested, deps);
  const path: Path = {
    read: (ids) => readSource(ids, mapping, phase, deps),
    onlyChanged: changeFilter(known, loader.contested, deps),
    mapper,
    cutter: new CommitCutter(phase, (records) => loader.encode(records)),
    commit: async (pending) => {
      await commitRecords(pending, commitDeps);
      await statistics.keepTrue();
    },
    // Where records meet in one row, who comes first must be settled before the next one comes.
    commitsAtOnce: loader.inTurn ? 1 : scope.concurrency,
    signal: deps.signal,
    slices: 0,
  };
  await walk(null, path);
  if (loader.contested) await compareAgain(path, commitDeps);
  await statistics.atEnd();
  await healLinks(mapping, known.mappingId, null, deps);
  if (mapping.hooks.afterStep.length === 0) return;
  const place = { mapping: mapping.name, phase: phase.phase };
  const hooked = await scope.transaction(async (tx) => runHooks(tx, mapping.hooks.afterStep, place, deps));
  for (const tables of hooked) deps.tally.addTables(tables);
}

/**
 * Reads the records once more whose rows showed one that has changed. They were counted when they came first: what is
 * counted now takes the place of that.
 */
async function compareAgain(path: Path, { scope, known, tally, merged, mapping }: CommitDeps): Promise<void> {
  for (let after = ''; ;) {
    const ids = await toCompareAgain(scope, known.mappingId, { after, count: COMPARED_AT_ONCE });
    if (ids.length === 0) return;
    after = ids.at(-1) ?? '';
    const before = ids.filter((id) => merged.has(id)).length;
    const { read } = tally.counts;
    await walk(ids, path);
    const again = tally.counts.read - read;
    const unchanged = again - before;
    tally.add({ read: -again, skipped: -before, unchanged: -unchanged });
    tally.addSkipped(new Map([['merged', -before]]));
    tally.addTables(unchangedRows(mapping, -unchanged));
  }
}

/** What stands along the way of a step's records. */
interface Path {
  /** @param ids  only these records; null for all that the mapping reads */
  readonly read: (ids: readonly string[] | null) => AsyncIterable<SourceBatch>;
  readonly onlyChanged: ChangeFilter;
  readonly mapper: RecordMapper;
  readonly cutter: CommitCutter;
  readonly commit: (pending: PendingCommit) => Promise<void>;
  readonly commitsAtOnce: number;
  readonly signal: AbortSignal;
  /** Slices of the step so far: what is read once more is a slice of its own. */
  slices: number;
}

async function walk(ids: readonly string[] | null, path: Path): Promise<void> {
  const { cutter, signal } = path;
  const commits = new CommitQueue(path.commitsAtOnce, signal);
  try {
    const before = path.slices;
    for await (const read of ahead(path.read(ids), 1)) {
      const batch = { ...read, slice: { ...read.slice, ordinal: before + read.slice.ordinal } };
      path.slices = batch.slice.ordinal;
      const changed = await path.onlyChanged(latestOfEach(batch));
      await path.mapper.prepare(changed);
      for (const piece of piecesOf(changed, batch)) {
        const checked: MappedBatch = { ...path.mapper.map(piece), unchanged: piece.unchanged };
        for (const pending of cutter.cut(checked)) await commits.add(async () => path.commit(pending));
      }
      signal.throwIfAborted();
    }
  } finally {
    await commits.settle();
  }
  commits.throwFirstError();
}

function readSource(
  ids: readonly string[] | null,
  mapping: Mapping,
  phase: MappingPhase,
  deps: StepDeps,
): AsyncIterable<SourceBatch> {
  return extract(
    { mapping, batchSize: phase.batchSize, limit: deps.limit, resume: null, ids },
    {
      salesforce: deps.salesforce,
      folder: deps.project.folder,
      log: deps.log,
      signal: deps.signal,
      onExpected: (expected) => {
        deps.tally.expected = expected;
        deps.onProgress();
      },
      onWarning: (what, times) => deps.tally.addWarnings(new Map([[what, times]])),
    },
  );
}

async function knownState(mapping: Mapping, { scope, fullRefresh }: StepDeps): Promise<KnownState> {
  const id = await mappingId(scope, mapping.name);
  return {
    mappingId: id,
    records: (await knowsRecords(scope, id)) || fullRefresh,
    waiting: await hasWaiting(scope, id),
    quarantined: await hasQuarantined(scope, id),
  };
}

/** Records that are read again in one go, because the one that their row shows has changed. */
const COMPARED_AT_ONCE = 2_000;

/** Records mapped, checked and encoded in one go: few enough to be garbage before the collector has moved them. */
const PIECE = 500;

/** Cuts what is left of a batch into pieces; at least one, which carries what is not about a record. */
function* piecesOf(
  records: readonly SourceRecord[],
  batch: SourceBatch,
): Generator<SourceBatch & { unchanged: number }> {
  let unchanged = batch.records.length - records.length;
  for (let from = 0; from === 0 || from < records.length; from += PIECE) {
    const last = batch.last && from + PIECE >= records.length;
    yield { ...batch, records: records.slice(from, from + PIECE), last, unchanged };
    unchanged = 0;
  }
}
