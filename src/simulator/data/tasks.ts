import { idMaker } from '../ids.ts';
import { TASK } from '../schema/task.ts';
import { accountBlocks, accountId } from './account-blocks.ts';
import { campaignId } from './campaigns.ts';
import { caseId } from './cases.ts';
import { inTurn, place } from './chance.ts';
import { contactBlocks, contactId, leadId, missingContactId } from './contact-blocks.ts';
import { dayText, startOfYear } from './days.ts';
import { withDirt, type Dirt } from './dirt.ts';
import type { Column, Draw, Generated } from './generated.ts';
import { missingSessionId, soundEventId } from './session-blocks.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';

export const taskId = idMaker(TASK.keyPrefix);

const TYPES = ['Email', 'Call', 'Status_Update', 'Meeting', null, 'Other', 'email', 'CALL', 'status_update', 'Email'];
const STATUSES = ['Completed', 'Not Started', 'Completed', 'In Progress', null, 'Waiting on someone else', 'Deferred'];
const SUBJECTS = [
  'Email: Thank you',
  'Call',
  'Left a message',
  'Follow up: orientation',
  ' Spaces around ',
  'Re: parking',
];

/** One task in 100 has each of these; all of them are history. */
const DIRT_EVERY = 100;
const DIRT: Dirt = {
  4: { Subject: null },
  9: { Subject: 'A long subject that goes on and on, '.repeat(8).slice(0, 255) },
  14: { ActivityDate: null },
  19: { ActivityDate: '4000-12-31' },
  24: { Description: '<p>Hello,&nbsp;thanks for <b>coming</b>!</p>\r\n<br/>See   you &lt;soon&gt;' },
  29: { Description: 'nul\u0000inside' },
  34: { Description: 'a < b and c > d, "quoted"' },
  39: { Description: 'word '.repeat(6000).trim() },
};

/**
 * At full size 12,000 rows, of which 840 name nobody, 240 a lead and 120 a contact that is not there; the other 10,800
 * belong to volunteers (5,400), teachers (2,400) and students (3,000).
 */
export function tasks(sizes: Sizes, draw: Draw): Generated {
  const people = contactBlocks(sizes);
  const accounts = accountBlocks(sizes);
  const columns: Record<string, Column> = {
    WhoId: who,
    WhatId: what,
    Subject: (index) => inTurn(index, SUBJECTS),
    ActivityDate: (index) => dayText(startOfYear(2019) + (draw(1, index) % 2700)),
    Status: (index) => inTurn(index, STATUSES),
    Priority: () => 'Normal',
    Type: (index) => inTurn(index + Math.floor(index / 100), TYPES),
    Description: (index) => (draw(2, index) % 3 === 0 ? null : `Talked about session ${String(draw(3, index) % 900)}.`),
    IsClosed: (index) => inTurn(index, STATUSES) === 'Completed',
  };
  return {
    schema: TASK,
    count: sizes.tasks,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 100, index)),
      ...withDirt(columns, DIRT_EVERY, DIRT),
    },
  };

  function who(index: number): string | null {
    const kind = index % 100;
    if (kind < 45) return contactId(people.volunteers + place(draw(4, index), sizes.volunteers));
    if (kind < 65) return contactId(people.teachers + place(draw(4, index), sizes.teachers));
    if (kind < 90) return contactId(place(draw(4, index), sizes.students));
    if (kind < 92) return leadId(index);
    return kind === 92 ? missingContactId(30_000 + index) : null;
  }
  function what(index: number): string | null {
    const kind = draw(5, index) % 20;
    if (kind < 6) return soundEventId(sizes, draw(6, index));
    if (kind === 6) return missingSessionId(30_000 + index);
    if (kind === 7) return accountId(accounts.others + place(draw(6, index), sizes.organizations));
    if (kind === 8) return campaignId(place(draw(6, index), sizes.campaigns));
    return kind === 9 ? caseId(place(draw(6, index), sizes.cases)) : null;
  }
}
