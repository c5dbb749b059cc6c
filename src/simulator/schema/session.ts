import { field, formula, longText, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

export const SESSION_TYPES: readonly string[] = [
  'Career Jumping',
  'Career Speaker',
  'Employability Skills',
  'IGNITE',
  'Career Fair',
  'Client Connected Project',
  'Pathway campus visits',
  'Workplace Visit',
  'Pathway Workplace Visits',
  'College Options',
  'DIA - Classroom Speaker',
  'DIA',
  'Campus Visit',
  'Advisory Sessions',
  'Volunteer Orientation',
  'Volunteer Engagement',
  'Mentoring',
  'Financial Literacy',
  'Math Relays',
  'Classroom Speaker',
  'Internship',
  'College Application Fair',
  'FAFSA',
  'Classroom Activity',
  'Historical, Not Yet Updated',
  'DataViz',
  'P2GD',
  'SLA',
  'HealthStart',
  'P2T',
  'BFI',
];

/** Sessions of this type belong to another site and are imported by nobody. */
export const CONNECTOR_SESSION = 'Connector Session';

/** What the nonprofit calls an event. */
export const SESSION: ObjectSchema = {
  name: 'Session__c',
  label: 'Session',
  keyPrefix: 'a0S',
  fields: [
    ...SYSTEM_FIELDS,
    text('Name', 80, { nillable: false }),
    picklist('Session_Type__c', [CONNECTOR_SESSION, ...SESSION_TYPES]),
    picklist('Format__c', ['In-Person', 'Virtual']),
    field('Start_Date_and_Time__c', 'datetime'),
    field('End_Date_and_Time__c', 'datetime'),
    picklist('Session_Status__c', [
      'Completed',
      'Confirmed',
      'Cancelled',
      'Requested',
      'Draft',
      'Published',
      'No Show',
      'Simulcast',
      'Count',
    ]),
    text('Location_Information__c', 255),
    longText('Description__c'),
    picklist('Cancellation_Reason__c', [
      'Inclement Weather Cancellation',
      'Presenter Cancellation',
      'Teacher Cancellation',
      'School Conflict',
      'Low Enrollment',
    ]),
    field('Non_Scheduled_Students_Count__c', 'double'),
    // Names, not lookups: as people typed them.
    text('District__c', 255),
    text('Parent_Account__c', 255),
    lookup('School__c', 'Account', 'School__r'),
    text('Legacy_Skill_Covered_for_the_Session__c', 1300),
    text('Legacy_Skills_Needed__c', 1300),
    field('Requested_Skills__c', 'multipicklist', {
      picklist: ['ACT-Mock Interview', 'CSCs-Teamwork', 'PWY-Health Science', 'Skills-Resume Writing', 'Coding'],
    }),
    longText('Additional_Information__c'),
    field('Total_Requested_Volunteer_Jobs__c', 'double'),
    // A text formula, with now and then a word in it.
    formula('Available_Slots__c', 'string', { length: 18 }),
    text('Session_Host__c', 255),
    formula('Registration_Link__c', 'string', { length: 1300, html: true }),
  ],
};
