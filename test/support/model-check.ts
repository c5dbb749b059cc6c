import { expect } from '@jest/globals';
import type { Fair, Job, Membership, OrgRecord } from './model-fair.ts';
import { type FoundFair, type FoundRow, readFair } from './model-read.ts';
import type { ObjectName, Values } from './model-script.ts';
import type { Rig } from './rig.ts';

/** Holds what is in the database against what the model says of it. */
export async function expectFair(fair: Fair, rig: Rig): Promise<void> {
  const found = await readFair(rig);
  expectRows(fair, found);
  expectShared(fair, found);
  expectScores(fair, found);
  expectWaiting(fair, found);
  expectQuarantine(fair, found);
}

function expectRows(fair: Fair, found: FoundFair): void {
  const isMade = found.stalls.map(({ id, town }) => {
    const towns = fair.stalls.get(id)?.town ?? null;
    return [id, towns === null ? town : town !== null && towns.has(town) ? 'as it should' : town];
  });
  expect(isMade).toEqual(found.stalls.map(({ id }) => [id, fair.stalls.get(id)?.town == null ? null : 'as it should']));
  for (const town of found.towns) fair.towns.add(town);
  expect(
    found.stalls.map(({ id, name, parent, keeper, goods, tags }) => ({
      id,
      name,
      parent,
      keeper,
      goods: goods ?? [],
      tags: tags ?? [],
    })),
  ).toEqual(
    [...fair.stalls]
      .map(([id, { name, parent, keeper, goods, tags }]) => ({
        id,
        name,
        parent,
        keeper,
        goods: sorted(goods),
        tags: sorted(tags),
      }))
      .toSorted(by(({ id }) => id)),
  );
  expect(found.people.toSorted(by(({ id }) => id ?? ''))).toEqual(
    [...fair.people]
      .map(([id, { name, home, motto, nick, phone, isGuest }]) => ({
        id,
        name,
        home,
        motto,
        nick,
        phone,
        guest: String(isGuest),
      }))
      .toSorted(by(({ id }) => id)),
  );
  const mailOrder = by(({ person, address }: FoundRow) => `${person} ${address}`);
  expect(found.mails.toSorted(mailOrder)).toEqual(
    fair.mails
      .map(({ person, address, kind, main }) => ({ person, address, kind, main: String(main) }))
      .toSorted(mailOrder),
  );
  expect(found.notes.toSorted()).toEqual(sorted(fair.notes.map(({ person }) => person)));
  expect(found.tags.toSorted()).toEqual(sorted(fair.tags.values()));
  expect(found.goods.toSorted()).toEqual(sorted(fair.goods));
}

/** The key of the row that a record may share with others; null where it has none. */
export function sharedKey(object: ObjectName, values: Values, fair: Fair): string | null {
  const person = values[object === 'Task' ? 'WhoId' : 'npe5__Contact__c'] ?? null;
  if (person === null || !fair.people.has(person)) return null;
  if (object === 'Task') return `${person} ${values['Subject'] ?? 'bake'}`;
  const stall = values['npe5__Organization__c'] ?? null;
  return stall !== null && fair.stalls.has(stall) ? `${person} ${stall}` : null;
}

