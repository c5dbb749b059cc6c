import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Project } from '../config/project.ts';
import type { Database, Tx } from '../database/database.ts';
import { toSyncError } from '../database/database-error.ts';
import type { SyncError } from '../errors/sync-error.ts';
import type { RunReport, StepReport } from '../flow/run-events.ts';
import type { RunCall } from '../flow/run-request.ts';
import { planRun } from '../plan/plan-run.ts';
import type { BoundFunctions } from '../plugin/bind-functions.ts';
import type { RunPlan, Step } from '../plan/step.ts';
import { addEvent } from '../state/events.ts';
import { acquireRunLock } from '../state/lock.ts';
import { prepareState } from '../state/prepare-state.ts';
import type { RecordKeeping } from '../state/quarantine.ts';
import { tendQuarantine } from '../state/tend-quarantine.ts';
import { doneBeforeBudget } from '../state/budget-stops.ts';
import { finishRun, markOrphans, startRun } from '../state/runs.ts';
import { rememberObjects } from '../state/source-objects.ts';
import { finishStep, startStep } from '../state/steps.ts';
import { type CommitScope, committing, previewing } from './commit-scope.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import { healSteps } from './heal-steps.ts';
import { holdState } from './hold-state.ts';
import { keepHistory, prepareHistory } from './keep-history.ts';
import { runLinkStep } from './link-step.ts';
import { runReadStep } from './read-step.ts';
import { readsOtherStamp } from './reads-other-stamp.ts';
import { retryRefused } from './retry-refused.ts';
import { passedOver, reported, reportRun, stepStatus } from './run-report.ts';
import { ofBudget } from './budget-too-small.ts';
import { OrgOfRun, refusalOf, type RunSurvey, stopOf, surveyRun } from './survey-run.ts';
import { asSyncError } from './as-sync-error.ts';
import type { Org } from './step-deps.ts';
import { StepTally } from './step-tally.ts';

/** Two commits at once keep the database busy while the next batch is prepared; more gain nothing. */
const COMMITS_AT_ONCE = 2;

export interface EngineDeps {
  readonly project: Project;
  readonly database: Database;
  /** Connects when first asked for: a run of links alone needs no org. */
  readonly salesforce: () => Promise<Org>;
  /** Of the project's plugins. */
  readonly functions: BoundFunctions;
  /** Creates or checks the target tables; given the run's own transaction when the run is a plan. */
  readonly prepareTables: (target: Database | Tx) => Promise<void>;
  /** What is kept of a record in quarantine. */
  readonly keeping: RecordKeeping;
  readonly log: Logger;
  readonly now: () => Date;
  readonly host: string;
  readonly pid: number;
}

/**
 * Carries out a run or a plan: steps in order, each on its own, until all are done or one says that no other can.
 * @throws SyncError before anything has begun (selection, lock, tables); afterwards trouble is in the report
 */
export async function executeRun(call: RunCall, deps: EngineDeps): Promise<RunReport> {
  try {
    return await execute(call, deps);
  } catch (error) {
    // Trouble of the database outside of any step: the run cannot even be written down.
    throw toSyncError(error);
  }
}

async function execute(call: RunCall, deps: EngineDeps): Promise<RunReport> {
  const plan = planRun(deps.project, call.request);
  const mappings = new Set(plan.steps.map(({ mapping }) => mapping));
  await prepareState(deps.database);
  if (call.kind === 'plan') {
    return previewing(deps.database, async (scope, tx) => {
      await holdState(tx, deps.project, mappings);
      await deps.prepareTables(tx);
      return carryOut(call, plan, scope, deps);
    });
  }
  const lock = await acquireRunLock(deps.database, deps.project.name);
  try {
    await holdState(deps.database, deps.project, mappings);
    await markOrphans(deps.database, deps.project.name);
    await tendQuarantine(deps.database, deps.project.privacy.quarantine.retention, deps.keeping);
    await deps.prepareTables(deps.database);
    await prepareHistory(deps.database, deps.project);
    const signal = AbortSignal.any([call.signal, lock.lost]);
    const report = await carryOut({ ...call, signal }, plan, committing(deps.database, COMMITS_AT_ONCE), deps);
    await forgetOldRuns(deps, report.run_id, signal);
    return report;
  } finally {
    await lock.release();
  }
}

