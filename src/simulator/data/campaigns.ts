import { idMaker, NOWHERE } from '../ids.ts';
import { CAMPAIGN, CAMPAIGN_MEMBER } from '../schema/campaign.ts';
import { inTurn, place } from './chance.ts';
import { contactBlocks, contactId, leadId, missingContactId } from './contact-blocks.ts';
import { dayText, startOfYear } from './days.ts';
import type { Column, Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';
import { PLACES } from './words.ts';

export const campaignId = idMaker(CAMPAIGN.keyPrefix);
const missingCampaignId = idMaker(CAMPAIGN.keyPrefix, NOWHERE);

const TYPES = ['Email', 'Event', 'Webinar', 'Direct Mail', null, 'Fundraising'];
const STATUSES = ['Completed', 'In Progress', 'Planned', 'Aborted'];
const MEMBER_STATUSES = ['Sent', 'Responded', 'Opened', 'Planned', 'Attended', null];

/** Three generations: the first half of the rows are grandchildren, and parents stand behind their children. */
export function campaigns(sizes: Sizes, draw: Draw): Generated {
  const { campaigns: count } = sizes;
  const parents = Math.floor(count / 2);
  const roots = parents + Math.floor(count / 4);
  const start = (index: number): number => startOfYear(2019) + (draw(1, index) % 2500);
  const columns: Record<string, Column> = {
    Name: (index) => `${inTurn(index, PLACES)} Drive ${String(2019 + (index % 8))}`,
    ParentId: (index) => {
      if (index % 40 === 5) return missingCampaignId(index);
      if (index < parents) return campaignId(parents + (index % (roots - parents)));
      return index < roots ? campaignId(roots + (index % (count - roots))) : null;
    },
    Type: (index) => inTurn(index, TYPES),
    Status: (index) => inTurn(index, STATUSES),
    StartDate: (index) => (index % 11 === 3 ? null : dayText(start(index))),
    EndDate: (index) => (index % 7 === 3 ? null : dayText(start(index) + (draw(2, index) % 90))),
    IsActive: (index) => index % 3 === 0,
    BudgetedCost: (index) => (index % 5 === 2 ? null : (draw(3, index) % 500_000) / 100),
    ActualCost: (index) => (index % 5 < 3 ? null : (draw(4, index) % 500_000) / 100),
    ExpectedRevenue: (index) => (index % 4 === 1 ? null : 1000 * (draw(5, index) % 60)),
    ExpectedResponse: (index) => (draw(6, index) % 1000) / 10,
    NumberSent: (index) => draw(7, index) % 4000,
    Description: (index) => (index % 6 === 0 ? 'Letters, calls\nand a "thank you".' : null),
    NumberOfContacts: (index) => draw(8, index) % 400,
    NumberOfResponses: (index) => draw(9, index) % 90,
    AmountAllOpportunities: (index) => (draw(10, index) % 9_000_000) / 100,
  };
  return {
    schema: CAMPAIGN,
    count,
    columns: { ...stampColumns((purpose, index) => draw(purpose + 100, index)), ...columns },
  };
}

const isLead = (index: number): boolean => index % 50 === 11;
const status = (index: number): string | null => inTurn(index, MEMBER_STATUSES);
const responded = (index: number): boolean => status(index) === 'Responded' || status(index) === 'Attended';

/** One member in fifty is a lead, one in two hundred a contact that is not there. */
export function campaignMembers(sizes: Sizes, draw: Draw): Generated {
  const people = contactBlocks(sizes);
  const columns: Record<string, Column> = {
    CampaignId: (index) => campaignId(index % sizes.campaigns),
    ContactId: (index) => {
      if (isLead(index)) return null;
      if (index % 200 === 33) return missingContactId(50_000 + index);
      // A round over the campaigns for each person, so that nobody is twice in one.
      const adults = sizes.teachers + sizes.volunteers;
      const round = Math.floor(index / sizes.campaigns);
      return contactId(people.teachers + ((place(draw(1, index % sizes.campaigns), adults) + round * 7) % adults));
    },
    LeadId: (index) => (isLead(index) ? leadId(50_000 + index) : null),
    Status: status,
    HasResponded: responded,
    FirstRespondedDate: (index) => (responded(index) ? dayText(startOfYear(2020) + (draw(2, index) % 2000)) : null),
  };
  return {
    schema: CAMPAIGN_MEMBER,
    count: sizes.campaignMembers,
    columns: { ...stampColumns((purpose, index) => draw(purpose + 100, index)), ...columns },
  };
}
