import type { RunReport } from '../flow/run-events.ts';
import type { PluginLog } from './define-plugin.ts';
import { type Fault, faultThrown } from './fault.ts';
import type { LoadedNotifier, LoadedPlugin } from './loaded-plugin.ts';

/** A run is over: whoever waits for its end shall not wait for a mail server that does not answer. */
const PATIENCE_MS = 30_000;

export interface NotifyDeps {
  readonly log: PluginLog;
  /** Told of each notifier that fails; the run stays what it was. */
  readonly onFault: (fault: Fault) => void;
  readonly patienceMs?: number;
}

/** Tells every notifier, one after another, how a run ended. Never throws. */
export async function runNotifiers(
  plugins: readonly LoadedPlugin[],
  report: RunReport,
  { log, onFault, patienceMs = PATIENCE_MS }: NotifyDeps,
): Promise<void> {
  for (const notifier of plugins.flatMap(({ notifiers }) => notifiers)) {
    const fault = await notify(notifier, report, { log, patienceMs });
    if (fault !== null) onFault(fault);
  }
}

async function notify(
  notifier: LoadedNotifier,
  report: RunReport,
  { log, patienceMs }: Required<Pick<NotifyDeps, 'log' | 'patienceMs'>>,
): Promise<Fault | null> {
  const controller = new AbortController();
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), patienceMs);
  // Its own copy: one that changes the report must not change what others and the command see.
  const told = async (): Promise<unknown> => notifier.run(structuredClone(report), { log, signal: controller.signal });
  try {
    if ((await Promise.race([told(), late.promise])) !== 'late') return null;
    controller.abort();
    return { function: notifier.name, file: notifier.file, what: `took longer than ${patienceMs / 1000} s` };
  } catch (error) {
    return faultThrown(notifier, error);
  } finally {
    clearTimeout(timer);
  }
}
