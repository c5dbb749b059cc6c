import { idMaker, NOWHERE } from '../ids.ts';
import { SESSION } from '../schema/session.ts';
import type { Sizes } from './sizes.ts';

const sessionId = idMaker(SESSION.keyPrefix);

/** Sessions that were deleted while others still name them. */
export const missingSessionId = idMaker(SESSION.keyPrefix, NOWHERE);

/** What can be wrong with an event so that no import takes it; `brokenEach` events have each. */
export const BREAKS = ['no name', 'blank name', 'no start', 'unknown status', 'negative count'] as const;

/** Sessions stand in blocks: events, of which a stretch in the first half is broken, then Drafts, then the connector's. */
export interface SessionBlocks {
  readonly brokenFrom: number;
  readonly brokenUntil: number;
  readonly drafts: number;
  readonly connector: number;
  readonly end: number;
}

export function sessionBlocks(sizes: Sizes): SessionBlocks {
  const { events, drafts, connector, brokenEach } = sizes.sessions;
  const brokenFrom = Math.floor(events / 3);
  return {
    brokenFrom,
    brokenUntil: brokenFrom + BREAKS.length * brokenEach,
    drafts: events,
    connector: events + drafts,
    end: events + drafts + connector,
  };
}

/** Events that an import can take. */
export function soundEvents(sizes: Sizes): number {
  return sizes.sessions.events - BREAKS.length * sizes.sessions.brokenEach;
}

export function soundEventId(sizes: Sizes, nth: number): string {
  const { brokenFrom, brokenUntil } = sessionBlocks(sizes);
  const at = nth % soundEvents(sizes);
  return sessionId(at < brokenFrom ? at : at + brokenUntil - brokenFrom);
}

/** One event in twelve names no school, no district and no account, and one Draft and connector session in five. */
export function isUnaffiliatedEvent(index: number): boolean {
  return index % 12 === 5;
}

const OTHERS_UNAFFILIATED_EVERY = 5;

export function isUnaffiliatedOther(index: number): boolean {
  return index % OTHERS_UNAFFILIATED_EVERY === 0;
}

/** A Draft that only an import of unaffiliated sessions takes. */
export function unaffiliatedDraftId(sizes: Sizes, nth: number): string {
  const there = Math.ceil(sizes.sessions.drafts / OTHERS_UNAFFILIATED_EVERY);
  return sessionId(sessionBlocks(sizes).drafts + OTHERS_UNAFFILIATED_EVERY * (nth % there));
}

/** A Draft that nobody imports. */
export function affiliatedDraftId(sizes: Sizes, nth: number): string {
  const there = Math.floor(sizes.sessions.drafts / OTHERS_UNAFFILIATED_EVERY);
  return sessionId(sessionBlocks(sizes).drafts + OTHERS_UNAFFILIATED_EVERY * (nth % there) + 1);
}
