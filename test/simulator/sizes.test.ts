import { describe, expect, it } from '@jest/globals';
import { sizesOf } from '../../src/simulator/data/sizes.ts';
import { orgOf, type TriedOrg } from './tried-org.ts';

const EVENTS = "Session_Status__c != 'Draft' AND Session_Type__c != 'Connector Session'";
const UNAFFILIATED = 'School__c = NULL AND District__c = NULL AND Parent_Account__c = NULL';
const VOLUNTEERS = "(Contact_Type__c = 'Volunteer' OR Contact_Type__c = '')";
const OF_VOLUNTEER = "npe5__Contact__r.Id != null AND npe5__Contact__r.Contact_Type__c NOT IN ('Student', 'Teacher')";

describe('the org at full size', () => {
  const org = orgOf();

  it.each([
    ['Account', "Type NOT IN ('Household', 'School District', 'School')", 3811],
    ['Account', 'Type = null', 984],
    ['Contact', "Contact_Type__c = 'Teacher'", 1500],
    ['Contact', VOLUNTEERS, 12_600],
    ['Contact', 'Contact_Type__c = null', 1400],
    ['npe5__Affiliation__c', 'Id != null', 354_000],
    ['Session__c', EVENTS, 3450],
    ['Session__c', `${EVENTS} AND ${UNAFFILIATED}`, 288],
    ['Session__c', UNAFFILIATED, 338],
    ['Session__c', "Session_Status__c = 'Draft'", 150],
    ['Session__c', "Session_Type__c = 'Connector Session'", 100],
    ['Session_Participant__c', "Participant_Type__c = 'Student'", 49_000],
    ['Session_Participant__c', "Participant_Type__c = 'Volunteer'", 20_180],
    ['Task', 'Id != null', 12_000],
    ['Task', 'WhoId != null', 11_160],
    ['EmailMessage', 'Id != null', 8000],
    ['EmailMessage', 'RelatedToId != null', 7040],
    ['Case', 'Id != null', 900],
    ['Pathway__c', 'Id != null', 60],
    ['Pathway_Session__c', 'Id != null', 700],
    ['Pathway_Participant__c', 'Id != null', 2500],
    ['Campaign', 'Id != null', 120],
    ['CampaignMember', 'Id != null', 6000],
  ])('%s where %s: %d', (object, condition, count) => {
    expect(org.count(object, condition)).toBe(count);
  });

  // Looking through 354,000 rows by their parents takes seconds here; the small orgs show that the sizes tell the truth.
  it('has affiliations mostly of students, and many of volunteers', () => {
    expect(sizesOf().affiliations).toEqual({
      all: 354_000,
      volunteers: 60_000,
      volunteerPairs: 56_000,
      teachers: 3000,
      students: 290_000,
      nobodys: 1000,
    });
  });

  it('has 537 volunteer participations that no import can match', () => {
    expect(unmatchedVolunteers(org)).toBe(537);
  });
});

describe.each([{ scale: 0.01 }, { students: 300, scale: 300 / 145_266 }, { students: 1, schools: 1 }])(
  'the org at the size of %o',
  (options) => {
    const org = orgOf(options);
    const sizes = sizesOf(options);

    it('has the rows that its sizes tell', () => {
      expect(org.count('Account', "Type NOT IN ('Household', 'School District', 'School')")).toBe(sizes.organizations);
      expect(org.count('Account', 'Type = null')).toBe(sizes.untypedOrganizations);
      expect(org.count('Contact', VOLUNTEERS)).toBe(sizes.volunteers);
      expect(org.count('Session__c', EVENTS)).toBe(sizes.sessions.events);
      expect(org.count('Session_Participant__c', "Participant_Type__c = 'Student'")).toBe(sizes.participants.students);
      expect(unmatchedVolunteers(org)).toBe(sizes.participants.unmatchedVolunteers);
    });

    it('has the affiliations of each kind that its sizes tell', () => {
      const { all, teachers, students, nobodys } = sizes.affiliations;
      const ofType = (type: string): number =>
        org.count('npe5__Affiliation__c', `npe5__Contact__r.Contact_Type__c = '${type}'`);

      expect(org.count('npe5__Affiliation__c')).toBe(all);
      expect(org.count('npe5__Affiliation__c', OF_VOLUNTEER)).toBe(sizes.affiliations.volunteers);
      expect([ofType('Teacher'), ofType('Student')]).toEqual([teachers, students]);
      expect(org.count('npe5__Affiliation__c', 'npe5__Contact__r.Id = null')).toBe(nobodys);
    });

    it('has so many different pairs of volunteer and organization, some of them twice and some three times', () => {
      const { volunteers, volunteerPairs } = sizes.affiliations;
      const turns = countBy(
        org.rows(`SELECT npe5__Contact__c, npe5__Organization__c FROM npe5__Affiliation__c WHERE ${OF_VOLUNTEER}`),
        ['npe5__Contact__c', 'npe5__Organization__c'],
      );

      expect(turns).toHaveLength(volunteerPairs);
      expect(turns.filter((times) => times > 1).length).toBeLessThan(volunteers - volunteerPairs);
      expect(Math.max(...turns)).toBe(3);
    });

    it('has a few students twice in one session, and in no other', () => {
      const { repeatedStudents } = sizes.participants;
      const turns = countBy(
        org.rows(
          `SELECT Session__c, Contact__c FROM Session_Participant__c WHERE Participant_Type__c = 'Student' AND Contact__r.Contact_Type__c = 'Student' AND Session__r.Session_Status__c != 'Draft' AND Session__r.Id != null`,
        ),
        ['Session__c', 'Contact__c'],
      );

      expect(turns.filter((times) => times > 1)).toHaveLength(repeatedStudents);
    });
  },
);

/** Those whose volunteer or session the imports before them cannot know. */
function unmatchedVolunteers(org: TriedOrg): number {
  const known =
    "Contact__r.Id != null AND Contact__r.Contact_Type__c NOT IN ('Student', 'Teacher') AND Session__r.Id != null AND Session__r.Session_Status__c != 'Draft' AND Session__r.Session_Type__c != 'Connector Session'";
  return org.count('Session_Participant__c', `Participant_Type__c = 'Volunteer' AND NOT (${known})`);
}

/** How often each combination of the fields stands. */
function countBy(rows: readonly Record<string, unknown>[], fields: readonly string[]): number[] {
  const times = new Map<string, number>();
  for (const row of rows) {
    const key = JSON.stringify(fields.map((field) => row[field]));
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return [...times.values()];
}
