import { CONNECTOR_SESSION, SESSION, SESSION_TYPES } from '../schema/session.ts';
import { accountId, missingAccountId } from './account-blocks.ts';
import { districtName } from './accounts.ts';
import { inTurn, pick, place } from './chance.ts';
import { startOfYear } from './days.ts';
import { withDirt } from './dirt.ts';
import type { Column, Draw, Generated } from './generated.ts';
import { BREAKS, isUnaffiliatedEvent, isUnaffiliatedOther, sessionBlocks } from './session-blocks.ts';
import { SESSION_DIRT, SESSION_DIRT_EVERY } from './session-dirt.ts';
import type { Sizes } from './sizes.ts';
import { stack } from './stack.ts';
import { stampColumns } from './stamps.ts';
import { PLACES } from './words.ts';

const STATUSES = (
  'Completed,Confirmed,Completed,Cancelled,Completed,Requested,Completed,No Show,Completed,' +
  'Simulcast,Completed,Count,Completed,Published,Completed,Cancelled,Completed,Completed,Confirmed'
).split(',');
const UNKNOWN_STATUSES = ['Successfully Completed', 'Teacher Cancelation', 'Rescheduled'];
const REASONS = ['Inclement Weather Cancellation', 'Teacher Cancellation', null, 'Low Enrollment', 'School Conflict'];
const ALIASES = ['KCKPS', 'KCPS', 'Hickman Mills', 'Grandview', 'Center', 'Allen Village', 'hickman mills', ' KCKPS '];
const HOSTS = ['PREPKC', 'Alder Works', 'PREPKC', null, 'Summit Labs'];
const SKILLS_COVERED = [
  '"PWY-Health Science", Skills-Resume Writing,CSCs-Teamwork',
  'CCE-College Visit, ACT-Mock Interview',
  null,
  'Coding; PWY-Engineering',
  '"Plain quoted skill"',
];
const SKILLS_NEEDED = [null, 'Public Speaking,Coding', 'skills-lower case code', 'PWY-Health Science', null, ' , ,'];
const SKILLS_REQUESTED = [
  'CSCs-Teamwork;ACT-Mock Interview',
  null,
  'PWY-Health Science;Coding',
  'Skills-Resume Writing',
];

const DAY = 86_400_000;
const FIRST_START = Date.UTC(2000, 0, 1) + startOfYear(2016) * DAY;

/**
 * At full size 3,450 events, 150 Drafts and 100 sessions of the connector. Of the events 50 are broken, and 288 are
 * unaffiliated, as are 30 Drafts and 20 of the connector's.
 */
export function sessions(sizes: Sizes, draw: Draw): Generated {
  const { events, drafts, connector } = sizes.sessions;
  const drafted = sessionColumns(sizes, (purpose, index) => draw(purpose + 200, index), isUnaffiliatedOther);
  const connected = sessionColumns(sizes, (purpose, index) => draw(purpose + 300, index), isUnaffiliatedOther);
  const event = sessionColumns(sizes, (purpose, index) => draw(purpose + 100, index), isUnaffiliatedEvent);
  return {
    schema: SESSION,
    count: sessionBlocks(sizes).end,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 400, index)),
      ...stack(SESSION, [
        { count: events, columns: { ...event, ...brokenColumns(sizes, event) } },
        { count: drafts, columns: { ...drafted, Session_Status__c: () => 'Draft' } },
        { count: connector, columns: { ...connected, Session_Type__c: () => CONNECTOR_SESSION } },
      ]),
    },
  };
}

const type = (index: number): string => inTurn(index, SESSION_TYPES);
const status = (index: number): string => inTurn(index, STATUSES);

function sessionColumns(sizes: Sizes, draw: Draw, unaffiliated: (index: number) => boolean): Record<string, Column> {
  const start = (index: number): number =>
    FIRST_START +
    (draw(1, index) % 3900) * DAY +
    (13 + (draw(2, index) % 8)) * 3_600_000 +
    (draw(3, index) % 4) * 900_000;
  const columns: Record<string, Column> = {
    Name: (index) => `${type(index)} at ${pick(draw(4, index), PLACES)} ${String(1 + (draw(5, index) % 90))}`,
    Session_Type__c: type,
    Format__c: (index) => (draw(6, index) % 4 === 0 ? 'Virtual' : 'In-Person'),
    Start_Date_and_Time__c: start,
    End_Date_and_Time__c: (index) => start(index) + (3 + (draw(7, index) % 6)) * 900_000,
    Session_Status__c: status,
    Location_Information__c: (index) => (draw(8, index) % 3 === 0 ? null : `Room ${String(draw(9, index) % 300)}`),
    Description__c: (index) => (draw(10, index) % 4 === 0 ? null : `Students meet people who work in ${type(index)}.`),
    Additional_Information__c: (index) => (draw(11, index) % 5 === 0 ? 'Bring a badge.' : null),
    Cancellation_Reason__c: (index) => (status(index) === 'Cancelled' ? inTurn(index, REASONS) : null),
    Non_Scheduled_Students_Count__c: (index) => (draw(12, index) % 3 === 0 ? null : draw(13, index) % 120),
    Total_Requested_Volunteer_Jobs__c: (index) => (draw(14, index) % 4 === 0 ? null : draw(15, index) % 25),
    Available_Slots__c: (index) => inTurn(draw(16, index), ['4', '0', '12.0', null, '7']),
    Session_Host__c: (index) => inTurn(index, HOSTS),
    Registration_Link__c: registrationLink,
    Legacy_Skill_Covered_for_the_Session__c: (index) => inTurn(index, SKILLS_COVERED),
    Legacy_Skills_Needed__c: (index) => inTurn(index, SKILLS_NEEDED),
    Requested_Skills__c: (index) => inTurn(index, SKILLS_REQUESTED),
    ...placeColumns(sizes, (purpose, index) => draw(purpose + 50, index), unaffiliated),
  };
  return withDirt(columns, SESSION_DIRT_EVERY, SESSION_DIRT);
}

