import type { Files } from '../support/project-folder.ts';

export const CONFIG = 'sync.config.yaml';
export const PEOPLE = 'mappings/people.yaml';
export const HOUSES = 'mappings/houses.yaml';
export const PERSON = 'mappings/tables/person.yaml';
export const HOUSE = 'mappings/tables/house.yaml';
export const MOOD = 'mappings/maps/mood.yaml';

/** The last column of a person, to put others behind it. */
export const LAST_COLUMN = '      house_id: { from: House__c, link: house }';

/** One change to a sound project, and the place in the changed file that must be told. */
export interface Case {
  readonly rule: string;
  readonly when: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A piece of the changed file; the problem must stand where it begins. `file#piece` for another file. */
  readonly at: string;
  readonly suggestion?: string;
  /** Other files to add or replace. */
  readonly also?: Files;
}
