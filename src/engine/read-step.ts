import type { Mapping, MappingPhase } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { extract, type ExtractRequest } from '../extract/extract.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { openLoader } from '../load/load.ts';
import { vacateRows } from '../state/claims.ts';
import { hasLeftOut } from '../state/left-out.ts';
import { hasDeleted } from '../state/deletions.ts';
import { mappingId } from '../state/mappings.ts';
import { hasQuarantined } from '../state/quarantine.ts';
import { closeUnseen, refusedByDatabase } from '../state/quarantine-decisions.ts';
import { knowsRecords } from '../state/records.ts';
import { beginReading, saveSlice } from '../state/steps.ts';
import { findUnfinishedReading } from '../state/unfinished-jobs.ts';
import { hasWaiting } from '../state/waiting-links.ts';
import { findWatermark, readAgainAfterNameless, rememberIdsCompared, saveWatermark } from '../state/watermarks.ts';
import { answering } from './answer-questions.ts';
import { changeFilter } from './changed-records.ts';
import { chooseReadings, endOf, type Reading } from './choose-reading.ts';
import type { CommitDeps, KnownState } from './commit-deps.ts';
import { commitRecords } from './commit-records.ts';
import { carryOutDeletions, type DeletionPlan, planDeletions } from './carry-out-deletions.ts';
import { compareAgain } from './compare-again.ts';
import { type Answer, noticeGone, takingBackNotices } from './gone-records.ts';
import { healLinks } from './heal-links.ts';
import { recordMapper } from './map-records.ts';
import { noticeMissing } from './notice-missing.ts';
import { openQuarantine } from './open-quarantine.ts';
import { CommitCutter } from './pending-commit.ts';
import { readAgain, readKeptBack } from './read-kept-back.ts';
import { runHooks } from './run-hooks.ts';
import { Statistics } from './statistics.ts';
import { linkContext, type StepDeps } from './step-deps.ts';
import { type Path, walk } from './walk.ts';

/** The whole path of one step that reads: source, what changed, rows, checks, commits; then what is left to mend. */
export async function runReadStep(mapping: Mapping, phase: MappingPhase, deps: StepDeps): Promise<void> {
  const step = await openStep(mapping, phase, deps);
  const redriven = deps.request.only?.kind === 'quarantine' ? deps.request.only.byMapping.get(mapping.name) : undefined;
  for (const [nth, reading] of (await readings(step)).entries()) {
    // The second one may meet records again that the first has quarantined, deferred or left out.
    if (nth > 0) Object.assign(step.known, await knownState(mapping, deps));
    await (redriven === undefined ? carryOutReading(reading, step) : redrive(redriven, reading, step));
  }
  await readKeptBack(step, (ids) => readSource({ ids }, step));
  await redriveRefused(step);
  const deletions = await deletionsOf(step);
  if (step.commitDeps.loader.contested) {
    if (deletions !== null) await vacateRows(deps.scope, step.known.mappingId, deletions.statuses);
    await compareAgain((ids) => walk(readSource({ ids }, step), step.path), step.commitDeps);
  }
  // Only now is it known whose row is nobody else's.
  if (deletions !== null) await deleteGone(deletions, step);
  await step.statistics.atEnd();
  await healLinks(mapping, step.known.mappingId, null, deps);
  await afterStep(step);
  // Only now: what was read is here, whatever is not to go.
  if (deletions !== null && deletions.tooMany !== null) throw deletions.tooMany;
}

async function afterStep({ mapping, phase, deps }: ReadStep): Promise<void> {
  if (mapping.hooks.afterStep.length === 0) return;
  const place = { mapping: mapping.name, phase: phase.phase };
  const hooked = await deps.scope.transaction(async (tx) => runHooks(tx, mapping.hooks.afterStep, place, deps));
  for (const tables of hooked) deps.tally.addTables(tables);
}

/** None in a run that reads only some records: what it does not read may be here. */
async function deletionsOf({ mapping, deps, known }: ReadStep): Promise<DeletionPlan | null> {
  return deps.limit === null ? planDeletions(mapping, known.mappingId, deps) : null;
}

async function deleteGone(deletions: DeletionPlan, { mapping, phase, deps, known, path }: ReadStep): Promise<void> {
  path.slices += 1;
  const work = { mappingId: known.mappingId, commitSize: phase.commitSize, ordinal: path.slices };
  await carryOutDeletions(mapping, deletions, work, deps);
}

