import { expect } from '@jest/globals';
import { unaccounted } from '../../src/flow/counts.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { toId18 } from '../../src/simulator/ids.ts';
import { expectFair, sharedKey } from './model-check.ts';
import { Fair } from './model-fair.ts';
import type { LocalChange, ObjectName, OrgChange, Round, RunWay } from './model-script.ts';
import { type Rig, withSizes } from './rig.ts';

/** What marks a record of each object as one of the fair, and as one of somewhere else. */
const PLACES: Readonly<
  Record<ObjectName, readonly [prefix: string, field: string, here: string | number, elsewhere: string | number]>
> = {
  Account: ['001', 'BillingState', 'fair', 'elsewhere'],
  Contact: ['003', 'MailingCity', 'fair', 'elsewhere'],
  Campaign: ['701', 'NumberSent', 4711, 1],
  npe5__Affiliation__c: ['a0A', 'npe5__Role__c', 'fair', 'elsewhere'],
  Task: ['00T', 'Priority', 'fair', 'elsewhere'],
  CampaignMember: ['00v', 'Status', '', 'elsewhere'],
};

/** Names that tell records apart, given once. */
const NAMED: Partial<Record<ObjectName, (which: number) => Record<string, string>>> = {
  Contact: (which) => ({ LastName: `Person ${which}` }),
  Campaign: (which) => ({ Name: `tag ${which}` }),
};

/** What a field must hold when a script has not said. */
const FIRST: Partial<Record<ObjectName, Record<string, string>>> = {
  Account: { Name: 'one' },
  Task: { Subject: 'bake' },
  CampaignMember: { CampaignId: 'Campaign:0', Status: 'fair won' },
};

const TABLES = [
  'stall',
  'stall_good',
  'stall_tag',
  'good',
  'tag',
  'town',
  'person',
  'guest',
  'mail',
  'note',
  'membership',
  'job',
  'score',
];
/** Rows of these are changed by nobody but the statements that are counted: nothing is moved to another key. */
const COUNTED = new Set(['stall', 'stall_good', 'stall_tag', 'good', 'tag', 'town', 'membership', 'job', 'score']);
const STATE = ['sluice.record', 'sluice.waiting_link'];
/** An import that is interrupted, or leaves something to the next one, must come to rest in so many runs. */
const MOST_RUNS = 5;

/** What a test does before each round's runs; it must leave no trace. `run` is one of them, as the script wants it. */
export type Aside = (run: () => Promise<RunReport>) => Promise<void>;

/** Plays a script against an org and a database that are empty at first, and holds them against the model. */
export async function play(script: readonly Round[], rig: Rig, nth: number, aside: Aside | null = null): Promise<void> {
  await rig.database.query(`TRUNCATE ${[...TABLES, 'town_alias', ...STATE, 'sluice.quarantine'].join(', ')}`);
  for (const object of Object.keys(PLACES) as ObjectName[]) {
    for (const id of rig.org.records.find(object, () => true)) rig.org.records.purge(object, id);
  }
  const player = new Player(rig, nth, aside);
  for (const round of script) await player.round(round);
}

class Player {
  readonly #rig: Rig;
  readonly #nth: number;
  readonly #fair = new Fair();
  readonly #aside: Aside | null;
  #locals = 0;

  constructor(rig: Rig, nth: number, aside: Aside | null) {
    this.#rig = rig;
    this.#nth = nth;
    this.#aside = aside;
  }

