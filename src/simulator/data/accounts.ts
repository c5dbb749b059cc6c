import { ACCOUNT } from '../schema/account.ts';
import { accountBlocks, accountId, missingAccountId } from './account-blocks.ts';
import { pick, place } from './chance.ts';
import type { Column, Draw, Generated } from './generated.ts';
import { organizationColumns } from './organizations.ts';
import type { Sizes } from './sizes.ts';
import { stack } from './stack.ts';
import { stampColumns } from './stamps.ts';
import { LAST_NAMES, PLACES } from './words.ts';

const MISSING_DISTRICT = 1000;

const LEVELS = ['Elementary School', 'Middle School', 'High School', 'Academy'];

/** The districts that people call by a shorter name, such as KCKPS or Hickman Mills, come first. */
const ALIASED_DISTRICTS = [
  'Kansas City Kansas Public Schools',
  'Hickman Mills School District',
  'Grandview School District',
  'Kansas City Public Schools (MO)',
  'Center School District',
  'Allen Village - District',
];

export function accounts(sizes: Sizes, draw: Draw): Generated {
  const blocks = accountBlocks(sizes);
  const byBlock = (school: Column, district: Column, household: Column): Column => {
    return (index) => {
      if (index < blocks.districts) return school(index);
      if (index < blocks.households) return district(index - blocks.districts);
      return household(index);
    };
  };
  function schoolName(index: number): string {
    return `${pick(draw(1, index), PLACES)} ${pick(draw(2, index), LEVELS)}`;
  }
  function householdName(index: number): string {
    return `${pick(draw(3, index), LAST_NAMES)} Household`;
  }
  function districtOfSchool(index: number): string | null {
    if (index % 45 === 7) return null;
    if (index % 60 === 11) return missingAccountId(MISSING_DISTRICT + (index % 2));
    return accountId(blocks.districts + place(draw(6, index), sizes.districts));
  }

  const columns: Record<string, Column> = {
    Name: byBlock(schoolName, districtName, householdName),
    Type: byBlock(
      () => 'School',
      () => 'School District',
      () => 'Household',
    ),
    ParentId: byBlock(districtOfSchool, none, none),
    School_Code_External_ID__c: byBlock(
      (index) => `S-${String(1000 + index)}`,
      (district) => `D${String(100 + district)}`,
      none,
    ),
    Connector_Account_Name__c: byBlock((index) => schoolName(index).toLowerCase().replaceAll(' ', '-'), none, none),
    BillingCity: (index) => (draw(8, index) % 3 === 0 ? null : pick(draw(9, index), PLACES)),
    BillingState: (index) => (draw(8, index) % 3 === 0 ? null : pick(draw(10, index), ['KS', 'MO'])),
  };
  const organizations = organizationColumns(sizes, blocks.others, (purpose, index) => draw(purpose + 600, index));
  return {
    schema: ACCOUNT,
    count: blocks.end,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 100, index)),
      ...stack(ACCOUNT, [
        { count: blocks.others, columns },
        { count: sizes.organizations, columns: organizations },
      ]),
    },
  };
}

const none: Column = () => null;

export function districtName(district: number): string {
  const aliased = ALIASED_DISTRICTS[district];
  if (aliased !== undefined) return aliased;
  const name = `${PLACES[district % PLACES.length] ?? ''} School District`;
  return district < PLACES.length ? name : `${name} ${String(district)}`;
}
