import { type ObjectName, TOWNS, type Values } from './model-script.ts';

/** A record of the org as it is now. */
export interface OrgRecord {
  readonly id: string;
  here: boolean;
  values: Record<string, string | null>;
  /** True since it was changed, until an import that may take it has ended. */
  touched: boolean;
  /** As it was when its row was last written, and the key of that row; null before. Only of records that share rows. */
  loaded: { readonly key: string; readonly values: Values } | null;
}

export interface Stall {
  name: string;
  parent: string | null;
  keeper: string | null;
  /** The references behind the two. */
  refs: { parent: string | null; keeper: string | null };
  /** What the town may be called; null for none. */
  town: ReadonlySet<string> | null;
  goods: Set<string>;
  tags: Set<string>;
  archived: boolean;
  /** True while it names a tag that is not here: it is looked at in every run. */
  open: boolean;
}

export interface Person {
  name: string;
  home: string | null;
  homeRef: string | null;
  motto: string | null;
  nick: string;
  phone: string | null;
  isGuest: boolean;
}

export interface Membership {
  readonly person: string;
  readonly stall: string;
  readonly status: string | null;
  readonly started_on: string | null;
  frozen: boolean;
}

export interface Job {
  readonly person: string;
  readonly title: string;
  readonly id: string;
  readonly rank: string | null;
  readonly done_on: string | null;
  readonly helper: string | null;
  readonly stall: string | null;
}

export interface Mail {
  readonly person: string;
  readonly address: string;
  kind: string | null;
  main: boolean;
}

/**
 * What the fair's project makes of the org, in maps and loops: written from the mapping files and the documentation, and
 * not from the engine. `settle` stands for an import that has come to its end.
 */
export class Fair {
  readonly org = new Map<ObjectName, Map<string, OrgRecord>>();
  readonly stalls = new Map<string, Stall>();
  readonly people = new Map<string, Person>();
  readonly mails: Mail[] = [];
  readonly notes: { person: string }[] = [];
  readonly tags = new Map<string, string>();
  readonly towns = new Set<string>();
  readonly aliases = new Map<string, string>();
  readonly goods = new Set<string>();
  /** As they were found last; by their key. */
  memberships = new Map<string, Membership>();
  jobs = new Map<string, Job>();

  records(object: ObjectName): Map<string, OrgRecord> {
    const known = this.org.get(object) ?? new Map<string, OrgRecord>();
    this.org.set(object, known);
    return known;
  }

  change(object: ObjectName, id: string, here: boolean, values: Values): OrgRecord {
    const known = this.records(object).get(id);
    const loaded = known?.loaded ?? null;
    const record = { id, here, values: { ...known?.values, ...values }, touched: true, loaded };
    this.records(object).set(id, record);
    return record;
  }

  /** @param full  true when the import takes every record, as if none were known */
  settle(full: boolean): void {
    const tags = [...this.records('Campaign').values()].filter(({ here }) => here);
    for (const { id, values } of tags) this.tags.set(id, values['Name'] ?? '');
    const towns = { names: new Set(this.towns), aliases: new Map(this.aliases) };
    for (const record of this.records('Account').values()) {
      if (record.here && !this.stalls.has(record.id)) this.stalls.set(record.id, newStall());
    }
    this.#settlePeople(full);
    for (const record of this.records('Account').values()) {
      const stall = this.stalls.get(record.id);
      if (!record.here || stall === undefined || stall.archived) continue;
      this.#settleStall(record, stall, full, towns);
    }
    for (const stall of this.stalls.values()) {
      if (stall.archived) continue;
      stall.parent = this.#ifHere(stall.refs.parent, this.stalls);
      stall.keeper = this.#ifHere(stall.refs.keeper, this.people);
    }
    for (const person of this.people.values()) person.home = this.#ifHere(person.homeRef, this.stalls);
    for (const object of ['npe5__Affiliation__c', 'Task', 'CampaignMember', 'Campaign'] as const) {
      for (const record of this.records(object).values()) if (record.here) record.touched = false;
    }
  }