/** Where a session belongs: a school, a district as somebody typed it, an account's name, or nothing of these. */
function placeColumns(sizes: Sizes, draw: Draw, unaffiliated: (index: number) => boolean): Record<string, Column> {
  const kind = (index: number): number => (unaffiliated(index) ? -1 : index % 10);
  const hasSchool = (index: number): boolean => [0, 1, 2, 3, 4, 5, 9].includes(kind(index)) && sizes.schools > 0;
  return {
    School__c: (index) => {
      if (!hasSchool(index)) return null;
      return index % 50 === 3 ? missingAccountId(8000 + (index % 7)) : accountId(place(draw(1, index), sizes.schools));
    },
    District__c: (index) => ([4, 5, 6, 7].includes(kind(index)) ? districtText(sizes, draw, index) : null),
    Parent_Account__c: (index) => {
      if (kind(index) >= 8)
        return index % 3 === 0 ? `${pick(draw(2, index), PLACES)} Works` : districtText(sizes, draw, index);
      return kind(index) >= 0 && kind(index) < 4 && !hasSchool(index) ? 'Somebody’s garage' : null;
    },
  };
}

/** A district by its name, by an alias, in other capitals, with spaces around it, or one that nobody knows. */
function districtText(sizes: Sizes, draw: Draw, index: number): string {
  const name = districtName(place(draw(3, index), Math.max(1, sizes.districts)));
  switch (draw(4, index) % 8) {
    case 0:
      return inTurn(draw(5, index), ALIASES);
    case 1:
      return name.toUpperCase();
    case 2:
      return ` ${name} `;
    case 3:
      return draw(5, index) % 4 === 0 ? 'District of Elsewhere' : name.toLowerCase();
    default:
      return name;
  }
}

/** A link in HTML, as the org's formula gives it, or one that somebody pasted. */
function registrationLink(index: number): string | null {
  const url = `https://events.example/register?session=${String(index)}`;
  return inTurn(index, [
    `<a href="${url}&amp;from=org" target="_blank">Sign up</a>`,
    null,
    `<a target='_blank' href='${url}'>Sign up</a>`,
    ` ${url} `,
    `<A HREF="${url}">SIGN UP</A>`,
    null,
    'ask the teacher',
  ]);
}

/** Overrides for the stretch of events that no import takes; each break has `brokenEach` of them. */
function brokenColumns(sizes: Sizes, sound: Readonly<Record<string, Column>>): Record<string, Column> {
  const { brokenFrom, brokenUntil } = sessionBlocks(sizes);
  const breakOf = (index: number): (typeof BREAKS)[number] | undefined =>
    index >= brokenFrom && index < brokenUntil ? inTurn(index - brokenFrom, BREAKS) : undefined;
  const overriding = (
    field: string,
    broken: (index: number, how: string) => string | number | null | undefined,
  ): Column => {
    const column = sound[field] ?? (() => null);
    return (index) => {
      const how = breakOf(index);
      const value = how === undefined ? undefined : broken(index, how);
      return value === undefined ? column(index) : value;
    };
  };
  return {
    Name: overriding('Name', (_, how) => (how === 'no name' ? null : how === 'blank name' ? '   ' : undefined)),
    Start_Date_and_Time__c: overriding('Start_Date_and_Time__c', (_, how) => (how === 'no start' ? null : undefined)),
    Session_Status__c: overriding('Session_Status__c', (index, how) =>
      how === 'unknown status' ? inTurn(index, UNKNOWN_STATUSES) : undefined,
    ),
    Non_Scheduled_Students_Count__c: overriding('Non_Scheduled_Students_Count__c', (_, how) =>
      how === 'negative count' ? -5 : undefined,
    ),
  };
}
