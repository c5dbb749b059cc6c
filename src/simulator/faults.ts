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
