import type { Fault, RequestRule } from '../../src/simulator/faults.ts';
import type { Chance } from './chance.ts';

/**
 * How a run ends before its time:
 * - abort: somebody interrupts it;
 * - cut: the server ends its connections, and it hears of that;
 * - vanish: it is killed, and does nothing any more, not even tidy up.
 */
export interface Kill {
  readonly how: 'abort' | 'cut' | 'vanish';
  /** Before the statement of this number. */
  readonly at: number;
}

/** How a run goes. */
export interface RunWay {
  readonly kind: 'run' | 'plan';
  readonly form: string;
  readonly fullRefresh: boolean;
  readonly api: 'auto' | 'rest' | 'bulk';
  readonly batchSize: number;
  readonly commitSize: number;
  readonly faults: readonly (RequestRule & { readonly fault: Fault })[];
  readonly kill: Kill | null;
  /** API calls that it may make; null for as many as it likes. */
  readonly calls: number | null;
  /** Requests before which the org changes. */
  readonly changesAt: readonly number[];
  /** How far our own clock is off, in milliseconds. */
  readonly skewMs: number;
}

/** As an admin would hope. */
export function quietWay(form: string): RunWay {
  return {
    kind: 'run',
    form,
    fullRefresh: false,
    api: 'auto',
    batchSize: 1000,
    commitSize: 1000,
    faults: [],
    kill: null,
    calls: null,
    changesAt: [],
    skewMs: 0,
  };
}

const SIZES = [1, 2, 3, 7, 1000] as const;
const DAY_MS = 86_400_000;

export function drawWay(chance: Chance, form: string): RunWay {
  const troubled = chance.happens(0.6);
  return {
    kind: chance.happens(0.1) ? 'plan' : 'run',
    form,
    fullRefresh: chance.happens(0.1),
    api: chance.pick(['auto', 'rest', 'bulk']),
    batchSize: chance.pick(SIZES),
    commitSize: chance.pick(SIZES),
    faults: troubled && chance.happens(0.6) ? many(chance, 1, 3, () => drawFault(chance)) : [],
    kill: troubled && chance.happens(0.5) ? drawKill(chance) : null,
    calls: chance.happens(0.08) ? chance.between(2, 15) : null,
    changesAt: chance.happens(0.35) ? many(chance, 1, 3, () => chance.between(1, 20)) : [],
    skewMs: chance.pick([0, 0, 0, -DAY_MS, DAY_MS, 37_000]),
  };
}

function drawKill(chance: Chance): Kill {
  const how = chance.weighted({ abort: 2, cut: 1, vanish: 3 });
  return { how, at: chance.between(1, chance.pick([20, 60, 150])) };
}

function drawFault(chance: Chance): RunWay['faults'][number] {
  return {
    fault: anyFault(chance),
    nth: chance.between(1, 25),
    times: chance.pick([1, 1, 1, 2, 8]),
  };
}

const STATUSES: readonly Extract<Fault, { kind: 'status' }>[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, html: true },
  { kind: 'status', status: 429, retryAfter: 0 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 400, code: 'QUERY_TIMEOUT' },
  { kind: 'status', status: 400, code: 'INVALID_QUERY_LOCATOR' },
  { kind: 'status', status: 403, code: 'REQUEST_LIMIT_EXCEEDED' },
  { kind: 'status', status: 404 },
];

/** Every kind of fault that the simulated org knows. */
function anyFault(chance: Chance): Fault {
  const afterBytes = chance.pick([0, 1, 30, 200, 900]);
  const kind = chance.weighted<Fault['kind']>({
    status: 6,
    reset: 3,
    cut: 3,
    stall: 0.3,
    drop: 2,
    truncate: 3,
    'wrong-count': 1,
    'no-locator': 1,
    'invalid-utf8': 1,
    'expire-session': 2,
    'expire-locator': 2,
    'expire-job': 1,
    'fail-job': 2,
    delay: 1,
    hold: 0.3,
    'spent-limit': 1,
  });
  switch (kind) {
    case 'status':
      return chance.pick(STATUSES) ?? { kind, status: 500 };
    case 'reset':
      return { kind, afterBytes, withLength: chance.happens(0.5) };
    case 'cut':
    case 'stall':
      return { kind, afterBytes };
    case 'truncate':
      return { kind, rows: chance.between(0, 4), insideRow: chance.happens(0.5) };
    case 'wrong-count':
      return { kind, by: chance.pick([-1, 1]) };
    case 'invalid-utf8':
      return { kind, row: chance.between(0, 2) };
    case 'fail-job':
      return { kind, message: chance.pick(['InternalServerError', 'QUERY_TIMEOUT: took too long']) };
    case 'delay':
      return { kind, ms: 3 };
    case 'drop':
      return { kind, before: chance.happens(0.5) };
    case 'no-locator':
    case 'expire-session':
    case 'expire-locator':
    case 'expire-job':
    case 'hold':
    case 'spent-limit':
      return { kind };
  }
}

function many<T>(chance: Chance, low: number, high: number, draw: () => T): T[] {
  return Array.from({ length: chance.between(low, high) }, draw);
}

/** Faults after which nothing comes any more: whoever waits must give up by the clock. */
export function isSilent({ fault }: RunWay['faults'][number]): boolean {
  return fault.kind === 'stall' || fault.kind === 'hold';
}

export function wayText(way: RunWay): string {
  const { kind, form, fullRefresh, api, batchSize, commitSize, faults, kill, calls, changesAt, skewMs } = way;
  return [
    kind,
    form === 'plain' ? '' : `of the ${form} project`,
    fullRefresh ? 'with --full-refresh' : '',
    `by ${api}, batches of ${batchSize}, commits of ${commitSize}`,
    ...faults.map(({ fault, nth, times }) => `${JSON.stringify(fault)} at request ${nth} (times ${times})`),
    kill === null ? '' : `${kill.how} at statement ${kill.at}`,
    calls === null ? '' : `at most ${calls} calls`,
    changesAt.length === 0 ? '' : `changes at requests ${changesAt.join(', ')}`,
    skewMs === 0 ? '' : `our clock ${skewMs / 1000} s off`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}
