import { AFFILIATION } from '../schema/affiliation.ts';
import type { Value } from '../schema/object-schema.ts';
import { accountBlocks, accountId, missingAccountId } from './account-blocks.ts';
import { inTurn, pick, place, ranksOf } from './chance.ts';
import { contactBlocks, contactId, missingContactId, workplaceOf } from './contact-blocks.ts';
import { dayText, startOfYear } from './days.ts';
import type { Column, Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';

const STATUSES = ['Current', 'Former', 'Past', 'Pending', null, 'current', 'PAST', 'Current', 'Inactive', 'former'];
const ROLES = ['Employee', 'Board Member', 'Volunteer Coordinator', 'Intern', 'Owner'];

/** An affiliation before its columns: whose it is, with what, and the how-manieth of the same two it is. */
interface Tie {
  readonly contact: string | null;
  readonly organization: Value;
  readonly status: string | null;
  readonly primary: boolean;
  /** 0 unless the same contact and organization stand in another row too. */
  readonly turn: number;
}

/**
 * At full size 354,000 rows: 60,000 of volunteers (56,000 different pairs with an organization: 3,800 pairs stand
 * twice, of which 200 three times), 3,000 of teachers, 290,000 of students, and 1,000 of nobody (960 name a contact
 * that is not there, 40 none). Of the volunteers' rows 6,300 name a school, 1,260 a district, 210 an account that is
 * not there, 21 a household, 21 nothing, and the rest an organization; 521 rows of students and teachers name a school
 * that is not there. Rows of all kinds stand mixed.
 */
export function affiliations(sizes: Sizes, draw: Draw, contacts: Generated): Generated {
  const { all, volunteers, teachers, nobodys } = sizes.affiliations;
  const rankOf = ranksOf(draw(1, 0), all);
  const people = contactBlocks(sizes);
  const accounts = accountBlocks(sizes);
  const primarySchool = contacts.columns['npsp__Primary_Affiliation__c'] ?? (() => null);

  const tieAt = (index: number): Tie => {
    let rank = rankOf(index);
    if (rank < volunteers) return volunteerTie(rank);
    rank -= volunteers;
    if (rank < teachers) return schoolTie(people.teachers, sizes.teachers, rank);
    rank -= teachers;
    if (rank < nobodys) return nobodysTie(rank);
    return schoolTie(0, sizes.students, rank - nobodys);
  };
  // The columns of one row are read one after the other.
  let lastIndex = -1;
  let last: Tie;
  const tie = (index: number): Tie => {
    if (index !== lastIndex) {
      last = tieAt(index);
      lastIndex = index;
    }
    return last;
  };
  const isOver = (index: number): boolean => /^(?:past|former)$/i.test(tie(index).status ?? '');
  const startDay = (index: number): number => startOfYear(2012) + (draw(2, index) % 3000) + 900 * tie(index).turn;

  const columns: Record<string, Column> = {
    Name: (index) => `A-${String(index + 1).padStart(7, '0')}`,
    npe5__Organization__c: (index) => tie(index).organization,
    npe5__Contact__c: (index) => tie(index).contact,
    npe5__Role__c: (index) => (draw(3, index) % 75 === 0 ? pick(draw(4, index), ROLES) : null),
    npe5__Primary__c: (index) => tie(index).primary,
    npe5__Status__c: (index) => tie(index).status,
    npe5__StartDate__c: (index) => (draw(5, index) % 5 < 3 ? dayText(startDay(index)) : null),
    // One in fifty ended before it began.
    npe5__EndDate__c: (index) =>
      isOver(index) && draw(6, index) % 10 < 7
        ? dayText(startDay(index) + (draw(6, index) % 50 === 1 ? -400 : draw(7, index) % 800))
        : null,
  };
  return {
    schema: AFFILIATION,
    count: all,
    columns: { ...stampColumns((purpose, index) => draw(purpose + 100, index)), ...columns },
  };

  function volunteerTie(rank: number): Tie {
    const { volunteerPairs } = sizes.affiliations;
    const repeats = volunteers - volunteerPairs;
    const twice = repeats - Math.floor(repeats / 20);
    const again = rank - volunteerPairs;
    const pair = again < 0 ? rank : again % twice;
    const turn = again < 0 ? 0 : again < twice ? 1 : 2;
    const turns = pair < twice ? (pair < repeats - twice ? 3 : 2) : 1;
    const volunteer = pair % sizes.volunteers;
    const slot = Math.floor(pair / sizes.volunteers);
    return {
      contact: contactId(people.volunteers + volunteer),
      organization: organizationOf(volunteer, slot),
      status: turns > 1 ? (turn === turns - 1 ? 'Current' : 'Past') : slot === 0 ? 'Current' : inTurn(pair, STATUSES),
      primary: slot === 0 && turn === turns - 1,
      turn,
    };
  }

  /** Different for each slot of a volunteer; everything that is no organization stands in the second slot. */
  function organizationOf(volunteer: number, slot: number): string | null {
    if (slot === 1) {
      if (volunteer % 10 < 5 && sizes.schools > 0) return accountId(volunteer % sizes.schools);
      if (volunteer % 10 === 5 && sizes.districts > 0)
        return accountId(accounts.districts + (volunteer % sizes.districts));
      if (volunteer % 60 === 6) return missingAccountId(7000 + (volunteer % 40));
      if (volunteer % 600 === 7) return null;
      if (volunteer % 600 === 9) return accountId(accounts.households + (volunteer % sizes.households));
    }
    const stride = Math.max(1, Math.floor(sizes.organizations / 8));
    const at = (workplaceOf(volunteer, sizes.organizations) + slot * stride) % sizes.organizations;
    return accountId(accounts.others + at);
  }

  /** Students and teachers belong to schools: to the one that the contact names, then to earlier ones. */
  function schoolTie(firstContact: number, people_: number, rank: number): Tie {
    const contact = firstContact + (rank % people_);
    const slot = Math.floor(rank / people_);
    const named = primarySchool(contact);
    const other =
      sizes.schools === 0 ? null : accountId((place(draw(8, contact), sizes.schools) + slot) % sizes.schools);
    return {
      contact: contactId(contact),
      organization: slot === 0 ? (named ?? other) : other,
      status: slot === 0 ? 'Current' : inTurn(rank, ['Former', 'Past', 'Former', null]),
      primary: slot === 0 && named !== null,
      turn: 0,
    };
  }

  function nobodysTie(rank: number): Tie {
    return {
      contact: rank % 25 === 4 ? null : missingContactId(6000 + rank),
      organization: sizes.organizations === 0 ? null : accountId(accounts.others + (rank % sizes.organizations)),
      status: inTurn(rank, STATUSES),
      primary: false,
      turn: 0,
    };
  }
}
