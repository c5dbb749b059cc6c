import { afterEach } from '@jest/globals';
import { pino } from 'pino';
import { type Reconciled, reconcileProject, type ReconcileRequest } from '../../src/app/reconcile.ts';
import type { MappingComparison } from '../../src/reconcile/report.ts';
import { connect } from '../../src/salesforce/connect.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { settingsFor } from './dock.ts';
import type { Rig } from './rig.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** Compares a rig's org with its database, as the command does. */
export async function reconcile(rig: Rig, request: Partial<ReconcileRequest> = {}): Promise<Reconciled> {
  const { signal } = new AbortController();
  const salesforce = await connect(settingsFor(rig.org), {
    env: {},
    signal,
    now: () => new Date(),
    onRetry: () => undefined,
    retries: { firstPauseMs: 1 },
  });
  open.push(() => salesforce.close());
  return reconcileProject(
    {
      project: rig.project,
      plugins: [],
      log: pino({ level: 'silent' }),
      signal,
      state: async () => {
        await prepareState(rig.database);
        return rig.database;
      },
      salesforce: async () => salesforce,
      run: async ({ kind, request: asked }) => rig.run(asked, { kind }),
    },
    {
      select: [],
      values: false,
      fix: false,
      listed: 1_000,
      onMapping: () => undefined,
      onEvent: () => undefined,
      ...request,
    },
  );
}

/** The comparison of one mapping. */
export function comparisonOf({ mappings }: Reconciled, mapping: string): MappingComparison {
  const found = mappings.find((one) => one.mapping === mapping);
  if (found === undefined) throw new Error(`${mapping} was not compared`);
  return found;
}

/** Its differing records, as `kind id`, with the reason where there is one. */
export function differencesOf(found: Reconciled, mapping: string): string[] {
  return comparisonOf(found, mapping).differences.map(({ kind, id, reason }) =>
    reason === null ? `${kind} ${id}` : `${kind} ${id} ${reason}`,
  );
}
