import { idMaker, NOWHERE } from '../ids.ts';
import { PATHWAY, PATHWAY_PARTICIPANT, PATHWAY_SESSION } from '../schema/pathway.ts';
import { inTurn, place } from './chance.ts';
import { contactBlocks, contactId, missingContactId } from './contact-blocks.ts';
import type { Column, Draw, Generated } from './generated.ts';
import { missingSessionId, soundEventId } from './session-blocks.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';
import { PLACES } from './words.ts';

const pathwayId = idMaker(PATHWAY.keyPrefix);
const missingPathwayId = idMaker(PATHWAY.keyPrefix, NOWHERE);

const FIELDS = ['Health Science', 'Engineering', 'Arts & Media', ' Construction ', 'Finance'];

export function pathways(sizes: Sizes, draw: Draw): Generated {
  return {
    schema: PATHWAY,
    count: sizes.pathways,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 100, index)),
      Name: (index) => `${inTurn(index, FIELDS)} ${inTurn(index, PLACES)}`,
    },
  };
}

/**
 * Links in rounds over the pathways, so that no pair stands twice but the ones that do on purpose: at full size 7
 * links repeat the one before, and 14 miss a side (7 no pathway that is there, 7 no session or contact).
 */
type Flaw = 'repeats' | 'lost pathway' | 'lost other' | null;

function flawOf(index: number, every: number): Flaw {
  const at = index % every;
  return at === 9 ? 'repeats' : at === 21 ? 'lost pathway' : at === 40 ? 'lost other' : null;
}

/** Seven of each flaw at full size. */
const SESSION_FLAW_EVERY = 100;
/** Ten of each flaw at full size. */
const PARTICIPANT_FLAW_EVERY = 250;

export function pathwaySessions(sizes: Sizes, draw: Draw): Generated {
  const session = (index: number): string => soundEventId(sizes, index * 3);
  return links(sizes.pathwaySessions, {
    schema: PATHWAY_SESSION,
    draw,
    flaw: (index) => flawOf(index, SESSION_FLAW_EVERY),
    pathway: (index) => pathwayId(index % sizes.pathways),
    field: 'Session__c',
    other: session,
    lost: missingSessionId,
    prefix: 'PS-',
  });
}

export function pathwayParticipants(sizes: Sizes, draw: Draw): Generated {
  const people = contactBlocks(sizes);
  // Any type of contact, each far from the one before.
  const stride = Math.max(1, Math.floor(people.end / Math.max(1, sizes.pathwayParticipants)));
  const offset = place(draw(1, 0), Math.max(1, people.end));
  return links(sizes.pathwayParticipants, {
    schema: PATHWAY_PARTICIPANT,
    draw,
    flaw: (index) => flawOf(index, PARTICIPANT_FLAW_EVERY),
    pathway: (index) => pathwayId(index % sizes.pathways),
    field: 'Contact__c',
    other: (index) => contactId((offset + index * stride) % people.end),
    lost: missingContactId,
    prefix: 'PP-',
  });
}

interface LinkPlan {
  readonly schema: Generated['schema'];
  readonly draw: Draw;
  readonly flaw: (index: number) => Flaw;
  readonly pathway: (index: number) => string;
  readonly field: string;
  readonly other: (index: number) => string;
  readonly lost: (running: number) => string;
  readonly prefix: string;
}

function links(count: number, plan: LinkPlan): Generated {
  const origin = (index: number): number => (plan.flaw(index) === 'repeats' ? index - 1 : index);
  const pathway: Column = (index) =>
    plan.flaw(index) === 'lost pathway' ? missingPathwayId(index) : plan.pathway(origin(index));
  const other: Column = (index) =>
    plan.flaw(index) === 'lost other' ? plan.lost(60_000 + index) : plan.other(origin(index));
  return {
    schema: plan.schema,
    count,
    columns: {
      ...stampColumns((purpose, index) => plan.draw(purpose + 100, index)),
      Name: (index) => plan.prefix + String(index + 1).padStart(6, '0'),
      Pathway__c: pathway,
      [plan.field]: other,
    },
  };
}