  #ifHere(ref: string | null, rows: ReadonlyMap<string, unknown>): string | null {
    return ref !== null && rows.has(ref) ? ref : null;
  }

  #settlePeople(full: boolean): void {
    for (const record of [...this.records('Contact').values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const { id, here, values } = record;
      if (!here || !(record.touched || full)) continue;
      const name = values['LastName'] ?? '';
      const known = this.people.get(id) ?? this.#adopt(id, name);
      const nick = values['Department'] ?? known?.nick ?? 'nobody';
      const motto = known?.motto ?? values['Title'] ?? null;
      const homeRef = values['AccountId'] ?? null;
      this.people.set(id, { name, home: null, homeRef, motto, nick, phone: values['Phone'] ?? null, isGuest: true });
      this.#settleMails(id, values);
      record.touched = false;
    }
  }

  /** The local person of that name with the first id, who is this one from now on. */
  #adopt(id: string, name: string): Person | undefined {
    const [local] = [...this.people]
      .filter(([other, person]) => other.startsWith('local') && person.name.toLowerCase() === name.toLowerCase())
      .map(([other]) => other)
      .toSorted();
    if (local === undefined) return undefined;
    const person = this.people.get(local);
    this.people.delete(local);
    for (const note of this.notes) if (note.person === local) note.person = id;
    return person;
  }

  #settleMails(person: string, values: Values): void {
    const works = values['npe01__Preferred_Email__c'] === 'Work';
    const entries = [
      { address: values['Email'], kind: 'own', main: !works },
      { address: values['npe01__WorkEmail__c'], kind: 'work', main: works },
    ];
    const rows = new Map<string, { kind: string; main: boolean }>();
    for (const { address, kind, main } of entries) {
      const text = (address ?? '').trim().toLowerCase();
      if (text === '') continue;
      rows.set(text, { kind, main: main || (rows.get(text)?.main ?? false) });
    }
    for (const [address, { kind, main }] of rows) {
      const known = this.mails.find((mail) => mail.person === person && mail.address === address);
      if (known === undefined) this.mails.push({ person, address, kind, main });
      else Object.assign(known, { kind, main });
    }
    const chosen = [...rows].find(([, { main }]) => main)?.[0];
    if (chosen === undefined) return;
    const first = this.mails.find((mail) => mail.person === person && mail.address === chosen);
    for (const mail of this.mails) if (mail.person === person && mail !== first) mail.main = false;
  }

  #settleStall(record: OrgRecord, stall: Stall, full: boolean, towns: Towns): void {
    const { values } = record;
    const wanted = words(values['Connector_Account_Name__c']);
    const known = new Set(this.tags.values());
    const isOpen = wanted.some((tag) => !known.has(tag));
    if (record.touched || full || stall.open) {
      for (const tag of wanted) if (known.has(tag)) stall.tags.add(tag);
      stall.name = values['Name'] ?? '';
      stall.refs = { parent: values['ParentId'] ?? null, keeper: values['School_Code_External_ID__c'] ?? null };
      stall.town = townFor(values['BillingCity'] ?? null, towns);
      const goods = words(values['Description']).map((good) => good.toLowerCase());
      if (goods.length > 0) stall.goods = new Set(goods);
      for (const good of goods) this.goods.add(good);
    } else if (stall.town !== null) {
      // A record that has not changed may be taken again, when most of its neighbours have.
      stall.town = new Set([...stall.town, ...(townFor(values['BillingCity'] ?? null, towns) ?? [])]);
    }
    stall.open = isOpen;
    record.touched = false;
  }
}

interface Towns {
  readonly names: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, string>;
}

/** Equal, by an equal alias, without case, by an alias without case; else one that is made. */
function townFor(ref: string | null, { names, aliases }: Towns): ReadonlySet<string> | null {
  if (ref === null) return null;
  if (names.has(ref)) return new Set([ref]);
  const alias = aliases.get(ref);
  if (alias !== undefined) return new Set([alias]);
  const same = (text: string) => text.toLowerCase() === ref.toLowerCase();
  const near = [...names].filter((name) => same(name));
  if (near.length > 0) return new Set(near);
  const meant = [...aliases].filter(([other]) => same(other)).map(([, name]) => name);
  // Which of several spellings is made is not said.
  return new Set(meant.length > 0 ? meant : spellings(ref));
}

function spellings(ref: string): string[] {
  return TOWNS.filter((town) => town.toLowerCase() === ref.toLowerCase());
}

function words(text: string | null | undefined): string[] {
  return (text ?? '')
    .split(';')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function newStall(): Stall {
  return {
    name: '',
    parent: null,
    keeper: null,
    refs: { parent: null, keeper: null },
    town: null,
    goods: new Set(),
    tags: new Set(),
    archived: false,
    open: false,
  };
}
