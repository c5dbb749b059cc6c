import { missingAccountId } from './account-blocks.ts';
import type { Dirt } from './dirt.ts';

/** One volunteer in 122 has each kind of dirt: 103 of 12,600, and one of the fewest that an org can have. */
export const DIRT_EVERY = 122;

/** The one whose name is in capitals. */
export const IN_CAPITALS = 60;

/** First, middle and last name. A name with any small letter stays as it is, so the last two are only half wrong. */
export const CAPITAL_NAMES = [
  ['JEAN-LUC', "D'ARCY", "O'MALLEY-MCKENZIE"],
  ['MARIA', null, 'MACALLISTER'],
  ['ANN MARIE', 'J', "O'NEIL"],
  ['JO', 'B.', 'MAC'],
  ['ÉLODIE', null, 'MCADAM'],
  ['KAI', 'LEE', 'VAN DER BERG'],
  ['DE LA', null, 'CRUZ-MACE'],
  ['Maya', null, 'RIVERSTONE'],
  ['TARIQ', null, 'Okafor'],
] as const;

/** The one that shares the e-mail address of the one before it. */
export const SHARES_EMAIL = 84;

/** None of these costs a volunteer its row. */
export const VOLUNTEER_DIRT: Dirt = {
  2: { FirstName: '', MiddleName: '  ' },
  4: { LastName: '' },
  6: { FirstName: null, LastName: '   ' },
  8: { FirstName: ' Ines ', LastName: '  de la Fontaine ' },
  10: { FirstName: 'maria', LastName: "o'neil" },
  12: { FirstName: 'J', MiddleName: '', LastName: 'Macy' },
  14: { FirstName: 'Zoe\u0308', LastName: 'Łukasiewicz', MiddleName: '🦊' },
  16: { LastName: '=cmd', Description: '@SUM(A1:A9)' },
  18: { Description: '<p>Loves <b>robotics</b>&nbsp;&amp; chess.</p>\n<ul><li>one</li></ul>' },
  20: { Volunteer_Recruitment_Notes__c: 'Met at a fair.\r\nCall after 5 pm; "no texts", please.\ttab' },
  22: { Description: 'nul\u0000inside', Title: 'nul\u0000' },
  24: { Birthdate: '2031-05-06' },
  26: { Birthdate: '0001-01-01' },
  28: { First_Volunteer_Date__c: '2030-01-15', Last_Volunteer_Date__c: '2019-03-02' },
  30: { Last_Activity_Date__c: '4000-12-31' },
  32: { Number_of_Attended_Volunteer_Sessions__c: '9999999999999' },
  34: { Email: 'not an address', npe01__WorkEmail__c: null },
  36: { Email: '  Ünï.Volunteer@Bücher.example ' },
  38: { Email: null, npe01__HomeEmail__c: null, npe01__WorkEmail__c: null, npe01__AlternateEmail__c: null },
  40: { Email: '   ', npe01__Preferred_Email__c: 'Personal' },
  42: { Phone: 'ask the front desk, ext. 4411, before noon' },
  44: { Phone: null, HomePhone: null, MobilePhone: null, npe01__WorkPhone__c: null },
  46: { MobilePhone: '  ', npe01__PreferredPhone__c: 'Mobile' },
  48: { Department: 'Department of Long Names, Division of Very Long Names Indeed, West' },
  50: { Title: 'Chief '.repeat(21).trim() },
  52: { npsp__Primary_Affiliation__c: missingAccountId(5000) },
  54: { Volunteer_Skills_Text__c: `${'Skill of many words, '.repeat(11)}cut o...` },
  56: { Volunteer_Skills_Text__c: null, Volunteer_Skills__c: null },
  58: { EmailBouncedDate: Date.UTC(2030, 0, 1, 6, 30), HasOptedOutOfEmail: true },
  62: { DoNotCall: true, npsp__Do_Not_Contact__c: true, HasOptedOutOfEmail: true },
  64: { Gender__c: '  ', Racial_Ethnic_Background__c: 'None' },
  66: {
    MailingStreet: null,
    MailingCity: null,
    MailingState: null,
    MailingPostalCode: null,
    MailingCountry: 'United States',
  },
  68: { MailingStreet: '  ', MailingCity: '', MailingState: null, MailingPostalCode: null, MailingCountry: null },
  70: { MailingStreet: '1 Foxglove Way\nApt. 3\r\nBuzzer 12', MailingPostalCode: '64110-2204' },
  72: { MailingStreet: `${'Rural Route and a very long way to describe it, '.repeat(5)}end` },
  74: { MailingStreet: null, MailingCity: 'Maple', MailingState: null, MailingPostalCode: null },
  76: { npe01__Work_Address__c: '1200 Market Street, Suite 400, Floor 4, Fairview, MO 64105' },
  78: { npe01__Work_Address__c: '4801 Orchard Road\nHarbor, KS 66061\nUnited States' },
  80: { npe01__Work_Address__c: 'Lakeside' },
  82: { npe01__Work_Address__c: ' , , ' },
  86: { npe01__Work_Address__c: '77 Mill Road, Willow, Missouri' },
  88: {
    Connector_Profile_Link__c: '<a href="https://connector.example/p/9">Profile</a>',
    Connector_Joining_Date__c: 'soon',
  },
  90: { Last_Mailchimp_Email_Date__c: '1900-01-01', Last_Email_Message__c: '2031-01-01' },
  92: { MiddleName: 'null', LastName: 'Null' },
};
