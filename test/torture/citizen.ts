import { KINDS, type KindName, type Values } from './kinds.ts';

/** A record as a run could have read it. */
export interface Version {
  readonly values: Values;
  /** Which form of the project read it. */
  readonly form: string;
  /** Of the record as it was then, in milliseconds. */
  readonly stamp: number;
}

/** A record of the org, and what of it may have come here. */
export interface Citizen {
  readonly kind: KindName;
  readonly id: string;
  /** `purged`: gone without a trace. */
  here: 'live' | 'deleted' | 'purged';
  /** Fields, the filter's too. */
  values: Values;
  stamp: number;
  /** What its row may show: the last that was surely loaded, and all that a run could have met since. */
  versions: Version[];
  /** Every version that a run could ever have met. */
  readonly history: Version[];
  /** Into whom it is merged; null when it is not. */
  mergedInto: string | null;
  /** True when it has been loaded, and nothing since could have taken the row away. */
  loaded: boolean;
  /** True when somebody wrote over what was loaded. */
  drifted: boolean;
  /** Stamp of the oldest version that its row may show, as far as was seen; null before it had one. */
  shown: number | null;
  /** True when its row was seen to have followed the record that is gone, and nobody could have read it since. */
  seenGone: boolean;
  /** True when it is back, and nobody has seen its row follow it yet: what is marked is so from before. */
  isAwaited: boolean;
  /** True when it was deleted, or not meant, at any time. */
  wasGone: boolean;
  /** What somebody wrote into the row's local column; undefined when nobody knows any more. */
  remark: string | null | undefined;
}

/** Whether the mapping means it. */
export function isMeant({ kind, values }: Pick<Citizen, 'kind' | 'values'>, form: string): boolean {
  const { filter } = KINDS[kind];
  return filter === null || values[filter.field] === filter.inside || (form === 'wide' && kind === 'student');
}
