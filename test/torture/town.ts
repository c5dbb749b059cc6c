import { toId18 } from '../../src/simulator/ids.ts';
import { type Org, startOrg } from '../../src/simulator/org.ts';
import { ACCOUNT } from '../../src/simulator/schema/account.ts';
import { AFFILIATION } from '../../src/simulator/schema/affiliation.ts';
import { CASE } from '../../src/simulator/schema/case.ts';
import { CONTACT } from '../../src/simulator/schema/contact.ts';
import { SYSTEM_FIELDS } from '../../src/simulator/schema/fields.ts';
import { TASK } from '../../src/simulator/schema/task.ts';
import type { Chance } from './chance.ts';
import { type Citizen, isMeant } from './citizen.ts';
import { Clock } from './clock.ts';
import { KIND_NAMES, KINDS, type KindName, type Values } from './kinds.ts';

/** What no mapping reads is not there: describing a hundred fields would take a third of a run. */
const HIDDEN = [ACCOUNT, CONTACT, AFFILIATION, TASK, CASE].flatMap(({ name, fields }) =>
  fields.filter((field) => !isUsed(name, field.name)).map((field) => `${name}.${field.name}`),
);

function isUsed(object: string, field: string): boolean {
  if (SYSTEM_FIELDS.some(({ name }) => name === field) || field === 'MasterRecordId') return true;
  const kind = Object.values(KINDS).find((one) => one.object === object);
  return kind?.filter?.field === field || kind?.fields.includes(field) === true;
}

/** How late a change may be seen: the lookback of every mapping. */
const LATEST_MS = 5 * 60_000;

/** The org of one seed: everything that happens to its records, with a clock of its own. */
export class Town {
  readonly org: Org;
  /** Kinds of records that there are in this seed: a run of all costs twice as much. */
  readonly kinds: readonly KindName[];
  readonly citizens = new Map<string, Citizen>();
  /** Of records that were merged, the ones that they were merged into. */
  readonly winners = new Map<string, string>();
  readonly #promised = new Map<KindName, string[]>();
  readonly #say: (line: string) => void;
  readonly #clock: Clock;
  #made = 0;
  /** The form of the project that reads now; null while nothing does. */
  reading: string | null = null;

  private constructor(org: Org, kinds: readonly KindName[], clock: Clock, say: (line: string) => void) {
    this.org = org;
    this.kinds = kinds;
    this.#clock = clock;
    this.#say = say;
  }

  static async open(chance: Chance, say: (line: string) => void): Promise<Town> {
    const clock = new Clock();
    const sizes = { restPageSize: chance.pick([2, 5, 2000]), bulkPageSize: chance.pick([2, 5, 2000]) };
    const org = await startOrg({
      students: 0,
      schools: 0,
      cacheBytes: 0,
      gzip: chance.happens(0.1),
      hidden: HIDDEN,
      jobPace: { pollsQueued: 0, pollsRunning: 0 },
      now: () => clock.now(),
      ...sizes,
    });
    say(`the org gives pages of ${sizes.restPageSize} by REST, of ${sizes.bulkPageSize} by Bulk`);
    const kinds = KIND_NAMES.filter((kind) => kind === 'school' || kind === 'student' || chance.happens(0.3));
    return new Town(org, kinds, clock, say);
  }

  /** By the org's clock. */
  now(): Date {
    return this.#clock.now();
  }

  wait(ms: number): void {
    this.#clock.wait(ms);
  }

  all(kind: KindName): Citizen[] {
    return [...this.citizens.values()].filter((citizen) => citizen.kind === kind);
  }

  some(chance: Chance, test: (citizen: Citizen) => boolean): Citizen | undefined {
    return chance.pick([...this.citizens.values()].filter(test));
  }

  /** One that is, was, or will be. */
  readonly #refer =
    (chance: Chance) =>
    (kind: KindName): string | null => {
      const known = this.all(kind).map(({ id }) => id);
      const promised = this.#promised.get(kind) ?? [];
      const later = chance.happens(0.2) || known.length === 0;
      if (!later) return chance.pick(known) ?? null;
      if (promised.length > 0 && chance.happens(0.6)) return chance.pick(promised) ?? null;
      const id = this.#nextId(kind);
      this.#promised.set(kind, [...promised, id]);
      return id;
    };