  async round({ changes, way }: Round): Promise<void> {
    let mend = false;
    // What is mended by reading it again must still be read when all else has changed.
    const drifts = changes.filter(({ kind }) => kind === 'drift');
    for (const change of [...changes.filter(({ kind }) => kind !== 'drift'), ...drifts]) {
      if (change.kind === 'org') this.#changeOrg(change);
      else if (await this.#changeHere(change)) mend = true;
    }
    const full = way.fullRefresh || mend;
    if (way.planFirst) await this.#plan(way);
    await this.#aside?.(() => this.#run({ ...way, fullRefresh: full }));
    if (way.killAfter !== null) await this.#run({ ...way, fullRefresh: full });
    const ways = { ...way, killAfter: null };
    let before = await this.#rows();
    let written: readonly string[] = [];
    for (let runs = 1; ; runs += 1) {
      if (runs > MOST_RUNS) expectSame(written, []);
      const report = await this.#run({ ...ways, fullRefresh: full && runs === 1 });
      const after = await this.#rows();
      expectCounts(report, before, after);
      if (after.all === before.all && !(full && runs === 1)) {
        expectQuiet(report);
        break;
      }
      written = newIn(after, before);
      before = after;
    }
    this.#fair.settle(full);
    await expectFair(this.#fair, this.#rig);
  }

  async #plan(way: RunWay): Promise<void> {
    const everything = async () => [(await this.#rows()).all, ...(await this.#rest())];
    const before = await everything();
    const report = await this.#rig.run(
      { fullRefresh: way.fullRefresh },
      { kind: 'plan', adjust: adjusted(this.#rig, way) },
    );
    expectSame(report.error, null);
    expectSame(await everything(), before);
  }

  async #run(way: RunWay): Promise<RunReport> {
    const stop = new AbortController();
    let commits = 0;
    const report = await this.#rig.run(
      { fullRefresh: way.fullRefresh },
      {
        adjust: adjusted(this.#rig, way),
        signal: stop.signal,
        onEvent: ({ type }) => {
          if (type !== 'step_progress') return;
          if (commits === way.killAfter) stop.abort();
          commits += 1;
        },
      },
    );
    if (!stop.signal.aborted) expectSame(report.error, null);
    for (const step of report.steps) {
      if (step.error === null) expectSame([step.mapping, unaccounted(step.counts)], [step.mapping, 0]);
    }
    return report;
  }

  /** The id of one of a script's records; that of a `ref` like `Contact:3`. */
  #id(object: ObjectName, which: number): string {
    const [prefix] = PLACES[object];
    return toId18(`${prefix}F${String(this.#nth).padStart(5, '0')}${String(which).padStart(6, '0')}`) ?? '';
  }

  #changeOrg({ object, which, here, values }: OrgChange): void {
    const { records } = this.#rig.org;
    const id = this.#id(object, which);
    const [, field, isHere, elsewhere] = PLACES[object];
    const isNew = !this.#fair.records(object).has(id);
    const named = { ...(isNew ? FIRST[object] : {}), ...NAMED[object]?.(which), ...values };
    const given = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, this.#resolve(value)]));
    const record = this.#fair.change(object, id, here, given);
    // A score is told by its status, which is also what it holds.
    const mark = object === 'CampaignMember' && here ? (record.values['Status'] ?? '') : here ? isHere : elsewhere;
    const stored = { ...given, [field]: mark };
    if (isNew) records.insert(object, stored, id);
    else records.update(object, id, stored);
  }

  #resolve(value: string | null): string | null {
    const [, object, which] = /^(Account|Contact|Campaign):(\d+)$/u.exec(value ?? '') ?? [];
    return object === undefined ? value : this.#id(object as ObjectName, Number(which));
  }