/** A step that reads, with everything that its records meet. */
interface ReadStep {
  readonly mapping: Mapping;
  readonly phase: MappingPhase;
  readonly deps: StepDeps;
  readonly known: KnownState;
  readonly commitDeps: CommitDeps;
  readonly path: Path;
  readonly statistics: Statistics;
  /** Ids of records that must be read again, changed or not. */
  readonly again: readonly string[];
  readonly answer: Answer;
}

const NEW_ANSWER: Answer = { ofThePast: false, job: null };

async function openStep(mapping: Mapping, phase: MappingPhase, deps: StepDeps): Promise<ReadStep> {
  const { scope, project } = deps;
  const known = await knownState(mapping, deps);
  const again = await readAgain(mapping, known, deps);
  const loader = await openLoader(mapping, scope, { ...linkContext(project), keys: scope.keys });
  const mapper = recordMapper(mapping, deps, answering(mapping, deps));
  const statistics = new Statistics(known, loader.contested, deps);
  const commitDeps: CommitDeps = {
    ...deps,
    mapping,
    phase: phase.phase,
    loader,
    known,
    merged: new Set(),
    encodeAgain: (records, fields) => loader.encode(mapper.again(records, fields)),
  };
  const answer: Answer = { ...NEW_ANSWER };
  const filtered = { always: loader.contested, asksOthers: mapper.asksOthers };
  const path: Path = {
    onlyChanged: takingBackNotices(changeFilter(known, filtered, deps), mapping, known, { ...deps, answer }),
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
  return { mapping, phase, deps, known, commitDeps, path, statistics, again, answer };
}

async function readings({ mapping, phase, deps, again, known }: ReadStep): Promise<readonly Reading[]> {
  const { scope, request, signal } = deps;
  const { name, version } = mapping;
  const isIncremental = mapping.incremental !== null && mapping.source.file === null && request.only === null;
  return chooseReadings({
    mapping,
    request,
    watermark: await findWatermark(scope, name),
    knowsRecords: known.records || known.waiting || known.leftOut || known.quarantined,
    orgNow: isIncremental ? (await (await deps.salesforce()).serverNow(signal)).toISOString() : null,
    unfinished: await findUnfinishedReading(scope, { mapping: name, phase: phase.phase, version }),
    again: again.length,
  });
}

/** Reads one window, or everything; its last commit moves the watermark. */
async function carryOutReading(reading: Reading, step: ReadStep): Promise<void> {
  const { mapping, deps, path } = step;
  const { scope, stepId, tally, log } = deps;
  const { report, nextWatermark, resume } = reading;
  tally.reading = { ...report, resumed_job: report.resumed_job ?? tally.reading?.resumed_job ?? null };
  log.info({ ...report }, 'reading');
  await beginReading(scope, stepId, { version: mapping.version, report, nextWatermark });
  // Should this run end before its first commit, too, the next one knows the place all the same.
  if (resume !== null) await saveSlice(scope, stepId, resume, { records: 0, counts: {}, total: null });
  await noticeGone(mapping, report, step.known, deps);
  const isFull = report.kind === 'full' && deps.request.limit === null;
  // Before anything is read, so that the watermark never says more than what is done: what comes live is taken back.
  if (isFull && !isOldAnswer(reading)) await noticeMissing(mapping, step.known, deps);
  const atEnd = async (tx: Tx): Promise<void> => {
    if (isFull && !isOldAnswer(reading) && step.known.quarantined) {
      await closeUnseen(tx, step.known.mappingId, deps.runId);
    }
    await moveWatermark(tx, reading, step);
  };
  const batches = readSource({ ...whatOf(reading, step), resume, counted: deps.counted }, step);
  Object.assign(step.answer, { ofThePast: resume !== null, job: resume?.job ?? null });
  // Without any batch there was nothing to read, as a file that may be missing: that says nothing of what was in it.
  if (!(await walk(batches, path, atEnd))) await scope.transaction(async (tx) => moveWatermark(tx, reading, step));
  Object.assign(step.answer, NEW_ANSWER);
  if (isOldAnswer(reading) || reading.idsDue) await compareDueIds(step);
  if (nextWatermark !== null) tally.watermark = nextWatermark;
}

/** An old job brings records as they were: what was purged since is among them, and is looked for when they are here. */
function isOldAnswer({ report }: Reading): boolean {
  return report.resumed_job !== null;
}

async function moveWatermark(tx: Tx, reading: Reading, { mapping, known, deps }: ReadStep): Promise<void> {
  const { report, nextWatermark } = reading;
  if (nextWatermark === null) return;
  await saveWatermark(tx, {
    mapping: mapping.name,
    source: mapping.source.object,
    value: nextWatermark,
    version: mapping.version,
    parts: mapping.parts,
    isFull: report.kind === 'full',
    idsDue: isOldAnswer(reading),
    runId: deps.runId,
  });
  await readAgainAfterNameless(tx, {
    mapping: mapping.name,
    mappingId: known.mappingId,
    runId: deps.runId,
    isResumed: report.resumed_job !== null,
  });
}

/** Should it not come so far, the watermark tells the next run to do it. */
async function compareDueIds({ mapping, deps, known }: ReadStep): Promise<void> {
  await noticeMissing(mapping, { ...known, records: true }, deps);
  await rememberIdsCompared(deps.scope, mapping.name);
}

/** Takes records as the quarantine has kept them, and asks their source only for those that it has not. */
async function redrive(entryIds: readonly string[], { report }: Reading, step: ReadStep): Promise<void> {
  const { mapping, deps } = step;
  const { scope, stepId, tally, log } = deps;
  tally.reading = report;
  tally.expected = entryIds.length;
  log.info({ ...report }, 'reading');
  await beginReading(scope, stepId, { version: mapping.version, report, nextWatermark: null });
  await walkQuarantine(entryIds, step);
}

/** What the database has refused for another row's sake it may take now, although the record has not changed. */
async function redriveRefused(step: ReadStep): Promise<void> {
  const { deps, known } = step;
  const { tally, request, scope, runId } = deps;
  const isUsual = request.limit === null && request.since === null && request.until === null;
  if (!isUsual || !known.quarantined || tally.reading?.kind !== 'window') return;
  const entryIds = await refusedByDatabase(scope, known.mappingId, runId);
  if (entryIds.length > 0) await walkQuarantine(entryIds, step);
}

async function walkQuarantine(entryIds: readonly string[], step: ReadStep): Promise<void> {
  const { mapping, phase, deps, path, known } = step;
  const opened = openQuarantine(mapping, entryIds, { ...deps, mappingId: known.mappingId, batchSize: phase.batchSize });
  // What was kept says nothing of who has gone since.
  step.answer.ofThePast = true;
  await walk(opened.batches, path);
  step.answer.ofThePast = false;
  if (opened.toRead.length > 0) await walk(opened.found(readSource({ ids: opened.toRead }, step)), path);
  await opened.close();
}

function whatOf({ report, nextWatermark }: Reading, { mapping, deps }: ReadStep): Partial<ExtractRequest> {
  const { only } = deps.request;
  if (only !== null) return { ids: only.byMapping.get(mapping.name) ?? [] };
  if (mapping.incremental === null) return {};
  const { cursor } = mapping.incremental;
  const window = { cursor, from: report.from, to: report.to };
  return { window, until: nextWatermark === null ? report.to : endOf(nextWatermark) };
}

function readSource(
  request: Partial<ExtractRequest>,
  { mapping, phase, deps, path }: ReadStep,
): AsyncIterable<SourceBatch> {
  const { tally, scope, stepId } = deps;
  return extract(
    { mapping, batchSize: phase.batchSize, limit: deps.limit, ...request },
    {
      salesforce: deps.salesforce,
      folder: deps.project.folder,
      log: deps.log,
      signal: deps.signal,
      onExpected: (expected) => {
        tally.expected = expected;
        deps.onProgress();
      },
      // Written down before the job is waited for: whoever comes after us can go on with it.
      onJob: async (job) =>
        saveSlice(
          scope,
          stepId,
          { kind: 'bulk_page', ordinal: path.slices + 1, job, locator: null },
          { records: 0, counts: {}, total: null },
        ),
      onWarning: (what, times) => tally.addWarnings(new Map([[what, times]])),
    },
  );
}

async function knownState(mapping: Mapping, { scope, fullRefresh }: StepDeps): Promise<KnownState> {
  const id = await mappingId(scope, mapping.name);
  const waiting = await hasWaiting(scope, id);
  return {
    mappingId: id,
    records: (await knowsRecords(scope, id)) || fullRefresh,
    waiting,
    deferred: waiting,
    quarantined: await hasQuarantined(scope, id),
    leftOut: await hasLeftOut(scope, id),
    deleted: await hasDeleted(scope, id),
  };
}
