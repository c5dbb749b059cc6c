import { anyFault, type FaultRule } from '../../src/simulator/faults.ts';
import type { Chance } from './chance.ts';
import { KIND_NAMES, type KindName } from './kinds.ts';

/**
 * How a run ends before its time:
 * - abort: somebody interrupts it;
 * - cut: the server ends its connections, and it hears of that;
 * - vanish: it is killed, and does nothing any more, not even tidy up.
 */
export interface Kill {
  readonly how: 'abort' | 'cut' | 'vanish';
  /** Before the statement of this number, or before this page of a Bulk result. */
  readonly at: number;
  readonly of: 'statement' | 'page';
}

/** What the project of a seed says beside its mappings. */
export interface Setting {
  /** The brake: past ten records a person is asked; else there is none. */
  readonly isCautious: boolean;
  /** Before-images are kept. */
  readonly hasHistory: boolean;
  /** What is kept of a record in quarantine. */
  readonly keeping: 'keep' | 'omit';
  /** Records can go without a trace, and rows be changed by hand: then only a reading of everything mends all. */
  readonly isLoose: boolean;
}

export function drawSetting(chance: Chance): Setting {
  return {
    isCautious: chance.happens(0.15),
    hasHistory: chance.happens(0.1),
    keeping: chance.happens(0.15) ? 'omit' : 'keep',
    isLoose: chance.happens(0.3),
  };
}

/** How a run goes. */
export interface RunWay {
  /** `check`: a reconciliation that only looks. */
  readonly kind: 'run' | 'plan' | 'redrive' | 'reconcile' | 'check';
  readonly form: string;
  readonly setting: Setting;
  /** Kinds of records whose mappings run; null for all of the seed. */
  readonly only: readonly KindName[] | null;
  /** Records of each step at most; null for all. */
  readonly limit: number | null;
  /** How far back it reads, in milliseconds, whatever the watermark; null for as usual. */
  readonly sinceMs: number | null;
  /** What permissions hide while it goes; null for nothing. */
  readonly hides: string | null;
  readonly fullRefresh: boolean;
  readonly api: 'auto' | 'rest' | 'bulk';
  readonly batchSize: number;
  readonly commitSize: number;
  readonly faults: readonly FaultRule[];
  /** True when it waits only for a moment where nothing comes. */
  readonly isImpatient: boolean;
  readonly kill: Kill | null;
  /** API calls that it may make; null for as many as it likes. */
  readonly calls: number | null;
  /** Requests before which the org changes. */
  readonly changesAt: readonly number[];
  /** True when the rows are looked at while it goes, too. */
  readonly isWatched: boolean;
  /** How far our own clock is off, in milliseconds. */
  readonly skewMs: number;
}

/** As an admin would hope. */
export function quietWay(form: string, setting: Setting): RunWay {
  return {
    kind: 'run',
    form,
    setting,
    only: null,
    limit: null,
    sinceMs: null,
    hides: null,
    fullRefresh: false,
    api: 'auto',
    batchSize: 1000,
    commitSize: 1000,
    faults: [],
    isImpatient: false,
    kill: null,
    calls: null,
    changesAt: [],
    isWatched: false,
    skewMs: 0,
  };
}

const SIZES = [1, 2, 3, 7, 1000] as const;
const DAY_MS = 86_400_000;

export function drawWay(chance: Chance, form: string, setting: Setting): RunWay {
  const troubled = chance.happens(0.6);
  return {
    kind: chance.weighted({ run: 7, plan: 0.7, redrive: 0.7, reconcile: 0.7 }),
    form,
    setting,
    only: chance.happens(0.12) ? KIND_NAMES.filter(() => chance.happens(0.5)) : null,
    limit: chance.happens(0.04) ? chance.between(1, 6) : null,
    sinceMs: chance.happens(0.04) ? chance.pick([0, 60_000, DAY_MS]) : null,
    hides: chance.happens(0.04) ? chance.pick(['Contact.npe01__WorkEmail__c', 'Account', 'Task']) : null,
    fullRefresh: chance.happens(0.1),
    api: chance.pick(['auto', 'rest', 'bulk']),
    batchSize: chance.pick(SIZES),
    commitSize: chance.pick(SIZES),
    faults: troubled && chance.happens(0.6) ? many(chance, 1, 3, () => anyFault(() => chance.draw())) : [],
    isImpatient: troubled && chance.happens(0.2),
    kill: troubled && chance.happens(0.5) ? drawKill(chance) : null,
    calls: chance.happens(0.08) ? chance.between(2, 15) : null,
    changesAt: chance.happens(0.35) ? many(chance, 1, 3, () => chance.between(1, 20)) : [],
    isWatched: chance.happens(0.2),
    skewMs: chance.pick([0, 0, 0, -DAY_MS, DAY_MS, 37_000]),
  };
}

/** A run that is torn from its Bulk job, perhaps one that knows nothing of that, and one that finds the job there. */
export function drawTorn(chance: Chance, form: string, setting: Setting): readonly RunWay[] {
  const quiet = quietWay(form, setting);
  const small = (): Partial<RunWay> => ({ batchSize: chance.pick([1, 2, 3]), commitSize: chance.pick([1, 2, 3]) });
  const kill: Kill = { how: chance.pick(['vanish', 'cut', 'abort']), at: chance.between(1, 4), of: 'page' };
  const first: RunWay = { ...quiet, ...small(), api: 'bulk', kill };
  const kind = chance.weighted({ reconcile: 3, redrive: 1, run: 1 });
  const between = chance.happens(0.7) ? [{ ...quiet, ...small(), kind, sinceMs: 0 }] : [];
  const last = drawWay(chance, form, setting);
  return [first, ...between, { ...last, kind: 'run', api: 'bulk', isWatched: last.isWatched || chance.happens(0.6) }];
}

function drawKill(chance: Chance): Kill {
  const how = chance.weighted({ abort: 2, cut: 1, vanish: 3 });
  return { how, at: chance.between(1, chance.pick([60, 150, 300])), of: 'statement' };
}

function many<T>(chance: Chance, low: number, high: number, draw: () => T): T[] {
  return Array.from({ length: chance.between(low, high) }, draw);
}

export function wayText(way: RunWay): string {
  const {
    kind,
    form,
    only,
    limit,
    sinceMs,
    hides,
    fullRefresh,
    api,
    batchSize,
    commitSize,
    faults,
    isImpatient,
    kill,
    calls,
    changesAt,
    isWatched,
    skewMs,
  } = way;
  return [
    kind,
    form === 'plain' ? '' : `of the ${form} project`,
    only === null ? '' : `only ${only.join(', ')}`,
    limit === null ? '' : `at most ${limit} records`,
    sinceMs === null ? '' : `since ${sinceMs / 1000} s ago`,
    hides === null ? '' : `${hides} is hidden`,
    fullRefresh ? 'with --full-refresh' : '',
    `by ${api}, batches of ${batchSize}, commits of ${commitSize}`,
    ...faults.map((rule) => JSON.stringify(rule)),
    isImpatient ? 'impatient' : '',
    kill === null ? '' : `${kill.how} at ${kill.of} ${kill.at}`,
    calls === null ? '' : `at most ${calls} calls`,
    changesAt.length === 0 ? '' : `changes at requests ${changesAt.join(', ')}`,
    isWatched ? 'watched' : '',
    skewMs === 0 ? '' : `our clock ${skewMs / 1000} s off`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}
