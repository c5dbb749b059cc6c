/**
 * What people chose or typed into the fields of volunteers: every value that the nonprofit knows, the same in other
 * capitals, and some that nobody knows. Rows take them in turn, so that a small org has all of them.
 */

export const GENDERS = [
  'Female',
  'Male',
  'Non-binary',
  'Genderfluid',
  'Agender',
  'Transgender',
  'Prefer not to say',
  'Other',
  'non binary',
  'FEMALE',
  'NA',
  'unicorn',
  null,
];

export const RACES = [
  'Hispanic American/Latino',
  'Hispanic or Latino',
  'Hispanic',
  'Latino',
  'Latina',
  'Black',
  'Black/African American',
  'African American',
  'Black or African American',
  'White',
  'White/Caucasian/European American',
  'Caucasian',
  'European American',
  'Asian',
  'Asian American',
  'Asian American/Pacific Islander',
  'Pacific Islander',
  'Native Hawaiian',
  'Native Hawaiian or Other Pacific Islander',
  'American Indian or Alaska Native',
  'Native American',
  'Alaska Native',
  'Native American/Alaska Native/First Nation',
  'First Nation',
  'Bi-racial',
  'Multi-racial',
  'Bi-racial/Multi-racial/Multicultural',
  'Two or More Races',
  'Two or more',
  'Other',
  'Other POC',
  'Prefer not to answer',
  'Prefer not to say',
  'AggregateResult Black',
  'white AggregateResult',
  '  hispanic ',
  'BLACK OR AFRICAN AMERICAN',
  'of latino descent',
  'partly caucasian',
  'some asian family',
  'hawaiian on one side',
  'first nation and other',
  'multi heritage',
  'would prefer not',
  'some other answer',
  'Martian',
  'None',
  '',
  null,
  null,
];

export const EDUCATIONS = [
  'Bachelors',
  'Bachelor',
  "Bachelor's",
  'Bachelors Degree',
  "Bachelor's Degree",
  'Masters',
  'Master',
  "Master's",
  'Masters Degree',
  "Master's Degree",
  'Doctorate',
  'PhD',
  'Ph.D',
  'Ph.D.',
  'Doctoral',
  'High School Diploma or GED',
  'High School',
  'GED',
  'Advanced Professional Degree',
  'Professional',
  'Professional Degree',
  'Associate',
  'Associates',
  "Associate's",
  "Associate's Degree",
  'Some College',
  'Certificate',
  'Certification',
  'Prefer not to answer',
  ' bachelor’s degree ',
  ' MASTERS ',
  'School of life',
  '',
  null,
  null,
];

export const AGE_GROUPS = [
  'Under 18',
  '18-24',
  '25-34',
  '35-44',
  '45-54',
  '55-64',
  '65+',
  ' 25-34 ',
  '75 and over',
  '',
  null,
];

export const PREFERRED_EMAILS = [
  'Personal',
  'Work',
  null,
  'Alternate',
  'personal',
  'WORK',
  '',
  'alternate',
  'Fax',
  null,
];
export const PREFERRED_PHONES = ['Home', 'Work', null, 'Mobile', 'MOBILE', 'home', '', 'Other', 'work', null];
export const ADDRESS_TYPES = ['Home', 'Work', null, 'home', 'WORK', 'Other', ''];

/** A text formula in the org, so that the number is a text, and sometimes none. */
export const ATTENDED = ['1', '12', '3.0', null, '0', '7', '-3', 'many', '2.9', '', ' 5 ', 'n/a', '104'];

export const SKILL_TEXTS = [
  'Public speaking; Coding; project management',
  'Data Analysis,Excel',
  'Marketing and communicat...',
  ' ; ;mentoring;MENTORING ',
  'Welding; "Hot" works, safety',
  'Robotics',
  null,
  null,
  '',
];

export const SKILL_PICKS = [
  'Coding;Data Analysis',
  'Mentoring',
  'Public Speaking;Robotics;Interviewing',
  'graphic design, coding',
  null,
  null,
  'Retired skill that no list has...',
];

export const INTERESTS = [
  'Career Speaking;Technology',
  'Arts',
  'Mock Interviews;Science;Trades;Health;Finance',
  '  Finance  ',
  null,
  '',
];

export const TITLES = [
  'Engineer',
  'Nurse Practitioner',
  'Baker',
  null,
  'Director of Community Engagement and Strategic Partnerships, Midwest Region',
  '',
  ' Analyst ',
  'Electrician',
  'Vice President, Operations',
];

export const DEPARTMENTS = ['Human Resources', 'IT', null, 'Research & Development', '', 'Sales'];