/** A row that several records share shows one of them, to which none is to be preferred. */
function expectShared(fair: Fair, found: FoundFair): void {
  const memberships = keyed(found.memberships, ({ person, stall }) => `${person} ${stall}`);
  expectBest('npe5__Affiliation__c', fair, {
    rows: memberships,
    before: keyed(
      [...fair.memberships.values()].map((row) => ({ ...row, frozen: String(row.frozen) })),
      ({ person, stall }) => `${person} ${stall}`,
    ),
    shows: (row, { values }) =>
      row['status'] === (values['npe5__Status__c'] ?? null) &&
      row['started_on'] === (values['npe5__StartDate__c'] ?? null),
    rank: (values) => [
      ['Current', 'Past'].indexOf(values['npe5__Status__c'] ?? ''),
      values['npe5__StartDate__c'] ?? '',
    ],
  });
  fair.memberships = new Map(
    [...memberships].map(([key, row]) => [key, { ...row, frozen: row['frozen'] === 'true' } as unknown as Membership]),
  );
  const jobs = keyed(found.jobs, ({ person, title }) => `${person} ${title}`);
  expectBest('Task', fair, {
    rows: jobs,
    before: fair.jobs as unknown as ReadonlyMap<string, FoundRow>,
    shows: (row, { id, values }) =>
      row['id'] === id &&
      row['rank'] === (values['Type'] ?? null) &&
      row['done_on'] === (values['ActivityDate'] ?? null) &&
      row['helper'] === ifHere(values['Description'], fair.people) &&
      row['stall'] === ifHere(values['WhatId'], fair.stalls),
    rank: (values) => [['first', 'second'].indexOf(values['Type'] ?? ''), values['ActivityDate'] ?? ''],
  });
  fair.jobs = new Map([...jobs] as unknown as [string, Job][]);
}

interface Contest {
  readonly rows: ReadonlyMap<string, FoundRow>;
  /** As they were after the import before. */
  readonly before: ReadonlyMap<string, FoundRow>;
  readonly shows: (row: FoundRow, record: { readonly id: string; readonly values: Values }) => boolean;
  /** Place in a list, -1 for none; then the highest. */
  readonly rank: (values: Values) => readonly [place: number, highest: string];
}

function expectBest(object: ObjectName, fair: Fair, { rows, before, shows, rank }: Contest): void {
  const isFrozen = (key: string) => before.get(key)?.['frozen'] === 'true';
  const all = [...fair.records(object).values()];
  const now = (record: OrgRecord) => (record.here ? sharedKey(object, record.values, fair) : null);
  for (const record of all) {
    const key = now(record);
    if (key !== null && !isFrozen(key)) record.loaded = { key, values: record.values };
  }
  const keys = new Set([...rows.keys(), ...all.flatMap((record) => now(record) ?? [])]);
  for (const key of keys) {
    const row = rows.get(key);
    const coming = isFrozen(key) ? [] : all.filter((record) => now(record) === key);
    if (row === undefined || coming.length === 0) {
      expect([object, key, withoutLinks(row)]).toEqual([object, key, withoutLinks(before.get(key))]);
      continue;
    }
    // Who was loaded and is no longer read, or cannot be taken now, may still be shown.
    const candidates = all.flatMap(({ id, loaded }) => (loaded?.key === key ? [{ id, values: loaded.values }] : []));
    const best = candidates.filter(({ values }) => !coming.some((other) => isBefore(rank(other.values), rank(values))));
    if (!best.some((record) => shows(row, record))) {
      expect({ object, key, row }).toEqual({ object, key, oneOf: best });
    }
  }
}

function isBefore([a, high]: readonly [number, string], [b, low]: readonly [number, string]): boolean {
  const first = a < 0 ? Infinity : a;
  const second = b < 0 ? Infinity : b;
  return first === second ? high > low : first < second;
}

/** Links of a row that has lost its record may still be made. */
function withoutLinks(row: FoundRow | undefined): FoundRow | undefined {
  return row === undefined || row['title'] === undefined ? row : { ...row, helper: '', stall: '' };
}

function expectScores(fair: Fair, found: FoundFair): void {
  const rows = new Map(found.scores.flatMap((row) => (row.id === null ? [] : [[row.id, row]])));
  const quarantined = new Set(found.quarantined);
  for (const { id, here, values } of fair.records('CampaignMember').values()) {
    const person = values['ContactId'] ?? null;
    if (!here || person === null || !fair.people.has(person)) continue;
    const wanted = { id, campaign: values['CampaignId'] ?? '', person, result: values['Status'] ?? '' };
    const own = rows.get(id);
    const rival = found.scores.find(
      (row) => row.campaign === wanted.campaign && row.person === person && row.id !== id,
    );
    // Merged with one that was there first; or it would have to leave its own row, and is put aside.
    if (own === undefined) expect([id, rival?.id ?? null]).not.toEqual([id, null]);
    else if (rival === undefined) expect(own).toEqual(wanted);
    else expect([id, quarantined.has(`scores ${id}`)]).toEqual([id, true]);
  }
}

