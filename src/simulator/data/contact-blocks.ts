import { idMaker, NOWHERE } from '../ids.ts';
import { CONTACT } from '../schema/contact.ts';
import { hash, place } from './chance.ts';
import type { Sizes } from './sizes.ts';

/** Contacts stand in blocks: students, teachers, volunteers. */
export interface ContactBlocks {
  readonly teachers: number;
  readonly volunteers: number;
  readonly end: number;
}

export function contactBlocks(sizes: Sizes): ContactBlocks {
  const teachers = sizes.students;
  const volunteers = teachers + sizes.teachers;
  return { teachers, volunteers, end: volunteers + sizes.volunteers };
}

export const contactId = idMaker(CONTACT.keyPrefix);

/** Ids that look right and name nobody. */
export const missingContactId = idMaker(CONTACT.keyPrefix, NOWHERE);
export const leadId = idMaker('00Q');

/** Where a volunteer works: its place among the organizations. The same for every seed, because two objects ask. */
export function workplaceOf(volunteer: number, organizations: number): number {
  return place(hash(0x5eed, 1, volunteer), organizations);
}