async function carryOut(call: RunCall, plan: RunPlan, plain: CommitScope, deps: EngineDeps): Promise<RunReport> {
  const runId = randomUUID();
  const started = deps.now();
  const log = deps.log.child({ run: runId });
  const { request, onEvent } = call;
  const newRun = {
    id: runId,
    project: deps.project.name,
    command: call.command ?? call.kind,
    host: deps.host,
    pid: deps.pid,
    options: { ...request, only: request.only?.kind ?? null },
  };
  await startRun(plain, newRun);
  const before = request.only === null ? await doneBeforeBudget(plain, newRun) : new Map<string, never>();
  // One whose mapping has changed since has to be done again.
  const isDone = (step: Step) => before.get(nameOf(step)) === step.mapping.version;
  const scope = await keepHistory(plain, deps.project, runId);
  onEvent({
    type: 'run_started',
    runId,
    steps: plan.steps.map(({ phase, mapping }) => ({ phase, mapping: mapping.name })),
  });
  log.info({ steps: plan.steps.length, kind: call.kind }, 'run started');

  const today = started.toISOString().slice(0, 10);
  const steps: StepReport[] = [];
  const stepIds: string[] = [];
  const org = new OrgOfRun(deps.salesforce);
  const runDeps = { ...deps, salesforce: org.connect };
  const toCome = { ...plan, steps: plan.steps.filter((step) => !isDone(step)) };
  const surveyed = await surveyRun(toCome, call, { ...runDeps, project: deps.project.name, runId, scope, log });
  const { survey } = surveyed;
  let stop = stopOf(surveyed);
  for (const [index, step] of plan.steps.entries()) {
    if (stop !== null) break;
    const stepLog = log.child({ step: nameOf(step) });
    const place = { runId, index, log: stepLog, steps, stepIds };
    const context = { ...place, call, plan, deps: runDeps, org, scope, today, surveyed };
    const { report, error } = isDone(step) ? await passOver(step, context) : await carryOutStep(step, context);
    steps.push(report);
    onEvent({ type: 'step_finished', step: index, report });
    if (error !== null && endsRun(error, request.failFast)) stop = error;
  }
  if (stop === null) stop = await deleteRefused(plan, { ...runDeps, scope, signal: call.signal, log, steps, stepIds });
  const finished = deps.now();
  const report = reportRun({ runId, started, finished, steps, stop, kind: call.kind, survey, apiCalls: org.calls() });
  // What was noticed is told again until a run has come to its end with it.
  if (call.kind === 'run' && report.status.startsWith('succeeded')) {
    await rememberObjects(scope, [...survey.objects.values()]);
  }
  await finishRun(scope, report);
  await addEvent(scope, { runId, kind: 'run_finished', data: { status: report.status } });
  log.info({ status: report.status, duration_ms: report.duration_ms }, 'run finished');
  onEvent({ type: 'run_finished', report });
  return report;
}

function nameOf({ phase, mapping }: Step): string {
  return `${phase}/${mapping.name}`;
}

/** The run before, which stopped at its API budget, has done it. */
async function passOver(
  { phase, mapping }: Step,
  { scope, runId, index, stepIds, log }: StepContext,
): Promise<{ readonly report: StepReport; readonly error: null }> {
  const { name, version } = mapping;
  const stepId = await startStep(scope, { runId, ordinal: index + 1, phase, mapping: name, version });
  stepIds.push(stepId);
  const report = passedOver(phase, name);
  await finishStep(scope, stepId, report);
  log.info('step passed over: done by the run that stopped at its API budget');
  return { report, error: null };
}

/** @returns what ends the run, or null */
async function deleteRefused(
  plan: RunPlan,
  deps: Pick<EngineDeps, 'project'> &
    Pick<StepContext, 'scope' | 'log' | 'steps' | 'stepIds'> & { readonly signal: AbortSignal },
): Promise<SyncError | null> {
  const { scope, signal, steps, stepIds } = deps;
  try {
    for (const [ordinal, report] of await retryRefused(plan, steps, deps)) {
      steps[ordinal - 1] = report;
      await finishStep(scope, stepIds[ordinal - 1] ?? '', report);
    }
    return null;
  } catch (thrown) {
    return asSyncError(thrown, signal);
  }
}

