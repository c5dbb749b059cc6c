import { SESSION_PARTICIPANT } from '../schema/session-participant.ts';
import { inTurn, place } from './chance.ts';
import { contactBlocks, contactId, missingContactId } from './contact-blocks.ts';
import { withDirt, type Dirt } from './dirt.ts';
import type { Column, Draw, Generated } from './generated.ts';
import {
  affiliatedDraftId,
  missingSessionId,
  soundEventId,
  soundEvents,
  unaffiliatedDraftId,
} from './session-blocks.ts';
import type { Sizes } from './sizes.ts';
import { stack, type Block } from './stack.ts';
import { stampColumns } from './stamps.ts';

const STATUSES = (
  'Attended,Completed,Attended,Scheduled,Attended,Confirmed,Attended,Registered,No Show,' +
  'Attended,No-Show,Cancelled,Attended,attended,Event Cancelled,Attended,NoShow'
).split(',');
/** Too long for what the nonprofit keeps of a volunteer. */
const STUDENT_STATUSES = [...STATUSES, 'Successfully Completed'];
const HOURS = [1, 0.5, 1.25, null, 2, 0, 1, 3, -1, 0.75, null];
const AGE_GROUPS = ['Under 18', '18-24', null, '25-34', '65+', null];

/** One participant in 110 has each of these; none costs it its row. */
const DIRT_EVERY = 110;
const DIRT: Dirt = {
  12: { Delivery_Hours__c: 400.75 },
  24: { Age_Group__c: '' },
  36: { Email__c: '  SHOUTING@Mail.EXAMPLE ' },
  48: { Title__c: 'Senior '.repeat(15).trim() },
  60: { Title__c: 'Line one\nline two' },
};

/** Every tenth of the unmatched volunteers, in turn. What an import of unaffiliated sessions brings can match later. */
const UNMATCHED = [
  'contact',
  'session',
  'teacher',
  'draft',
  'no contact',
  'unaffiliated draft',
  'contact',
  'session',
  'contact',
  'both',
] as const;

/**
 * At full size 49,000 students and 20,180 volunteers. Of the students 40 repeat a (session, student) that is there, 60
 * name a session or a student that is not there, and 300 a Draft that only the unaffiliated sessions bring. Of the
 * volunteers 537 are unmatched, 54 of them by such a Draft, and 39 of the others have no status.
 */
export function sessionParticipants(sizes: Sizes, draw: Draw): Generated {
  const students = studentBlock(sizes, (purpose, index) => draw(purpose + 100, index));
  const volunteers = volunteerBlock(sizes, (purpose, index) => draw(purpose + 200, index));
  return {
    schema: SESSION_PARTICIPANT,
    count: students.count + volunteers.count,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 300, index)),
      ...stack(SESSION_PARTICIPANT, [students, volunteers]),
      Name: (index) => `SP-${String(index + 1).padStart(7, '0')}`,
    },
  };
}

/** Who takes part in what, by id. */
interface Part {
  readonly session: string | null;
  readonly contact: string | null;
}

function studentBlock(sizes: Sizes, draw: Draw): Block {
  const { students: count, repeatedStudents, unmatchedStudents, studentsInDrafts } = sizes.participants;
  const first = count - repeatedStudents - unmatchedStudents - studentsInDrafts;
  const events = soundEvents(sizes);
  // Each round over the events takes students this far apart, so that no event has one of them twice.
  const stride = Math.max(1, Math.floor(sizes.students / Math.max(1, Math.ceil(first / events))));
  const pair = (nth: number): Part => {
    const round = Math.floor(nth / events);
    const student = (place(draw(1, nth % events), sizes.students) + round * stride) % sizes.students;
    return { session: soundEventId(sizes, nth), contact: contactId(student) };
  };
  const part = (index: number): Part => {
    if (index < first) return pair(index);
    const later = index - first;
    if (later < repeatedStudents) return pair(later * 7);
    const stray = later - repeatedStudents;
    if (stray < unmatchedStudents) return unmatchedStudent(stray);
    return {
      session: unaffiliatedDraftId(sizes, stray),
      contact: contactId(place(draw(2, index), sizes.students)),
    };
  };
  function unmatchedStudent(nth: number): Part {
    const { session, contact } = pair(nth * 11);
    switch (nth % 5) {
      case 0:
        return { session, contact: missingContactId(nth) };
      case 1:
        return { session: missingSessionId(nth), contact };
      case 2:
        return { session, contact: null };
      case 3:
        return { session: null, contact };
      default:
        return { session, contact: contactId(contactBlocks(sizes).volunteers + (nth % sizes.volunteers)) };
    }
  }
  const columns: Record<string, Column> = {
    Session__c: (index) => part(index).session,
    Contact__c: (index) => part(index).contact,
    Participant_Type__c: () => 'Student',
    Status__c: (index) => (index % 505 === 17 ? null : inTurn(index, STUDENT_STATUSES)),
    Delivery_Hours__c: (index) => inTurn(index, HOURS),
    Age_Group__c: (index) => (draw(3, index) % 3 === 0 ? 'Under 18' : null),
  };
  return { count, columns: withDirt(columns, DIRT_EVERY, DIRT) };
}

function volunteerBlock(sizes: Sizes, draw: Draw): Block {
  const { volunteers: count, unmatchedVolunteers } = sizes.participants;
  const matched = count - unmatchedVolunteers;
  const events = soundEvents(sizes);
  const people = contactBlocks(sizes);
  const part = (index: number): Part => {
    const session = soundEventId(sizes, index);
    // One in a hundred takes part in the same event a second time.
    const who = index % 100 === 47 && index >= events ? index - events : index;
    const contact = contactId(people.volunteers + place(draw(1, who), sizes.volunteers));
    if (index < matched) return { session, contact };
    const nth = index - matched;
    switch (inTurn(nth, UNMATCHED)) {
      case 'contact':
        return { session, contact: missingContactId(20_000 + nth) };
      case 'no contact':
        return { session, contact: null };
      case 'teacher':
        return { session, contact: contactId(people.teachers + (nth % sizes.teachers)) };
      case 'session':
        return { session: missingSessionId(20_000 + nth), contact };
      case 'draft':
        return { session: affiliatedDraftId(sizes, nth), contact };
      case 'unaffiliated draft':
        return { session: unaffiliatedDraftId(sizes, nth), contact };
      case 'both':
        break;
    }
    return { session: missingSessionId(20_000 + nth), contact: missingContactId(20_000 + nth) };
  };
  const columns: Record<string, Column> = {
    Session__c: (index) => part(index).session,
    Contact__c: (index) => part(index).contact,
    Participant_Type__c: () => 'Volunteer',
    // A few have none, which the nonprofit's table does not take.
    Status__c: (index) => (index % 505 === 17 && index < matched ? null : inTurn(index, STATUSES)),
    Delivery_Hours__c: (index) => inTurn(index, HOURS),
    Age_Group__c: (index) => inTurn(index, AGE_GROUPS),
    Email__c: (index) => (draw(2, index) % 3 === 0 ? null : `participant.${String(index)}@mail.example`),
    Title__c: (index) => inTurn(index, ['Engineer', null, 'Nurse', 'Owner, Baker', null]),
  };
  return { count, columns: withDirt(columns, DIRT_EVERY, DIRT) };
}