  /** @returns true when only a full refresh can see it */
  async #changeHere(change: LocalChange): Promise<boolean> {
    const { database } = this.#rig;
    const fair = this.#fair;
    switch (change.kind) {
      case 'archive': {
        const id = this.#id('Account', change.which);
        const stall = fair.stalls.get(id);
        if (stall === undefined) return false;
        stall.archived = change.on;
        await database.query('UPDATE stall SET archived = $2 WHERE salesforce_id = $1', [id, change.on]);
        return false;
      }
      case 'freeze': {
        const keys = [...fair.memberships.keys()].toSorted();
        const key = keys[change.which % Math.max(keys.length, 1)];
        const row = key === undefined ? undefined : fair.memberships.get(key);
        if (row === undefined) return false;
        row.frozen = change.on;
        await database.query(
          'UPDATE membership m SET frozen = $3 FROM stall s WHERE s.id = m.stall_id AND m.person_id = $1 AND s.salesforce_id = $2',
          [row.person, row.stall, change.on],
        );
        return false;
      }
      case 'person': {
        this.#locals += 1;
        const id = `local-${String(this.#locals).padStart(3, '0')}`;
        const name = `PERSON ${change.which}`;
        await database.query('INSERT INTO person (id, name, motto) VALUES ($1, $2, $3)', [id, name, change.motto]);
        await database.query("INSERT INTO note (person, text) VALUES ($1, 'by hand')", [id]);
        const { motto } = change;
        fair.people.set(id, { name, home: null, homeRef: null, motto, nick: 'nobody', phone: null, isGuest: false });
        fair.notes.push({ person: id });
        return false;
      }
      case 'town':
        await database.query('INSERT INTO town (name) VALUES ($1) ON CONFLICT DO NOTHING', [change.name]);
        fair.towns.add(change.name);
        return false;
      case 'alias':
        if (!fair.towns.has(change.name) || fair.aliases.has(change.alias)) return false;
        await database.query('INSERT INTO town_alias (alias, town_id) SELECT $1, id FROM town WHERE name = $2', [
          change.alias,
          change.name,
        ]);
        fair.aliases.set(change.alias, change.name);
        return false;
      case 'score': {
        const person = this.#id('Contact', change.person);
        await database.query(
          "INSERT INTO score (campaign, person_id, result) SELECT $1, id, 'by hand' FROM person WHERE id = $2 ON CONFLICT DO NOTHING",
          [this.#id('Campaign', change.campaign), person],
        );
        return false;
      }
      case 'mail': {
        const person = this.#id('Contact', change.person);
        if (!fair.people.has(person)) return false;
        const { address, main } = change;
        await database.query('INSERT INTO mail (person_id, address, main) VALUES ($1, $2, $3)', [
          person,
          address,
          main,
        ]);
        fair.mails.push({ person, address, kind: null, main });
        // Whether an unchanged record is taken again is not said; this one is.
        const record = fair.records('Contact').get(person);
        if (record !== undefined) {
          this.#rig.org.records.update('Contact', person, {});
          record.touched = true;
        }
        return false;
      }
      case 'drift':
        await this.#drift(change.table);
        return true;
    }
  }

