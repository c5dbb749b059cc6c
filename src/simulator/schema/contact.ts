import { address, field, flag, formula, longText, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { FieldSchema, ObjectSchema } from './object-schema.ts';

/** What NPSP adds: three more e-mail addresses, one more phone, and addresses as one text each. */
const NPSP_FIELDS: readonly FieldSchema[] = [
  field('npe01__AlternateEmail__c', 'email'),
  field('npe01__HomeEmail__c', 'email'),
  field('npe01__WorkEmail__c', 'email'),
  picklist('npe01__Preferred_Email__c', ['Personal', 'Work', 'Alternate']),
  field('npe01__WorkPhone__c', 'phone'),
  picklist('npe01__PreferredPhone__c', ['Home', 'Work', 'Mobile', 'Other']),
  formula('npe01__Home_Address__c', 'string', { length: 1300 }),
  formula('npe01__Work_Address__c', 'string', { length: 1300 }),
  formula('npe01__Other_Address__c', 'string', { length: 1300 }),
  picklist('npe01__Primary_Address_Type__c', ['Home', 'Work', 'Other']),
  picklist('npe01__Secondary_Address_Type__c', ['Home', 'Work', 'Other']),
  flag('npsp__Do_Not_Contact__c'),
];

const VOLUNTEER_FIELDS: readonly FieldSchema[] = [
  field('Volunteer_Skills__c', 'multipicklist', {
    picklist: ['Coding', 'Data Analysis', 'Graphic Design', 'Interviewing', 'Mentoring', 'Public Speaking', 'Robotics'],
  }),
  text('Volunteer_Skills_Text__c', 255),
  field('Volunteer_Interests__c', 'multipicklist', {
    picklist: ['Arts', 'Career Speaking', 'Finance', 'Health', 'Mock Interviews', 'Science', 'Technology', 'Trades'],
  }),
  longText('Volunteer_Recruitment_Notes__c'),
  // A text formula: it holds 12, 7.0, and now and then words.
  formula('Number_of_Attended_Volunteer_Sessions__c', 'string', { length: 18 }),
  field('First_Volunteer_Date__c', 'date'),
  field('Last_Volunteer_Date__c', 'date'),
  field('Last_Activity_Date__c', 'date'),
  field('Last_Non_Internal_Email_Activity__c', 'date'),
  picklist('Highest_Level_of_Educational__c', [
    'High School Diploma or GED',
    'Some College',
    "Associate's Degree",
    "Bachelor's Degree",
    "Master's Degree",
    'Doctorate',
    'Advanced Professional Degree',
    'Certificate',
    'Prefer not to answer',
  ]),
  picklist('Age_Group__c', ['Under 18', '18-24', '25-34', '35-44', '45-54', '55-64', '65+']),
];

/** What another site once wrote here, all of it as text. */
const CONNECTOR_FIELDS: readonly FieldSchema[] = [
  text('Connector_Active_Subscription__c', 255),
  text('Connector_Active_Subscription_Name__c', 255),
  longText('Connector_Affiliations__c'),
  text('Connector_Industry__c', 255),
  text('Connector_Joining_Date__c', 50),
  text('Connector_Last_Login_Date_Time__c', 50),
  text('Connector_Last_Update_Date__c', 50),
  text('Connector_Profile_Link__c', 1300),
  text('Connector_Role__c', 50),
  text('Connector_SignUp_Role__c', 50),
  text('Connector_User_ID__c', 50),
];

/** Every person: students, teachers, volunteers. */
export const CONTACT: ObjectSchema = {
  name: 'Contact',
  label: 'Contact',
  keyPrefix: '003',
  fields: [
    ...SYSTEM_FIELDS,
    lookup('MasterRecordId', 'Contact', 'MasterRecord'),
    lookup('AccountId', 'Account', 'Account'),
    text('LastName', 80, { nillable: false, compound: 'Name' }),
    text('FirstName', 40, { compound: 'Name' }),
    text('MiddleName', 40, { compound: 'Name' }),
    text('Name', 121, { nillable: false, writable: false, joins: ['FirstName', 'LastName'] }),
    picklist('Contact_Type__c', ['Student', 'Teacher', 'Volunteer']),
    field('Email', 'email'),
    field('Phone', 'phone'),
    field('HomePhone', 'phone'),
    field('MobilePhone', 'phone'),
    field('Birthdate', 'date'),
    text('Title', 128),
    text('Department', 80),
    ...address('Mailing'),
    longText('Description', 131_072),
    flag('DoNotCall'),
    flag('HasOptedOutOfEmail'),
    field('EmailBouncedDate', 'datetime'),
    field('LastActivityDate', 'date', { writable: false }),
    picklist('Gender__c', [
      'Male',
      'Female',
      'Non-binary',
      'Genderfluid',
      'Agender',
      'Transgender',
      'Prefer not to say',
      'Other',
    ]),
    text('Racial_Ethnic_Background__c', 255),
    lookup('npsp__Primary_Affiliation__c', 'Account', 'npsp__Primary_Affiliation__r'),
    lookup('Class__c', 'Class__c', 'Class__r'),
    text('Local_Student_ID__c', 255),
    text('Legacy_Grade__c', 255),
    field('Current_Grade__c', 'double'),
    field('Last_Email_Message__c', 'date'),
    field('Last_Mailchimp_Email_Date__c', 'date'),
    ...NPSP_FIELDS,
    ...VOLUNTEER_FIELDS,
    ...CONNECTOR_FIELDS,
  ],
};
