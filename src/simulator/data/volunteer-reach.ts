import { inTurn, pick } from './chance.ts';
import type { Column, Draw } from './generated.ts';
import { DIRT_EVERY, SHARES_EMAIL } from './volunteer-dirt.ts';
import { ADDRESS_TYPES, PREFERRED_EMAILS, PREFERRED_PHONES } from './volunteer-values.ts';
import { PLACES } from './words.ts';

const STREETS = ['Street', 'Avenue', 'Road', 'Lane, Apt. 4'];

/** How volunteers are reached: e-mail addresses, phones, postal addresses. */
export function reachColumns(draw: Draw): Record<string, Column> {
  const home = postal((purpose, index) => draw(purpose + 40, index));
  const work = postal((purpose, index) => draw(purpose + 60, index));
  return {
    ...mailColumns(draw),
    ...phoneColumns((purpose, index) => draw(purpose + 20, index)),
    MailingStreet: home.ifKnown(home.street),
    MailingCity: home.ifKnown(home.city),
    MailingState: home.ifKnown(home.state),
    MailingPostalCode: home.ifKnown(home.zip),
    MailingCountry: home.ifKnown((index) => pick(draw(80, index), ['United States', 'USA', null])),
    npe01__Home_Address__c: home.ifKnown(home.line),
    npe01__Work_Address__c: work.ifKnown(work.line),
    npe01__Other_Address__c: (index) => (index % 17 === 3 ? work.line(index) : null),
    npe01__Primary_Address_Type__c: (index) => inTurn(index, ADDRESS_TYPES),
    npe01__Secondary_Address_Type__c: (index) => inTurn(index + 3, ADDRESS_TYPES),
  };
}

const shares = (index: number): boolean => index % DIRT_EVERY === SHARES_EMAIL;
const owner = (index: number): number => (shares(index) ? index - 1 : index);
const personal = (index: number): string => `volunteer.${String(owner(index))}@mail${String(owner(index) % 9)}.example`;
const professional = (index: number): string => `v.${String(index)}@firm${String(index % 40)}.example`;

/** Four addresses; some stand in two fields, in other capitals. */
function mailColumns(draw: Draw): Record<string, Column> {
  return {
    Email: (index) => (draw(1, index) % 20 < 17 || shares(index) || shares(index + 1) ? personal(index) : null),
    npe01__WorkEmail__c: (index) => {
      if (index % 12 === 8) return personal(index);
      return draw(2, index) % 20 < 9 ? professional(index) : null;
    },
    npe01__HomeEmail__c: (index) => {
      if (index % 10 === 3) return personal(index).toUpperCase();
      return draw(3, index) % 20 < 5 ? `home.${String(index)}@house.example` : null;
    },
    npe01__AlternateEmail__c: (index) => {
      if (index % 14 === 5) return ` ${professional(index).replace('v.', 'V.')}`;
      return draw(4, index) % 20 < 3 ? `alt.${String(index)}@else.example` : null;
    },
    npe01__Preferred_Email__c: (index) => inTurn(index, PREFERRED_EMAILS),
  };
}

function phoneColumns(draw: Draw): Record<string, Column> {
  const phone =
    (purpose: number, area: string): Column =>
    (index) =>
      draw(purpose, index) % 20 < 9
        ? `(${area}) 555-${String(draw(purpose + 5, index) % 10_000).padStart(4, '0')}`
        : null;
  const main = phone(1, '816');
  return {
    Phone: main,
    HomePhone: phone(2, '913'),
    // The same number in two fields.
    MobilePhone: (index) => (index % 9 === 4 ? main(index) : phone(3, '785')(index)),
    npe01__WorkPhone__c: phone(4, '660'),
    npe01__PreferredPhone__c: (index) => inTurn(index, PREFERRED_PHONES),
  };
}

type Text = (index: number) => string;

/** A postal address in its parts and, as NPSP's formula shows it, in one line. */
function postal(draw: Draw): Record<'street' | 'city' | 'state' | 'zip' | 'line', Text> & {
  readonly ifKnown: (column: Text | Column) => Column;
} {
  const street: Text = (index) =>
    `${String(1 + (draw(2, index) % 9000))} ${pick(draw(3, index), PLACES)} ${pick(draw(4, index), STREETS)}`;
  const city: Text = (index) => pick(draw(5, index), PLACES);
  const state: Text = (index) => pick(draw(6, index), ['KS', 'MO']);
  const zip: Text = (index) => String(64_000 + (draw(7, index) % 999));
  return {
    street,
    city,
    state,
    zip,
    line: (index) => `${street(index)}, ${city(index)}, ${state(index)} ${zip(index)}`,
    ifKnown: (column) => (index) => (draw(1, index) % 5 < 3 ? column(index) : null),
  };
}
