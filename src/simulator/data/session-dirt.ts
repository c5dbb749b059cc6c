import type { Dirt } from './dirt.ts';

/** One session in 115 has each of these: 30 of 3,450 events. None costs an event its row. */
export const SESSION_DIRT_EVERY = 115;

export const SESSION_DIRT: Dirt = {
  2: { Session_Type__c: null },
  6: { Session_Type__c: 'Robotics Expo' },
  9: { Session_Type__c: 'career fair' },
  13: { Session_Status__c: null },
  18: { Format__c: null },
  22: { Format__c: 'Hybrid' },
  26: { Location_Information__c: '' },
  31: { Location_Information__c: 'Room 12, second door on the left; '.repeat(8).slice(0, 255) },
  36: { Name: '  Career Fair in the Gym  ' },
  40: { Name: 'Math Relays: a day of numbers, races and prizes for all grades in the whole city' },
  45: { Name: '"Café & Code" <b>live</b> 🎉' },
  50: { Description__c: '<p>Bring&nbsp;<b>questions</b>.</p>\r\n<p>Doors open at 8 &amp; close at 9</p>' },
  54: { Additional_Information__c: 'Parking, row "C"\nBadge at the desk' },
  58: { End_Date_and_Time__c: null },
  62: { End_Date_and_Time__c: Date.UTC(2015, 0, 5, 15) },
  66: { Start_Date_and_Time__c: Date.UTC(2030, 8, 3, 5, 30), End_Date_and_Time__c: Date.UTC(2030, 8, 3, 6) },
  70: { Non_Scheduled_Students_Count__c: 27.6 },
  74: { Total_Requested_Volunteer_Jobs__c: -4 },
  78: { Available_Slots__c: 'plenty' },
  82: { Available_Slots__c: '-2' },
  86: { Session_Host__c: null },
  90: { Session_Host__c: '' },
  94: { Registration_Link__c: '' },
  98: { Cancellation_Reason__c: 'A reason that no list has' },
  102: { Requested_Skills__c: 'Coding; "Data, big" ;PWY-;;Skills-Resume Writing...' },
  106: { Description__c: 'nul\u0000inside' },
};
