import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** Fields of a record as a script sets them; what is not named stays as it is. */
export type Values = Readonly<Record<string, string | null>>;

/** A record of the org is made, or changed when it is there. `here` false: no import reads it. */
export interface OrgChange {
  readonly kind: 'org';
  readonly object: ObjectName;
  /** Which of the few records of its object. */
  readonly which: number;
  readonly here: boolean;
  readonly values: Values;
}

/** What somebody does by hand in the database. */
export type LocalChange =
  | { readonly kind: 'archive'; readonly which: number; readonly on: boolean }
  | { readonly kind: 'freeze'; readonly which: number; readonly on: boolean }
  | { readonly kind: 'person'; readonly which: number; readonly motto: string | null }
  | { readonly kind: 'town'; readonly name: string }
  | { readonly kind: 'alias'; readonly alias: string; readonly name: string }
  | { readonly kind: 'score'; readonly campaign: number; readonly person: number }
  | { readonly kind: 'mail'; readonly person: number; readonly address: string; readonly main: boolean }
  | { readonly kind: 'drift'; readonly table: 'stall' | 'membership' | 'job' | 'stall_good' };

/** How the next run goes. */
export interface RunWay {
  readonly fullRefresh: boolean;
  readonly api: 'rest' | 'bulk';
  readonly batchSize: number;
  readonly commitSize: number;
  /** The run is interrupted after so many commits; null for a run that ends by itself. */
  readonly killAfter: number | null;
  readonly planFirst: boolean;
}

export interface Round {
  readonly changes: readonly (OrgChange | LocalChange)[];
  readonly way: RunWay;
}

export type ObjectName = 'Account' | 'Contact' | 'Campaign' | 'npe5__Affiliation__c' | 'Task' | 'CampaignMember';

const STALLS = 5;
const PEOPLE = 5;
/** One more than there will ever be: an id that never comes. */
const stallRef = fc.option(
  fc.nat(STALLS).map((which) => `Account:${which}`),
  { freq: 5 },
);
const personRef = fc.option(
  fc.nat(PEOPLE).map((which) => `Contact:${which}`),
  { freq: 8 },
);
export const TOWNS = ['Oslo', 'oslo', 'OSLO', 'Bergen', 'The Capital', 'the capital'];
const town = fc.constantFrom(...TOWNS);
const words = (from: readonly string[]) =>
  fc.array(fc.constantFrom(...from), { maxLength: 4 }).map((some) => (some.length === 0 ? null : some.join(';')));
const addresses = fc.constantFrom('a@fair.example', 'B@fair.example', 'b@fair.example', ' c@fair.example');
const date = fc.option(fc.constantFrom('2020-01-01', '2021-01-01', '2022-01-01'), { freq: 3 });

const NAME = fc.constantFrom('one', 'two', 'three');

const FIELDS: Readonly<Record<ObjectName, Readonly<Record<string, Arbitrary<string | null>>>>> = {
  Account: {
    Name: NAME,
    ParentId: stallRef,
    School_Code_External_ID__c: personRef,
    BillingCity: fc.option(town),
    Description: words(['Bread', 'bread', 'Cheese', ' wine ', 'Honey', '']),
    Connector_Account_Name__c: words(['tag 0', 'tag 1', 'tag 2', 'tag never']),
  },
  Contact: {
    AccountId: stallRef,
    Title: fc.option(NAME),
    Department: fc.option(NAME),
    Phone: fc.option(fc.constantFrom('1', '2')),
    Email: fc.option(addresses),
    npe01__WorkEmail__c: fc.option(addresses),
    npe01__Preferred_Email__c: fc.option(fc.constantFrom('Work', 'Personal')),
  },
  Campaign: {},
  npe5__Affiliation__c: {
    npe5__Contact__c: personRef,
    npe5__Organization__c: stallRef,
    npe5__Status__c: fc.option(fc.constantFrom('Current', 'Past', 'Other')),
    npe5__StartDate__c: date,
  },
  Task: {
    WhoId: personRef,
    Subject: fc.constantFrom('bake', 'sweep'),
    Type: fc.option(fc.constantFrom('first', 'second', 'third')),
    ActivityDate: date,
    Description: personRef,
    WhatId: stallRef,
  },
  CampaignMember: {
    CampaignId: fc.nat(1).map((which) => `Campaign:${which}`),
    ContactId: personRef,
    Status: fc.constantFrom('fair won', 'fair lost'),
  },
};

const HOW_MANY: Readonly<Record<ObjectName, number>> = {
  Account: STALLS,
  Contact: PEOPLE,
  Campaign: 3,
  npe5__Affiliation__c: 10,
  Task: 10,
  CampaignMember: 8,
};

function orgChange(object: ObjectName): Arbitrary<OrgChange> {
  return fc.record(
    {
      kind: fc.constant('org' as const),
      object: fc.constant(object),
      which: fc.nat(HOW_MANY[object] - 1),
      here: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
      values: fc.record(FIELDS[object], { requiredKeys: [], noNullPrototype: true }).map((values) => values as Values),
    },
    { noNullPrototype: true },
  );
}

const localChange: Arbitrary<LocalChange> = fc.oneof(
  fc.record(
    { kind: fc.constant('archive' as const), which: fc.nat(STALLS - 1), on: fc.boolean() },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('freeze' as const), which: fc.nat(9), on: fc.boolean() }, { noNullPrototype: true }),
  fc.record(
    { kind: fc.constant('person' as const), which: fc.nat(PEOPLE - 1), motto: fc.option(NAME) },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('town' as const), name: town }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('alias' as const), alias: town, name: town }, { noNullPrototype: true }),
  fc.record(
    { kind: fc.constant('score' as const), campaign: fc.nat(1), person: fc.nat(PEOPLE - 1) },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('mail' as const),
      person: fc.nat(PEOPLE - 1),
      address: fc.constantFrom('b@fair.example', 'z@fair.example'),
      main: fc.boolean(),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('drift' as const),
      table: fc.constantFrom('stall' as const, 'membership' as const, 'job' as const, 'stall_good' as const),
    },
    { noNullPrototype: true },
  ),
);

const change = fc.oneof(
  { weight: 3, arbitrary: orgChange('Account') },
  { weight: 3, arbitrary: orgChange('Contact') },
  { weight: 1, arbitrary: orgChange('Campaign') },
  { weight: 4, arbitrary: orgChange('npe5__Affiliation__c') },
  { weight: 4, arbitrary: orgChange('Task') },
  { weight: 3, arbitrary: orgChange('CampaignMember') },
  { weight: 3, arbitrary: localChange },
);

const size = fc.constantFrom(1, 2, 3, 7, 1_000);

const way: Arbitrary<RunWay> = fc.record(
  {
    fullRefresh: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 4),
    api: fc.constantFrom('rest' as const, 'rest' as const, 'bulk' as const),
    batchSize: size,
    commitSize: size,
    killAfter: fc.option(fc.nat(12), { freq: 2 }),
    planFirst: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3),
  },
  { noNullPrototype: true },
);

/** A first round that fills the fair, and some that change it. */
export const scripts: Arbitrary<readonly Round[]> = fc
  .tuple(
    fc.record({ changes: fc.array(change, { minLength: 10, maxLength: 40 }), way }, { noNullPrototype: true }),
    fc.array(fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 8 }), way }, { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([first, more]) => [first, ...more]);