  /** Changes rows by hand in columns that the import fills; only those whose record is still read. */
  async #drift(table: 'stall' | 'membership' | 'job' | 'stall_good'): Promise<void> {
    const { database } = this.#rig;
    const fair = this.#fair;
    const stalls = [...fair.records('Account').values()].filter(
      ({ id, here }) => here && fair.stalls.get(id)?.archived === false,
    );
    const ids = stalls.map(({ id }) => id);
    switch (table) {
      case 'stall':
        await database.query("UPDATE stall SET name = 'by hand', parent_id = NULL WHERE salesforce_id = ANY($1)", [
          ids,
        ]);
        break;
      case 'stall_good':
        await database.query(
          'DELETE FROM stall_good g USING stall s WHERE s.id = g.stall_id AND s.salesforce_id = ANY($1)',
          [ids],
        );
        for (const id of ids) fair.stalls.get(id)?.goods.clear();
        break;
      case 'membership':
        for (const [key, { person, stall, frozen }] of fair.memberships) {
          if (frozen || !isWholly('npe5__Affiliation__c', key, fair)) continue;
          await database.query(
            "UPDATE membership m SET status = 'Past', started_on = '2030-01-01' FROM stall s WHERE s.id = m.stall_id AND m.person_id = $1 AND s.salesforce_id = $2",
            [person, stall],
          );
        }
        break;
      case 'job':
        for (const [key, { id }] of fair.jobs) {
          if (isWholly('Task', key, fair))
            await database.query("UPDATE job SET rank = 'by hand', done_on = NULL WHERE salesforce_id = $1", [id]);
        }
    }
  }

  async #rows(): Promise<Rows> {
    const { database } = this.#rig;
    const selects = [...TABLES, ...STATE].map(
      (table) => `SELECT '${table}' AS name, xmin::text || ' ' || ctid::text AS version FROM ${table}`,
    );
    const { rows } = await database.query<{ name: string; version: string }>(selects.join(' UNION ALL '));
    const versions = new Map<string, Set<string>>();
    for (const { name, version } of rows) versions.set(name, (versions.get(name) ?? new Set()).add(version));
    return {
      versions,
      all: rows
        .map(({ name, version }) => `${name} ${version}`)
        .toSorted()
        .join('\n'),
    };
  }

  /** Everything else that a plan must leave alone. */
  async #rest(): Promise<readonly unknown[]> {
    const { rows } = await this.#rig.database.query(
      `SELECT (SELECT md5(json_agg(q)::text) FROM sluice.quarantine q) AS quarantine, (SELECT count(*) FROM sluice.run) AS runs,
         (SELECT json_agg(concat_ws(' ', sequencename, last_value) ORDER BY sequencename) FROM pg_sequences
          WHERE schemaname = 'public') AS keys`,
    );
    return rows.flatMap((row) => Object.values(row));
  }
}

/** True where every record that the row has shown, or may show, is read and still leads to it. */
function isWholly(object: ObjectName, key: string, fair: Fair): boolean {
  const own = [...fair.records(object).values()].filter(({ loaded }) => loaded?.key === key);
  const isTold = (values: Readonly<Record<string, string | null>>) => sharedKey(object, values, fair) === key;
  return own.length > 0 && own.every(({ here, values }) => here && isTold(values));
}

interface Rows {
  readonly versions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly all: string;
}

function expectSame(found: unknown, wanted: unknown): void {
  expect(found).toEqual(wanted);
}

/** Names of the tables in which rows were written. */
function newIn(after: Rows, before: Rows): readonly string[] {
  return [...after.versions].flatMap(([table, versions]) => {
    const was = before.versions.get(table);
    return [...versions].some((version) => was?.has(version) !== true) ? [table] : [];
  });
}

function adjusted(rig: Rig, { api, batchSize, commitSize }: RunWay): () => Rig['project'] {
  const project = withSizes(rig.project, batchSize, commitSize);
  return () => ({
    ...project,
    mappings: project.mappings.map((mapping) => ({ ...mapping, source: { ...mapping.source, api } })),
  });
}

/** What the report says of each table is what became of its rows. */
function expectCounts(report: RunReport, before: Rows, after: Rows): void {
  for (const table of TABLES) {
    const sum = { inserted: 0, updated: 0, deleted: 0 };
    for (const step of report.steps) {
      const counts = step.tables[table];
      if (counts === undefined) continue;
      sum.inserted += counts.inserted;
      sum.updated += counts.updated;
      sum.deleted += counts.deleted;
    }
    const was = before.versions.get(table) ?? new Set();
    const is = after.versions.get(table) ?? new Set();
    expect([table, is.size - was.size]).toEqual([table, sum.inserted - sum.deleted]);
    const written = [...is].filter((version) => !was.has(version)).length;
    if (COUNTED.has(table)) expect([table, Math.min(written, sum.inserted + sum.updated)]).toEqual([table, written]);
  }
}

function expectQuiet(report: RunReport): void {
  expect(
    report.steps.map(({ mapping, counts: { inserted, updated, deleted } }) => [mapping, inserted + updated + deleted]),
  ).toEqual(report.steps.map(({ mapping }) => [mapping, 0]));
}
