import type { Found, FoundRow } from './found.ts';
import { KINDS } from './kinds.ts';
import type { Town } from './town.ts';
import { type Citizen, isMeant, type Version } from './citizen.ts';

/** What was found, and what it is held against. */
export interface Look {
  readonly town: Town;
  readonly found: Found;
  readonly form: string;
  readonly rows: ReadonlyMap<string, FoundRow>;
  readonly wrong: string[];
}

/** What must become of a record, as things are now. */
export type Fate = 'loaded' | 'quarantined' | 'deferred' | 'left out' | 'gone';

export function fateOf(citizen: Citizen, { form, rows }: Look): Fate {
  if (citizen.here !== 'live' || !isMeant(citizen, form)) return 'gone';
  if (!KINDS[citizen.kind].isValid(citizen.values)) return 'quarantined';
  if (citizen.kind === 'membership' && !rows.has(String(citizen.values['npe5__Organization__c']))) return 'deferred';
  return citizen.kind === 'job' && !rows.has(String(citizen.values['WhoId'])) ? 'left out' : 'loaded';
}

/** The record as it is now. */
export function versionOf({ values, stamp }: Citizen, form: string): Version {
  return { values, form, stamp };
}

/** A school that a note names cannot be deleted; unless it is merged, and the note can name the other one. */
export function isHeld({ kind, id, here, mergedInto }: Citizen, { found, rows }: Look): boolean {
  if (kind !== 'school' || (here === 'deleted' && mergedInto !== null && rows.has(mergedInto))) return false;
  return found.rows.note.some((row) => row['school'] === id);
}
