import { accountId, missingAccountId } from './account-blocks.ts';
import { pick, place, ranksOf } from './chance.ts';
import { dayText, startOfYear } from './days.ts';
import { withDirt, type Dirt } from './dirt.ts';
import type { Column, Draw } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { LAST_NAMES, PLACES } from './words.ts';

const KINDS = [
  'Partners',
  'Works',
  'Trust, Inc.',
  '"Open Door" Fund',
  'Community College',
  'Labs',
  'Clinic',
  'Credit Union',
];
const TYPES = [
  'Nonprofit Organization',
  'Business',
  'Business',
  'Business',
  'Foundation',
  'College or University',
  'Government',
  'Faith Community',
];
const STREETS = ['Main Street', 'Market Street', 'Mill Road', 'Parkway', 'Avenue'];

/** One organization in `DIRT_EVERY` has each of these; all of them become a row. */
const DIRT_EVERY = 60;
const DIRT: Dirt = {
  3: { Description: 'Partners since the first year of the programme. '.repeat(9).trim() },
  7: { Description: '<p>Hosts <b>workplace visits</b>&nbsp;each spring.</p>\r\n<p>Parking: rear lot</p>' },
  11: { Description: 'x'.repeat(31_999) },
  15: { Name: '  Tamarack & Daughters  ' },
  19: { Name: 'Café Größenwahn «Łódź»' },
  23: { Name: `Consolidated ${'Holdings and '.repeat(18)}Subsidiary`.padEnd(255, '.').slice(0, 255) },
  27: { BillingStreet: '400 Foxglove Plaza\nSuite 210\r\nDock B' },
  31: { BillingStreet: null, BillingCity: null, BillingState: null, BillingPostalCode: null, BillingCountry: 'USA' },
  35: { BillingPostalCode: 'K1A 0B1', BillingState: 'Ontario', BillingCountry: 'Canada' },
  39: { LastActivityDate: '4000-12-31' },
  43: { Type: 'A type that no list has' },
  47: { Description: '' },
  51: { Description: 'line\u2028separator, emoji 🏢 and "quotes"' },
};

/** Columns of the accounts that are no school, district or household; `index` counts them from 0. */
export function organizationColumns(sizes: Sizes, first: number, draw: Draw): Record<string, Column> {
  const typeRank = ranksOf(draw(1, 0), Math.max(1, sizes.organizations));
  const hasAddress = (index: number): boolean => draw(2, index) % 3 !== 0;
  const ofAddress =
    (column: Column): Column =>
    (index) =>
      hasAddress(index) ? column(index) : null;

  const columns: Record<string, Column> = {
    Name: (index) => `${organizationWord(index)} ${pick(draw(5, index), KINDS)}`,
    Type: (index) => pick(draw(6, index), TYPES),
    ParentId: parentOf,
    Description: (index) => (draw(7, index) % 5 < 2 ? `${organizationWord(index)} sends speakers.` : null),
    BillingStreet: ofAddress((index) => `${String(1 + (draw(8, index) % 9000))} ${pick(draw(9, index), STREETS)}`),
    BillingCity: ofAddress((index) => pick(draw(10, index), PLACES)),
    BillingState: ofAddress((index) => pick(draw(11, index), ['KS', 'MO', 'MO', 'Missouri'])),
    BillingPostalCode: ofAddress((index) => String(64_000 + (draw(12, index) % 999))),
    BillingCountry: ofAddress((index) => pick(draw(13, index), ['United States', 'USA', null])),
    Website: (index) => (index % 3 === 0 ? `https://org${String(index)}.example` : null),
    LastActivityDate: (index) =>
      draw(14, index) % 10 < 3 ? null : dayText(startOfYear(2018) + (draw(15, index) % 3000)),
    Phone: (index) =>
      draw(16, index) % 2 === 0 ? null : `(913) 555-${String(draw(17, index) % 10_000).padStart(4, '0')}`,
  };
  const dirty = withDirt(columns, DIRT_EVERY, DIRT);
  const type = dirty['Type'];
  // Which accounts have no Type is counted exactly, so it comes after everything else.
  return { ...dirty, Type: (index) => (typeRank(index) < sizes.untypedOrganizations ? null : (type?.(index) ?? null)) };

  function organizationWord(index: number): string {
    return pick(draw(3, index), draw(4, index) % 2 === 0 ? PLACES : LAST_NAMES);
  }
  /** Some belong to another organization, also to one that stands further down, and a few to one that is gone. */
  function parentOf(index: number): string | null {
    if (index % 10 !== 4) return null;
    return index % 200 === 64 ? missingAccountId(2000) : accountId(first + place(draw(18, index), sizes.organizations));
  }
}
