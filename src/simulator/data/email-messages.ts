import { EMAIL_MESSAGE } from '../schema/email-message.ts';
import { accountBlocks, accountId, missingAccountId } from './account-blocks.ts';
import { caseId, hasContact, missingCaseId } from './cases.ts';
import { inTurn, pick, place } from './chance.ts';
import { contactBlocks, contactId, missingContactId } from './contact-blocks.ts';
import { withDirt, type Dirt } from './dirt.ts';
import type { Column, Draw, Generated } from './generated.ts';
import { soundEventId } from './session-blocks.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';
import { taskId } from './tasks.ts';

/** Addresses of the nonprofit's own people; no contact has them. */
const STAFF = ['office@prep.example', 'Programs@Prep.example'];

/** How a message tells whose it is. */
type Kind = 'to volunteer' | 'to teacher' | 'from volunteer' | 'contact' | 'case' | 'account' | 'lost' | 'unrelated';

/** One message in 110 has each of these. */
const DIRT_EVERY = 110;
const DIRT: Dirt = {
  1: { Subject: null },
  11: { Subject: 'Re: Fwd: Re: a very long thread, '.repeat(40).trim() },
  21: { TextBody: null, HtmlBody: '<p>Only&nbsp;HTML &amp; <i>nothing</i> else&hellip;</p>' },
  31: { TextBody: 'Plain only,\r\n\r\nwith   spaces and a < sign', HtmlBody: null },
  41: { TextBody: null, HtmlBody: null },
  51: { MessageDate: null },
  61: { TextBody: 'nul\u0000inside' },
  71: { HtmlBody: `<div>${'long text '.repeat(9000)}</div>` },
  81: { Incoming: false, Status: null },
  91: { CcAddress: 'someone.else@cc.example; Other@cc.example', BccAddress: 'hidden@bcc.example' },
};

const stranger = (index: number): string => `stranger.${String(index)}@nowhere.example`;
const staff = (index: number): string => inTurn(index, STAFF);

function kindOf(index: number): Kind {
  const at = index % 100;
  if (at < 40) return 'to volunteer';
  if (at < 55) return 'to teacher';
  if (at < 62) return 'from volunteer';
  if (at < 72) return 'contact';
  if (at < 80) return 'case';
  if (at < 84) return 'account';
  return at < 88 ? 'lost' : 'unrelated';
}
function isIncoming(index: number): boolean {
  return kindOf(index) === 'from volunteer';
}

/**
 * At full size 8,000 rows, of which 960 are related to nothing. Of the other 7,040 a contact is told by one of the To
 * addresses (4,720; 320 of them are related to an account), by the From address (560), by RelatedToId as contact (800)
 * or by the contact of a case (640); 320 lead to nobody.
 */
export function emailMessages(sizes: Sizes, draw: Draw, contacts: Generated): Generated {
  const people = contactBlocks(sizes);
  const accounts = accountBlocks(sizes);
  const mailOf = contacts.columns['Email'] ?? (() => null);
  const accountOf = contacts.columns['AccountId'] ?? (() => null);
  const volunteer = (index: number): number => people.volunteers + place(draw(1, index), sizes.volunteers);

  const columns: Record<string, Column> = {
    ParentId: (index) => (kindOf(index) === 'case' ? caseOf(index) : null),
    RelatedToId: relatedTo,
    ActivityId: (index) => (index % 4 === 0 ? taskId(place(draw(2, index), sizes.tasks)) : null),
    Subject: (index) => inTurn(index, ['Thank you', 'Your next session', 'Re: parking', 'Invitation: Career Fair', '']),
    TextBody: (index) => `Hello,\nsee you in room ${String(draw(3, index) % 200)}.`,
    HtmlBody: (index) =>
      draw(4, index) % 3 === 0 ? `<p>Hello,<br>see&nbsp;you in room ${String(draw(3, index) % 200)}.</p>` : null,
    MessageDate: (index) =>
      Date.UTC(
        2019 + (draw(5, index) % 7),
        draw(6, index) % 12,
        1 + (draw(7, index) % 28),
        draw(8, index) % 24,
        15,
        30,
      ),
    FromAddress: (index) => (isIncoming(index) ? volunteerMail(index) : staff(index)),
    FromName: (index) => (isIncoming(index) ? null : 'The Office'),
    ToAddress: to,
    CcAddress: (index) => (index % 9 === 2 ? 'copy@cc.example' : null),
    Incoming: isIncoming,
    HasAttachment: (index) => index % 13 === 0,
    Status: (index) => (isIncoming(index) ? '1' : '3'),
    MessageIdentifier: (index) => `<${String(index)}.message@mail.example>`,
    ThreadIdentifier: (index) => `<${String(Math.floor(index / 3))}.thread@mail.example>`,
  };
  return {
    schema: EMAIL_MESSAGE,
    count: sizes.emailMessages,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 100, index)),
      ...withDirt(columns, DIRT_EVERY, DIRT),
    },
  };

  function volunteerMail(index: number): string {
    return mailFrom({ first: people.volunteers, count: sizes.volunteers }, draw(1, index));
  }
  /** The address of somebody in the block who has one. */
  function mailFrom(block: { readonly first: number; readonly count: number }, random: number): string {
    const start = place(random, block.count);
    for (let tried = 0; tried < block.count; tried += 1) {
      const mail = mailOf(block.first + ((start + tried) % block.count));
      if (typeof mail === 'string' && mail.includes('@')) return mail;
    }
    return stranger(random);
  }
  /** A case that has a contact; the lost ones have one that has none. */
  function caseOf(index: number): string {
    const at = place(draw(9, index), sizes.cases);
    return caseId(hasContact(at) ? at : (at + 1) % sizes.cases);
  }
  function relatedTo(index: number): string | null {
    switch (kindOf(index)) {
      case 'unrelated':
        return null;
      case 'contact':
        return contactId(volunteer(index));
      case 'case':
        return caseOf(index);
      case 'account':
        return String(accountOf(volunteer(index)) ?? accountId(accounts.others));
      case 'lost':
        return inTurn(index, [
          missingAccountId(index),
          missingCaseId(index),
          missingContactId(70_000 + index),
          caseId(7),
        ]);
      case 'to volunteer':
      case 'to teacher':
      case 'from volunteer':
        return index % 3 === 0
          ? accountId(accounts.others + place(draw(10, index), sizes.organizations))
          : soundEventId(sizes, draw(10, index));
    }
  }
  /** Lists with spaces, in capitals, with the known address first or last. */
  function to(index: number): string {
    switch (kindOf(index)) {
      case 'to volunteer': {
        const address = volunteerMail(index);
        const others = ['a.stranger@nowhere.example', staff(index)];
        return pick(draw(11, index), [
          address,
          address.toUpperCase(),
          ` ${address} `,
          `${others.join(', ')},${address}`,
          `${address}, ${others.join(',')}`,
        ]);
      }
      case 'to teacher':
        return mailFrom({ first: people.teachers, count: sizes.teachers }, draw(1, index)).toLowerCase();
      case 'from volunteer':
        return staff(index);
      case 'account':
        return volunteerMail(index);
      case 'contact':
      case 'case':
      case 'lost':
      case 'unrelated':
        return stranger(index);
    }
  }
}