  #nextId(kind: KindName): string {
    this.#made += 1;
    return toId18(`${KINDS[kind].prefix}T0${String(this.#made).padStart(10, '0')}`) ?? '';
  }

  insert(chance: Chance, kind: KindName): void {
    const { object, filter, draw } = KINDS[kind];
    const promised = this.#promised.get(kind) ?? [];
    const id = promised.length > 0 && chance.happens(0.6) ? (chance.pick(promised) ?? '') : this.#nextId(kind);
    this.#promised.set(
      kind,
      promised.filter((other) => other !== id),
    );
    const inside = !chance.happens(0.08);
    const values = {
      ...draw(chance, this.#refer(chance)),
      ...(filter === null ? {} : { [filter.field]: inside ? filter.inside : filter.outside }),
    };
    const stamp = this.#stamp(chance, 0);
    const citizen: Citizen = {
      kind,
      id,
      here: 'live',
      values,
      stamp,
      versions: [],
      history: [],
      loaded: false,
      drifted: false,
      mergedInto: null,
      shown: null,
      seenGone: false,
      isAwaited: false,
      wasGone: false,
      remark: null,
    };
    this.citizens.set(id, citizen);
    this.org.records.insert(object, { ...values, ...stamps(stamp) }, id);
    this.#changed(citizen, 'insert');
  }

  update(chance: Chance, citizen: Citizen): void {
    const { draw } = KINDS[citizen.kind];
    const drawn = Object.entries(draw(chance, this.#refer(chance)));
    const share = chance.pick([0.3, 1]);
    this.write(chance, citizen, Object.fromEntries(drawn.filter(() => chance.happens(share))), 'update');
  }

  /** Into the mapping's filter, or out of it. */
  cross(chance: Chance, citizen: Citizen): void {
    const { filter } = KINDS[citizen.kind];
    if (filter === null) return this.update(chance, citizen);
    const inside = citizen.values[filter.field] === filter.inside;
    this.write(
      chance,
      citizen,
      { [filter.field]: inside ? filter.outside : filter.inside },
      inside ? 'leave' : 'enter',
    );
  }

  write(chance: Chance, citizen: Citizen, values: Values, what: string): void {
    citizen.values = { ...citizen.values, ...values };
    citizen.stamp = this.#stamp(chance, citizen.stamp);
    this.org.records.update(KINDS[citizen.kind].object, citizen.id, { ...values, ...stamps(citizen.stamp) });
    this.#changed(citizen, what);
  }

  remove(chance: Chance, citizen: Citizen, what = 'delete'): void {
    const children = this.#referring(citizen);
    // A cleared lookup moves no LastModifiedDate, and is not seen by whose cursor that is.
    const clearLookups = chance.happens(0.3) && children.every(({ kind }) => kind !== 'note');
    citizen.stamp = clearLookups ? this.#clock.second() : this.#stamp(chance, citizen.stamp);
    this.org.records.remove(KINDS[citizen.kind].object, citizen.id, { clearLookups, stamp: citizen.stamp });
    citizen.here = 'deleted';
    this.#changed(citizen, what);
    for (const child of clearLookups ? children : []) {
      child.values = { ...child.values, ...this.#pointing(child, citizen, null) };
      child.stamp = citizen.stamp;
      this.#changed(child, 'lose a parent');
    }
  }

  undelete(chance: Chance, citizen: Citizen): void {
    const { object } = KINDS[citizen.kind];
    this.org.records.undelete(object, citizen.id);
    citizen.isAwaited = true;
    citizen.mergedInto = null;
    citizen.here = 'live';
    citizen.stamp = this.#clock.second();
    // Of objects whose cursor is LastModifiedDate, an undeleted record is only seen when it is also changed.
    if (citizen.kind === 'note') this.write(chance, citizen, {}, 'undelete');
    else this.#changed(citizen, 'undelete');
  }

  purge(citizen: Citizen): void {
    this.org.records.purge(KINDS[citizen.kind].object, citizen.id);
    citizen.here = 'purged';
    this.#changed(citizen, 'purge');
  }

  /** The loser is deleted and says into whom; what referred to it refers to the winner. */
  merge(chance: Chance, winner: Citizen, loser: Citizen): void {
    const { object } = KINDS[loser.kind];
    this.org.records.update(object, loser.id, { MasterRecordId: winner.id });
    this.winners.set(loser.id, winner.id);
    loser.mergedInto = winner.id;
    const children = this.#referring(loser);
    this.remove(chance, loser, `merge into ${winner.id}`);
    for (const child of children) this.write(chance, child, this.#pointing(child, loser, winner.id), 'follow a merge');
  }

  /** Other live records that name it. */
  #referring({ id }: Citizen): Citizen[] {
    return [...this.citizens.values()].filter(
      ({ id: own, kind, here, values }) =>
        own !== id && here === 'live' && Object.keys(KINDS[kind].refs).some((field) => values[field] === id),
    );
  }

  #pointing({ kind, values }: Citizen, from: Citizen, to: string | null): Values {
    const fields = Object.keys(KINDS[kind].refs).filter((field) => values[field] === from.id);
    return Object.fromEntries(fields.map((field) => [field, to]));
  }

  /** What a run of this form could meet from now on. */
  beginReading(form: string): void {
    this.reading = form;
    for (const citizen of this.citizens.values()) this.#met(citizen);
  }

  #changed(citizen: Citizen, what: string): void {
    this.#met(citizen);
    citizen.wasGone ||= citizen.here !== 'live' || !isMeant(citizen, 'plain');
    if (citizen.here !== 'live') {
      citizen.loaded &&= KINDS[citizen.kind].atEnd !== 'hard';
      citizen.remark = undefined;
    }
    this.#say(
      `${this.reading === null ? '' : '  meanwhile '}${what} ${citizen.kind} ${citizen.id} at ${time(this.#clock.now().getTime())}, ` +
        `stamp ${time(citizen.stamp)}: ${JSON.stringify(citizen.values)}`,
    );
  }

  #met(citizen: Citizen): void {
    if (this.reading === null || citizen.here !== 'live') return;
    const version = { values: citizen.values, form: this.reading, stamp: citizen.stamp };
    citizen.versions.push(version);
    citizen.history.push(version);
    if (isMeant(citizen, this.reading)) citizen.seenGone = false;
  }

  /** Often the present, sometimes late, and never before the record's own last one. */
  #stamp(chance: Chance, last: number): number {
    const now = this.#clock.second();
    const late = chance.happens(0.2) ? Math.floor((lateness(chance) * LATEST_MS) / 1000) * 1000 : 0;
    return Math.max(now - late, last);
  }

  async close(): Promise<void> {
    await this.org.close();
  }
}

/** As a share of the latest; its end is where windows begin. */
function lateness(chance: Chance): number {
  return chance.happens(0.5) ? 1 : chance.draw();
}

function stamps(stamp: number): Record<string, string> {
  const text = new Date(stamp).toISOString();
  return { SystemModstamp: text, LastModifiedDate: text };
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(5, 19);
}