interface StepContext {
  readonly call: RunCall;
  readonly plan: RunPlan;
  readonly deps: EngineDeps;
  readonly org: OrgOfRun;
  readonly scope: CommitScope;
  readonly runId: string;
  readonly index: number;
  readonly log: Logger;
  readonly today: string;
  /** Reports of the steps so far; a later step may link what an earlier one left waiting. */
  readonly steps: StepReport[];
  /** Keys of their rows in `sluice.step`. */
  readonly stepIds: string[];
  readonly surveyed: RunSurvey;
}

async function carryOutStep(
  step: Step,
  context: StepContext,
): Promise<{ readonly report: StepReport; readonly error: SyncError | null }> {
  const { call, deps, scope, runId, index, log } = context;
  const tally = new StepTally();
  const started = deps.now();
  const used = { before: 0 };
  const salesforce = async () => {
    const dock = await deps.salesforce();
    // Asked for more than once, by those who read and by those who look something up.
    if (orgInUse === null) used.before = dock.usage().calls;
    orgInUse = dock;
    return dock;
  };
  let orgInUse: Org | null = null;
  let error: SyncError | null = null;
  const { phase, mapping, settings } = step;
  const { name, version } = mapping;
  const stepId = await startStep(scope, { runId, ordinal: index + 1, phase, mapping: name, version });
  context.stepIds.push(stepId);
  call.onEvent({ type: 'step_started', step: index, phase, mapping: name, expected: null });
  try {
    const stepDeps = {
      project: deps.project,
      functions: deps.functions,
      today: context.today,
      scope,
      keeping: deps.keeping,
      salesforce,
      objects: context.surveyed.survey.objects,
      counted: context.surveyed.survey.counted.get(name) ?? null,
      log,
      signal: call.signal,
      runId,
      stepId,
      tally,
      request: call.request,
      limit: call.request.limit,
      fullRefresh: call.request.fullRefresh || (await isStampedAnew(step, context)),
      onProgress: () =>
        call.onEvent({ type: 'step_progress', step: index, counts: tally.counts, expected: tally.expected }),
    };
    const refusal = refusalOf(step, context.surveyed);
    if (refusal !== null) throw refusal;
    await (step.kind === 'read' ? runReadStep : runLinkStep)(mapping, settings, stepDeps);
    tally.holdPromise(name);
    const healed = await healSteps(context.plan, step.ordinal, context.steps, stepDeps);
    for (const [ordinal, report] of healed) {
      context.steps[ordinal - 1] = report;
      await finishStep(scope, context.stepIds[ordinal - 1] ?? '', report);
    }
  } catch (thrown) {
    error = await ofBudget(asSyncError(thrown, call.signal), step, context);
    log.error({ code: error.code, err: error }, 'step failed');
  }
  const dock = orgInUse as Org | null;
  const report: StepReport = {
    phase,
    mapping: name,
    status: stepStatus(tally, error, call.kind),
    duration_ms: deps.now().getTime() - started.getTime(),
    api_calls: dock === null ? 0 : dock.usage().calls - used.before,
    watermark: tally.watermark,
    counts: tally.counts,
    links: tally.links,
    tables: tally.tables,
    reading: tally.reading,
    warnings: Object.fromEntries(tally.warnings),
    quarantined: Object.fromEntries(tally.quarantined),
    skipped: Object.fromEntries(tally.skipped),
    ...(call.kind === 'plan' ? { changes: Object.fromEntries(tally.changes) } : {}),
    error: error === null ? null : reported(error),
  };
  await finishStep(scope, stepId, report);
  log.info({ status: report.status, counts: report.counts, links: report.links }, 'step finished');
  return { report, error };
}

async function isStampedAnew({ kind, mapping }: Step, { call, scope }: StepContext): Promise<boolean> {
  return kind === 'read' && call.request.only === null && readsOtherStamp(mapping, scope);
}

/** Trouble with the surroundings would meet every other step as well; trouble with one mapping would not. */
function endsRun(error: SyncError, failFast: boolean): boolean {
  return failFast || error.spec.exit === 130 || error.spec.exit === 3 || error.spec.exit === 5;
}
