import { accountBlocks, accountId } from './account-blocks.ts';
import { inTurn, pick, place } from './chance.ts';
import { workplaceOf } from './contact-blocks.ts';
import { dayText, startOfYear } from './days.ts';
import { withDirt } from './dirt.ts';
import type { Column, Draw } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { CAPITAL_NAMES, DIRT_EVERY, IN_CAPITALS, VOLUNTEER_DIRT } from './volunteer-dirt.ts';
import { reachColumns } from './volunteer-reach.ts';
import {
  AGE_GROUPS,
  ATTENDED,
  DEPARTMENTS,
  EDUCATIONS,
  GENDERS,
  INTERESTS,
  RACES,
  SKILL_PICKS,
  SKILL_TEXTS,
  TITLES,
} from './volunteer-values.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

/** The columns of volunteers; `index` counts volunteers from 0. */
export function volunteerColumns(sizes: Sizes, draw: Draw): Record<string, Column> {
  const dirty = withDirt(
    {
      ...personColumns(draw),
      ...accountColumns(sizes, (purpose, index) => draw(purpose + 10, index)),
      ...historyColumns((purpose, index) => draw(purpose + 20, index)),
      ...connectorColumns,
      ...reachColumns((purpose, index) => draw(purpose + 100, index)),
    },
    DIRT_EVERY,
    VOLUNTEER_DIRT,
  );
  const capital = (field: string, at: 0 | 1 | 2): Column => {
    const column = dirty[field] ?? (() => null);
    return (index) =>
      index % DIRT_EVERY === IN_CAPITALS ? inTurn(Math.floor(index / DIRT_EVERY), CAPITAL_NAMES)[at] : column(index);
  };
  return {
    ...dirty,
    FirstName: capital('FirstName', 0),
    MiddleName: capital('MiddleName', 1),
    LastName: capital('LastName', 2),
  };
}

function personColumns(draw: Draw): Record<string, Column> {
  return {
    // `Contact_Type__c = ''` means null, and one volunteer in nine is only that.
    Contact_Type__c: (index) => (index % 9 === 4 ? null : 'Volunteer'),
    FirstName: (index) => pick(draw(1, index), FIRST_NAMES),
    MiddleName: (index) => (draw(2, index) % 5 === 0 ? pick(draw(3, index), FIRST_NAMES) : null),
    LastName: (index) => pick(draw(4, index), LAST_NAMES),
    Birthdate: (index) => (draw(5, index) % 3 === 0 ? dayText(startOfYear(1950) + (draw(6, index) % 19_000)) : null),
    Gender__c: (index) => inTurn(index, GENDERS),
    Racial_Ethnic_Background__c: (index) => inTurn(index, RACES),
    Highest_Level_of_Educational__c: (index) => inTurn(index, EDUCATIONS),
    Age_Group__c: (index) => inTurn(index, AGE_GROUPS),
    Title: (index) => inTurn(index, TITLES),
    Department: (index) => inTurn(index, DEPARTMENTS),
    Volunteer_Skills_Text__c: (index) => inTurn(index, SKILL_TEXTS),
    Volunteer_Skills__c: (index) => inTurn(index, SKILL_PICKS),
    Volunteer_Interests__c: (index) => inTurn(index, INTERESTS),
    Description: (index) => (draw(7, index) % 6 === 0 ? 'Prefers mornings.' : null),
    Volunteer_Recruitment_Notes__c: (index) => (draw(8, index) % 8 === 0 ? ' Referred by a colleague. ' : null),
  };
}

function accountColumns(sizes: Sizes, draw: Draw): Record<string, Column> {
  const blocks = accountBlocks(sizes);
  const workplace: Column = (index) =>
    sizes.organizations === 0 ? null : accountId(blocks.others + workplaceOf(index, sizes.organizations));
  return {
    AccountId: (index) => {
      const kind = draw(1, index) % 10;
      if (kind < 5 && sizes.households > 0)
        return accountId(blocks.households + place(draw(2, index), sizes.households));
      return kind < 8 ? workplace(index) : null;
    },
    npsp__Primary_Affiliation__c: (index) => (draw(3, index) % 20 === 0 ? null : workplace(index)),
  };
}

/** What they did and when, and how they want to be left alone. */
function historyColumns(draw: Draw): Record<string, Column> {
  const first = (index: number): number => startOfYear(2012) + (draw(1, index) % 4000);
  const now = startOfYear(2026);
  const sometimes =
    (purpose: number, share: number, from: number, days: number): Column =>
    (index) =>
      draw(purpose, index) % 100 < share ? dayText(from + (draw(purpose + 10, index) % days)) : null;
  const attends = (index: number): boolean => draw(2, index) % 10 < 7;
  return {
    First_Volunteer_Date__c: (index) => (attends(index) ? dayText(first(index)) : null),
    Last_Volunteer_Date__c: (index) =>
      attends(index) ? dayText(Math.min(now, first(index) + (draw(3, index) % 1500))) : null,
    Last_Activity_Date__c: sometimes(4, 60, startOfYear(2020), 2200),
    Last_Non_Internal_Email_Activity__c: sometimes(5, 40, startOfYear(2020), 2200),
    Last_Email_Message__c: sometimes(6, 50, startOfYear(2020), 2200),
    Last_Mailchimp_Email_Date__c: sometimes(7, 45, startOfYear(2021), 1800),
    Number_of_Attended_Volunteer_Sessions__c: (index) => inTurn(index, ATTENDED),
    EmailBouncedDate: (index) =>
      draw(8, index) % 40 === 0 ? Date.UTC(2024, draw(9, index) % 12, 3, 17, draw(9, index) % 60, 5) : null,
    DoNotCall: (index) => draw(30, index) % 30 === 0,
    npsp__Do_Not_Contact__c: (index) => draw(31, index) % 50 === 0,
    HasOptedOutOfEmail: (index) => draw(32, index) % 12 === 0,
  };
}

/** Only one in eight ever used the other site. */
const ofUsers =
  (text: (index: number) => string): Column =>
  (index) =>
    index % 8 === 1 ? text(index) : null;

const connectorColumns: Readonly<Record<string, Column>> = {
  Connector_Active_Subscription__c: ofUsers((index) =>
    inTurn(index, ['ACTIVE', 'INACTIVE', 'PENDING', 'NONE', 'Active']),
  ),
  Connector_Active_Subscription_Name__c: ofUsers(() => 'Community'),
  Connector_Affiliations__c: ofUsers((index) => `Chapter ${String(index % 12)}; Alumni`),
  Connector_Industry__c: ofUsers((index) => inTurn(index, ['Health', 'Energy', 'Education', 'Finance, Insurance'])),
  Connector_Joining_Date__c: ofUsers((index) => dayText(startOfYear(2019) + (index % 900))),
  Connector_Last_Login_Date_Time__c: ofUsers((index) => `${dayText(startOfYear(2022) + (index % 900))} 08:15`),
  Connector_Last_Update_Date__c: ofUsers((index) => dayText(startOfYear(2022) + (index % 900))),
  Connector_Profile_Link__c: ofUsers((index) => `https://connector.example/profile/${String(index)}`),
  Connector_Role__c: ofUsers((index) => inTurn(index, ['Professional', 'Educator'])),
  Connector_SignUp_Role__c: ofUsers(() => 'Professional'),
  Connector_User_ID__c: ofUsers((index) => String(100_000 + index)),
};
