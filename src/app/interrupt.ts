/** What Ctrl-C and SIGTERM do while a command works. */
export interface Interrupt {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** Takes the handlers away. */
  stop(): void;
}

export interface InterruptDeps {
  readonly process: Pick<NodeJS.Process, 'on' | 'off'>;
  readonly clock: () => number;
  /** Told once, at the first signal. */
  readonly onFirst: (signal: NodeJS.Signals) => void;
  /** Told at the next signal: the person will not wait. */
  readonly onSecond: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal sends Ctrl-C to every process, and npx and our launcher pass it on: what comes so soon is the same one. */
const SAME_SIGNAL_MS = 500;

/**
 * Listens for the signals that ask a process to end.
 * - first: `signal` aborts; the open commit is finished or rolled back, the run is marked interrupted.
 * - second, half a second later or more: `onSecond`, which ends the process at once.
 */
export function listenForInterrupt(deps: InterruptDeps): Interrupt {
  const controller = new AbortController();
  let firstAt: number | null = null;
  const handle = (name: NodeJS.Signals): void => {
    if (firstAt === null) {
      firstAt = deps.clock();
      deps.onFirst(name);
      controller.abort();
    } else if (deps.clock() - firstAt >= SAME_SIGNAL_MS) deps.onSecond();
  };
  for (const name of SIGNALS) deps.process.on(name, handle);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of SIGNALS) deps.process.off(name, handle);
    },
  };
}
