import { idMaker, NOWHERE } from '../ids.ts';
import { CASE } from '../schema/case.ts';
import { inTurn, place } from './chance.ts';
import { contactBlocks, contactId, missingContactId } from './contact-blocks.ts';
import type { Column, Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';

export const caseId = idMaker(CASE.keyPrefix);
export const missingCaseId = idMaker(CASE.keyPrefix, NOWHERE);

/** One case in twenty has no contact, and one in twenty a contact that is not there. */
export function hasContact(index: number): boolean {
  return index % 20 !== 7 && index % 20 !== 13;
}

const isClosed = (index: number): boolean => index % 3 === 0;

/** Whose case it is, where it has a contact: volunteers and teachers. */
export function cases(sizes: Sizes, draw: Draw, contacts: Generated): Generated {
  const people = contactBlocks(sizes);
  const accountOf = contacts.columns['AccountId'] ?? (() => null);
  const person = (index: number): number => people.teachers + place(draw(1, index), sizes.teachers + sizes.volunteers);
  const columns: Record<string, Column> = {
    CaseNumber: (index) => String(index + 1).padStart(8, '0'),
    ContactId: (index) => {
      if (hasContact(index)) return contactId(person(index));
      return index % 20 === 7 ? null : missingContactId(40_000 + index);
    },
    AccountId: (index) => (hasContact(index) ? accountOf(person(index)) : null),
    ParentId: (index) => (index % 15 === 2 && index + 5 < sizes.cases ? caseId(index + 5) : null),
    Subject: (index) => inTurn(index, ['Cannot sign up', 'Change my e-mail', 'Question on parking', null]),
    Description: (index) => (draw(2, index) % 2 === 0 ? 'Asked by e-mail.' : null),
    Status: (index) => (isClosed(index) ? 'Closed' : inTurn(index, ['New', 'Working', 'Escalated'])),
    Origin: (index) => inTurn(index, ['Email', 'Web', 'Phone', null]),
    Priority: () => 'Medium',
    IsClosed: isClosed,
    ClosedDate: (index) => (isClosed(index) ? Date.UTC(2025, draw(3, index) % 12, 9, 16, 5) : null),
  };
  return {
    schema: CASE,
    count: sizes.cases,
    columns: { ...stampColumns((purpose, index) => draw(purpose + 100, index)), ...columns },
  };
}