function expectWaiting(fair: Fair, found: FoundFair): void {
  const wanted: string[] = [];
  const untold = new Set<string>();
  for (const [id, { refs, archived }] of fair.stalls) {
    if (archived) untold.add(id);
    if (isAway(refs.parent, fair.stalls)) wanted.push(`stalls stall.parent_id ${id}`);
    if (isAway(refs.keeper, fair.people)) wanted.push(`stalls stall.keeper ${id}`);
  }
  for (const [id, { homeRef }] of fair.people) {
    if (isAway(homeRef, fair.stalls)) wanted.push(`people person.home_id ${id}`);
  }
  for (const { id, here, values } of fair.records('npe5__Affiliation__c').values()) {
    if (!here) untold.add(id);
    const person = values['npe5__Contact__c'] ?? null;
    if (person !== null && fair.people.has(person) && isAway(values['npe5__Organization__c'], fair.stalls))
      wanted.push(`memberships membership.stall_id ${id}`);
  }
  for (const { id, here, values } of fair.records('CampaignMember').values()) {
    if (!here) untold.add(id);
    if (isAway(values['ContactId'], fair.people)) wanted.push(`scores score.person_id ${id}`);
  }
  const shown = new Set([...fair.jobs.values()].map(({ id, person, title }) => `${id} ${person} ${title}`));
  for (const { id, here, loaded } of fair.records('Task').values()) {
    if (!here) untold.add(id);
    if (loaded === null || !shown.has(`${id} ${loaded.key}`)) continue;
    if (isAway(loaded.values['Description'], fair.people)) wanted.push(`jobs job.helper_id ${id}`);
    if (isAway(loaded.values['WhatId'], fair.stalls)) wanted.push(`jobs job.stall_id ${id}`);
  }
  const isTold = (link: string) => !untold.has(link.slice(link.lastIndexOf(' ') + 1));
  expect(found.waiting.filter(isTold).toSorted()).toEqual(wanted.filter(isTold).toSorted());
}

function expectQuarantine(fair: Fair, found: FoundFair): void {
  const wanted: string[] = [];
  const known = new Set<string>();
  const told = (mapping: string, object: ObjectName, required: readonly string[]) => {
    for (const { id, here, values } of fair.records(object).values()) {
      if (!here) continue;
      known.add(`${mapping} ${id}`);
      if (required.some((field) => (values[field] ?? null) === null)) wanted.push(`${mapping} ${id}`);
    }
  };
  told('memberships', 'npe5__Affiliation__c', ['npe5__Contact__c', 'npe5__Organization__c']);
  told('jobs', 'Task', ['WhoId', 'Subject']);
  // A deferred record has not been loaded since, and is still told of.
  const deferred = new Set(
    found.waiting.flatMap((link) => (/^(?:memberships|scores) /u.test(link) ? link.replace(/ \S+ /u, ' ') : [])),
  );
  expect(found.quarantined.filter((one) => known.has(one) && !deferred.has(one)).toSorted()).toEqual(wanted.toSorted());
}

function sorted(texts: Iterable<string>): string[] {
  return [...texts].toSorted();
}

function isAway(ref: string | null | undefined, rows: ReadonlyMap<string, unknown>): boolean {
  return ref != null && !rows.has(ref);
}

function ifHere(ref: string | null | undefined, rows: ReadonlyMap<string, unknown>): string | null {
  return ref != null && rows.has(ref) ? ref : null;
}

function by<T>(key: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

function keyed(rows: readonly FoundRow[], key: (row: FoundRow) => string): Map<string, FoundRow> {
  return new Map(rows.map((row) => [key(row), row]));
}
