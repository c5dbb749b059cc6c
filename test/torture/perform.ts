import type { Logger } from 'pino';
import { type Reconciled, reconcileProject, type ReconcileRequest } from '../../src/app/reconcile.ts';
import type { Project } from '../../src/config/project.ts';
import type { Database } from '../../src/database/database.ts';
import { asSyncError } from '../../src/engine/as-sync-error.ts';
import { executeRun } from '../../src/engine/execute-run.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { EVERYTHING, type RunCall, type RunRequest } from '../../src/flow/run-request.ts';
import { bindFunctions } from '../../src/plugin/bind-functions.ts';
import type { Salesforce } from '../../src/salesforce/salesforce.ts';
import { differs } from '../../src/reconcile/report.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { redrivable } from '../../src/state/quarantine-decisions.ts';
import type { RunWay } from './run-way.ts';

const FUNCTIONS = bindFunctions([], { onFault: () => undefined });

/** What a command has at hand. */
export interface Place {
  readonly project: Project;
  readonly database: Database;
  readonly salesforce: () => Promise<Salesforce>;
  readonly log: Logger;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Mappings of this seed. */
  readonly select: readonly string[];
  /** Told what `sluice reconcile` finds that must not be, where nothing is to be mended. */
  readonly onDifference: (line: string) => void;
}

/** Does what one of the commands does. @returns the reports of all runs that it took */
export async function perform(
  { kind, fullRefresh, limit, sinceMs }: RunWay,
  place: Place,
): Promise<readonly RunReport[]> {
  switch (kind) {
    case 'run':
    case 'plan': {
      const since = sinceMs === null ? null : new Date(place.now().getTime() - sinceMs).toISOString();
      return [await run({ kind, request: requestOf(place, { fullRefresh, limit, since }) }, place)];
    }
    case 'redrive':
      return told(redrive, place);
    case 'reconcile':
      return told(reconcile, place);
    case 'check':
      return told(check, place);
  }
}

/** Trouble outside of a run, as the command line would tell it. */
async function told(
  work: (place: Place) => Promise<readonly RunReport[]>,
  place: Place,
): Promise<readonly RunReport[]> {
  try {
    return await work(place);
  } catch (error) {
    throw asSyncError(error, place.signal);
  }
}

async function redrive(place: Place): Promise<readonly RunReport[]> {
  await prepareState(place.database);
  const found = await redrivable(place.database, {});
  const byMapping = new Map([...found.byMapping].filter(([mapping]) => place.select.includes(mapping)));
  if (byMapping.size === 0) return [];
  const request = requestOf(place, { select: [...byMapping.keys()], only: { kind: 'quarantine', byMapping } });
  return [await run({ kind: 'run', request }, place)];
}

async function reconcile(place: Place): Promise<readonly RunReport[]> {
  const { repair } = await compare(place, { values: false, fix: true });
  return repair?.runs ?? [];
}

/** What a person sees who trusts nobody: the org, and every value, held against what is here. */
async function check(place: Place): Promise<readonly RunReport[]> {
  const { mappings, values } = await compare(place, { values: true, fix: false });
  for (const { mapping, lost, extra, stale, row_missing: missing, differences } of mappings.filter(differs)) {
    const named = differences.map(({ kind, id, reason }) => `${kind} ${id} ${reason ?? ''}`);
    place.onDifference(
      `reconcile finds ${JSON.stringify({ mapping, lost, extra, stale, missing })} ${named.join(', ')}`,
    );
  }
  for (const one of [...(values?.differences ?? []), ...(values?.missing_rows ?? [])]) {
    place.onDifference(`reconcile finds other values: ${JSON.stringify(one)}`);
  }
  return [];
}

async function compare(place: Place, asked: Pick<ReconcileRequest, 'values' | 'fix'>): Promise<Reconciled> {
  await prepareState(place.database);
  return reconcileProject(
    {
      ...place,
      plugins: [],
      state: async () => Promise.resolve(place.database),
      run: async (call) => run(call, place),
    },
    { ...asked, select: place.select, listed: 10, onMapping: () => undefined, onEvent: () => undefined },
  );
}

async function run(call: Pick<RunCall, 'kind' | 'request'>, place: Place): Promise<RunReport> {
  return executeRun(
    { ...call, signal: place.signal, onEvent: () => undefined },
    {
      ...place,
      functions: FUNCTIONS,
      // Made once for all seeds.
      prepareTables: async () => Promise.resolve(),
      keeping: { record: place.project.privacy.quarantine.record, seal: null },
      host: 'torture',
      pid: process.pid,
    },
  );
}

function requestOf({ select }: Place, more: Partial<RunRequest>): RunRequest {
  return { ...EVERYTHING, select, ...more };
}
