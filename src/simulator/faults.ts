import { setTimeout as sleep } from 'node:timers/promises';

/** What can go wrong on purpose. Each kind lists what the client sees. */
export type Fault =
  /** This status instead of an answer; `html` as proxies and maintenance pages do. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly retryAfter?: string | number;
      readonly html?: boolean;
    }
  /** The connection is reset when so many bytes of the body are out; `withLength` announces the whole length first. */
  | { readonly kind: 'reset'; readonly afterBytes: number; readonly withLength?: boolean }
  /** The body ends cleanly after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The body stops after so many bytes and the connection stays open: until it is released, or for so long. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly forMs?: number }
  /** The connection is reset in place of an answer: after the request was carried out, or before. */
  | { readonly kind: 'drop'; readonly before?: boolean }
  /** A Bulk page ends cleanly after so many rows, or inside of the row that follows. */
  | { readonly kind: 'truncate'; readonly rows: number; readonly insideRow?: boolean }
  /** `Sforce-NumberOfRecords` is off by so many. */
  | { readonly kind: 'wrong-count'; readonly by: number }
  /** `Sforce-Locator` is missing. */
  | { readonly kind: 'no-locator' }
  /** Bytes that are no UTF-8 stand in this row of a Bulk page, counted from 0. */
  | { readonly kind: 'invalid-utf8'; readonly row?: number }
  /** Every access token dies before the request is looked at. */
  | { readonly kind: 'expire-session' }
  /** The locator in the request is forgotten. */
  | { readonly kind: 'expire-locator' }
  /** The job in the request is gone, as after seven days. */
  | { readonly kind: 'expire-job' }
  /** A poll finds the job failed. */
  | { readonly kind: 'fail-job'; readonly message: string }
  /** The answer begins late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer begins when the fault is released or cleared, or after so long. */
  | { readonly kind: 'hold'; readonly forMs?: number }
  /** The daily limit of API requests is used up. */
  | { readonly kind: 'spent-limit' };

/** No fault of the org: something is done before the request is looked at, such as a change of what it reads. */
export interface Errand {
  readonly kind: 'run';
  readonly run: () => void | Promise<void>;
}

/** Which requests are meant. */
export interface RequestRule {
  /** Any where not told. */
  readonly method?: string;
  /** A regular expression on path and query string, as sent. */
  readonly path?: string;
  /** The first matching request that it strikes, from 1. */
  readonly nth?: number;
  /** How many it strikes; 1 unless told. */
  readonly times?: number | 'always';
}

export interface FaultRule extends RequestRule {
  readonly fault: Fault;
}

export interface FaultHandle {
  /** Requests struck so far. */
  readonly hits: () => number;
  /** Switches the fault off and lets go of what it holds. */
  readonly release: () => void;
}

interface Active {
  readonly rule: RequestRule;
  readonly fault: Fault | Errand;
  readonly path: RegExp | null;
  readonly gate: Promise<void>;
  readonly open: () => void;
  seen: number;
  hits: number;
}

/** A fault that strikes one request; `released` settles when the rule is released or cleared. */
export interface Strike {
  readonly fault: Fault | Errand;
  readonly released: Promise<void>;
}

/** The faults that are switched on. */
export class Faults {
  #active: Active[] = [];

  add({ fault, ...rule }: FaultRule): FaultHandle {
    return this.#switchOn(rule, fault);
  }

  /** Does something when a request that is meant comes in; the request waits for it. */
  onRequest(rule: RequestRule, run: Errand['run']): FaultHandle {
    return this.#switchOn(rule, { kind: 'run', run });
  }

  #switchOn(rule: RequestRule, fault: Fault | Errand): FaultHandle {
    const { promise, resolve } = Promise.withResolvers<void>();
    const path = rule.path === undefined ? null : new RegExp(rule.path);
    const active: Active = { rule, fault, path, gate: promise, open: resolve, seen: 0, hits: 0 };
    this.#active.push(active);
    return {
      hits: () => active.hits,
      release: () => {
        this.#active = this.#active.filter((other) => other !== active);
        active.open();
      },
    };
  }

  clear(): void {
    for (const active of this.#active) active.open();
    this.#active = [];
  }

  /** The faults that strike this request; asking counts as a request. */
  strike(method: string, path: string): Strike[] {
    const strikes: Strike[] = [];
    for (const active of this.#active) {
      const { rule } = active;
      if (rule.method !== undefined && rule.method.toUpperCase() !== method) continue;
      if (active.path !== null && !active.path.test(path)) continue;
      active.seen += 1;
      const first = rule.nth ?? 1;
      const times = rule.times === 'always' ? Infinity : (rule.times ?? 1);
      if (active.seen < first || active.seen >= first + times) continue;
      active.hits += 1;
      strikes.push({ fault: active.fault, released: active.gate });
    }
    return strikes;
  }
}

