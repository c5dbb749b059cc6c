import { accounts } from './accounts.ts';
import { affiliations } from './affiliations.ts';
import { campaignMembers, campaigns } from './campaigns.ts';
import { cases } from './cases.ts';
import { hash } from './chance.ts';
import { classes } from './classes.ts';
import { contacts } from './contacts.ts';
import { emailMessages } from './email-messages.ts';
import type { Draw, Generated } from './generated.ts';
import { pathwayParticipants, pathways, pathwaySessions } from './pathways.ts';
import { sessionParticipants } from './session-participants.ts';
import { sessions } from './sessions.ts';
import type { Sizes } from './sizes.ts';
import { tasks } from './tasks.ts';

/** Every object of the org with the rows it starts with. A new object is one more line here. */
export function generateObjects(sizes: Sizes, seed: number): readonly Generated[] {
  const drawFor =
    (object: number): Draw =>
    (purpose, index) =>
      hash(seed + object * 7919, purpose, index);
  const people = contacts(sizes, drawFor(3));
  return [
    accounts(sizes, drawFor(1)),
    classes(sizes, drawFor(2)),
    people,
    affiliations(sizes, drawFor(4), people),
    sessions(sizes, drawFor(5)),
    sessionParticipants(sizes, drawFor(6)),
    tasks(sizes, drawFor(7)),
    emailMessages(sizes, drawFor(8), people),
    cases(sizes, drawFor(9), people),
    pathways(sizes, drawFor(10)),
    pathwaySessions(sizes, drawFor(11)),
    pathwayParticipants(sizes, drawFor(12)),
    campaigns(sizes, drawFor(13)),
    campaignMembers(sizes, drawFor(14)),
  ];
}
