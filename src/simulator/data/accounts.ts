import { idMaker, NOWHERE } from '../ids.ts';
import { ACCOUNT } from '../schema/account.ts';
import { pick, place } from './chance.ts';
import type { Column, Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';
import { LAST_NAMES, PLACES } from './words.ts';

/** Accounts stand in blocks: schools, districts, households, then everything else. */
export interface AccountBlocks {
  readonly districts: number;
  readonly households: number;
  readonly others: number;
  readonly end: number;
}

export function accountBlocks(sizes: Sizes): AccountBlocks {
  const districts = sizes.schools;
  const households = districts + sizes.districts;
  const others = households + sizes.households;
  return { districts, households, others, end: others + sizes.organizations };
}

export const accountId = idMaker(ACCOUNT.keyPrefix);

/** Account ids that name nothing: schools that were deleted, districts that were never moved over. */
export const missingAccountId = idMaker(ACCOUNT.keyPrefix, NOWHERE);
const MISSING_DISTRICT = 1000;

const LEVELS = ['Elementary School', 'Middle School', 'High School', 'Academy'];

/** An untyped account is data too: `Type NOT IN (...)` must return it. */
const OTHER_TYPES = ['Nonprofit Organization', 'Nonprofit Organization', 'Business', 'Foundation', null];

export function accounts(sizes: Sizes, draw: Draw): Generated {
  const blocks = accountBlocks(sizes);
  const byBlock = (school: Column, district: Column, household: Column, other: Column): Column => {
    return (index) => {
      if (index < blocks.districts) return school(index);
      if (index < blocks.households) return district(index - blocks.districts);
      return index < blocks.others ? household(index) : other(index);
    };
  };
  const name = byBlock(schoolName, districtName, householdName, organizationName);

  function schoolName(index: number): string {
    return `${pick(draw(1, index), PLACES)} ${pick(draw(2, index), LEVELS)}`;
  }
  function householdName(index: number): string {
    return `${pick(draw(3, index), LAST_NAMES)} Household`;
  }
  function organizationName(index: number): string {
    return `${pick(draw(4, index), PLACES)} ${pick(draw(5, index), ['Partners', 'Works', 'Trust, Inc.', '"Open Door" Fund'])}`;
  }
  function districtOfSchool(index: number): string | null {
    if (index % 45 === 7) return null;
    if (index % 60 === 11) return missingAccountId(MISSING_DISTRICT + (index % 2));
    return accountId(blocks.districts + place(draw(6, index), sizes.districts));
  }

  return {
    schema: ACCOUNT,
    count: blocks.end,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 100, index)),
      Name: name,
      Type: byBlock(
        () => 'School',
        () => 'School District',
        () => 'Household',
        (index) => pick(draw(7, index), OTHER_TYPES),
      ),
      ParentId: byBlock(districtOfSchool, none, none, none),
      School_Code_External_ID__c: byBlock(
        (index) => `S-${String(1000 + index)}`,
        (district) => `D${String(100 + district)}`,
        none,
        none,
      ),
      Connector_Account_Name__c: byBlock(
        (index) => schoolName(index).toLowerCase().replaceAll(' ', '-'),
        none,
        none,
        none,
      ),
      BillingCity: (index) => (draw(8, index) % 3 === 0 ? null : pick(draw(9, index), PLACES)),
      BillingState: (index) => (draw(8, index) % 3 === 0 ? null : pick(draw(10, index), ['KS', 'MO'])),
    },
  };
}

const none: Column = () => null;

function districtName(district: number): string {
  const name = `${PLACES[district % PLACES.length] ?? ''} School District`;
  return district < PLACES.length ? name : `${name} ${String(district)}`;
}