/** The first strike of a kind. */
export function strikeOf<Kind extends Fault['kind']>(
  strikes: readonly Strike[],
  kind: Kind,
): (Strike & { readonly fault: Extract<Fault, { kind: Kind }> }) | undefined {
  return strikes.find(
    (strike): strike is Strike & { fault: Extract<Fault, { kind: Kind }> } => strike.fault.kind === kind,
  );
}

/** Until it settles; no longer than so many milliseconds, where that is told. */
export async function atMost(released: Promise<void>, ms: number | undefined): Promise<void> {
  await (ms === undefined ? released : Promise.race([released, sleep(ms, undefined, { ref: false })]));
}

/** Numbers from 0 up to 1, without it. */
export type Random = () => number;

const RESULTS = '/jobs/query/[^/]+/results';
const JOB = '/jobs/query/[^/?]+$';
const LOCATED = '/query/[^/]+$|/results\\?.*locator=';

const STATUSES: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, html: true },
  { kind: 'status', status: 503, html: true, retryAfter: 0 },
  { kind: 'status', status: 429, code: 'REQUEST_LIMIT_EXCEEDED', retryAfter: 0 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 400, code: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' },
  { kind: 'status', status: 403, code: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' },
  { kind: 'status', status: 403, code: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' },
];

const FAILURES = [
  'QUERY_TIMEOUT: Your query request was running for too long.',
  'InternalServerError : Retried more than thirty times',
  'InternalServerError',
];

/** One of each kind, with numbers that small answers meet as well as large ones, and where it makes sense to strike. */
const CATALOGUE: Readonly<Record<Fault['kind'], (random: Random) => Omit<FaultRule, 'nth' | 'times'>>> = {
  status: (random) => ({ fault: pick(random, STATUSES) }),
  reset: (random) => ({ fault: { kind: 'reset', afterBytes: bytes(random), withLength: random() < 0.5 } }),
  cut: (random) => ({ fault: { kind: 'cut', afterBytes: bytes(random) } }),
  stall: (random) => ({ fault: { kind: 'stall', afterBytes: bytes(random), forMs: below(random, 100) } }),
  drop: (random) => ({ fault: { kind: 'drop', before: random() < 0.5 } }),
  truncate: (random) => ({
    fault: { kind: 'truncate', rows: below(random, 5), insideRow: random() < 0.5 },
    path: RESULTS,
  }),
  'wrong-count': (random) => ({ fault: { kind: 'wrong-count', by: pick(random, [-1, 1]) }, path: RESULTS }),
  'no-locator': () => ({ fault: { kind: 'no-locator' }, path: RESULTS }),
  'invalid-utf8': (random) => ({ fault: { kind: 'invalid-utf8', row: below(random, 3) }, path: RESULTS }),
  'expire-session': () => ({ fault: { kind: 'expire-session' } }),
  'expire-locator': () => ({ fault: { kind: 'expire-locator' }, path: LOCATED }),
  'expire-job': () => ({ fault: { kind: 'expire-job' }, path: '/jobs/query/750' }),
  'fail-job': (random) => ({ fault: { kind: 'fail-job', message: pick(random, FAILURES) }, method: 'GET', path: JOB }),
  delay: (random) => ({ fault: { kind: 'delay', ms: below(random, 20) } }),
  hold: (random) => ({ fault: { kind: 'hold', forMs: below(random, 100) } }),
  'spent-limit': () => ({ fault: { kind: 'spent-limit' } }),
};

export const FAULT_KINDS = Object.keys(CATALOGUE);

/** Any fault at any request; each of them ends by itself. The same numbers give the same fault. */
export function anyFault(random: Random): FaultRule {
  const draw = pick(random, Object.values(CATALOGUE));
  return { ...draw(random), nth: 1 + below(random, 12), times: pick(random, [1, 1, 1, 2, 8]) };
}

function bytes(random: Random): number {
  return pick(random, [0, 1, 30, 200, 900, 5000]);
}

function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
