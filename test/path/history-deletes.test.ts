import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Deletes } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import { revertRun } from '../../src/engine/revert-run.ts';
import { fixture } from '../support/fixture.ts';
import { openRig, type Rig } from '../support/rig.ts';

/**
 * Random changes of an org, deletions among them, read by windows: every run is reverted, the rows must be as before,
 * and the runs after it must lead where they had led without.
 *
 * - SLUICE_HISTORY_SEEDS  how many stories; 3 unless told
 * - SLUICE_HISTORY_FIRST  the first seed; a failure names its own
 */
const SEEDS = Number(process.env['SLUICE_HISTORY_SEEDS'] ?? 3);
const FIRST = Number(process.env['SLUICE_HISTORY_FIRST'] ?? 1);

const HARD: Deletes = { recycleBin: true, reconcile: true, action: 'hard', mark: null, leftFilter: 'delete' };

function withHistory(project: Project): Project {
  return {
    ...project,
    history: { keep: 14 * 86_400 },
    limits: { ...project.limits, deletes: null },
    mappings: project.mappings.map((mapping) =>
      mapping.source.file === null ? { ...mapping, deletes: HARD } : mapping,
    ),
  };
}

type Chance = <T>(from: readonly T[]) => T;

/** mulberry32 */
function chances(seed: number): Chance {
  let state = seed;
  return (from) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const found = from[((mixed ^ (mixed >>> 14)) >>> 0) % from.length];
    if (found === undefined) throw new RangeError('nothing to choose from');
    return found;
  };
}

const OBJECTS = ['Account', 'Contact', 'Campaign', 'npe5__Affiliation__c', 'Task', 'CampaignMember'] as const;
type ObjectName = (typeof OBJECTS)[number];

/** An org that few records come to and leave again. */
class Changing {
  readonly #rig: Rig;
  readonly #one: Chance;
  readonly #gone: { readonly object: ObjectName; readonly id: string }[] = [];
  #named = 0;

  constructor(rig: Rig, one: Chance) {
    this.#rig = rig;
    this.#one = one;
  }

  change(): void {
    const { records } = this.#rig.org;
    const object = this.#one(OBJECTS);
    const ids = records.find(object, () => true);
    const what = this.#one(['insert', 'update', 'update', 'remove', 'undelete', 'leave'] as const);
    if (ids.length === 0 || (what === 'insert' && ids.length < 8)) {
      records.insert(object, this.#values(object));
      return;
    }
    const id = this.#one(ids);
    if (what === 'remove') {
      records.remove(object, id);
      this.#gone.push({ object, id });
    } else if (what === 'undelete') {
      const back = this.#gone.shift();
      if (back !== undefined && !records.find(back.object, () => true).includes(back.id)) this.#undelete(back);
    } else records.update(object, id, { ...this.#values(object), ...(what === 'leave' ? AWAY[object] : {}) });
  }

  #undelete({ object, id }: { readonly object: ObjectName; readonly id: string }): void {
    try {
      this.#rig.org.records.undelete(object, id);
    } catch {
      // Its parent is gone: the org does not let it return.
    }
  }

  #ref(object: ObjectName): string | null {
    const ids = this.#rig.org.records.find(object, () => true);
    return ids.length === 0 ? null : this.#one([...ids, ...ids, null]);
  }

  #values(object: ObjectName): Record<string, string | number | null> {
    const one = this.#one;
    this.#named += 1;
    const name = `N${String(this.#named)}`;
    switch (object) {
      case 'Account':
        return {
          Name: name,
          BillingState: 'fair',
          ParentId: this.#ref('Account'),
          School_Code_External_ID__c: this.#ref('Contact'),
          BillingCity: one(['Oslo', 'Bergen', null]),
          Description: one(['Bread;wine', 'Cheese', null]),
          Connector_Account_Name__c: one(['tag 1;tag 2', null]),
        };
      case 'Contact':
        return {
          LastName: name,
          MailingCity: 'fair',
          AccountId: this.#ref('Account'),
          Email: one(['a@fair.example', 'b@fair.example', null]),
          npe01__WorkEmail__c: one(['c@fair.example', null]),
          Phone: one(['1', '2']),
        };
      case 'Campaign':
        return { Name: one(['tag 1', 'tag 2', name]), NumberSent: 4711 };
      case 'npe5__Affiliation__c':
        return {
          npe5__Contact__c: this.#ref('Contact'),
          npe5__Organization__c: this.#ref('Account'),
          npe5__Role__c: 'fair',
          npe5__Status__c: one(['Current', 'Past', 'Other']),
        };
      case 'Task':
        return {
          WhoId: this.#ref('Contact'),
          Subject: one(['bake', 'sweep']),
          Type: one(['first', 'second', null]),
          Description: this.#ref('Contact'),
          WhatId: this.#ref('Account'),
          Priority: 'fair',
        };
      case 'CampaignMember':
        return {
          CampaignId:
            this.#ref('Campaign') ?? this.#rig.org.records.insert('Campaign', { Name: name, NumberSent: 4711 }),
          ContactId: this.#ref('Contact'),
          Status: one(['fair won', 'fair lost']),
        };
    }
  }
}

/** What makes a record leave what the imports read. */
const AWAY: Readonly<Record<ObjectName, Readonly<Record<string, string | number>>>> = {
  Account: { BillingState: 'elsewhere' },
  Contact: { MailingCity: 'elsewhere' },
  Campaign: { NumberSent: 1 },
  npe5__Affiliation__c: { npe5__Role__c: 'elsewhere' },
  Task: { Priority: 'elsewhere' },
  CampaignMember: { Status: 'elsewhere' },
};

type Rows = Readonly<Record<string, readonly string[]>>;

async function allRows({ database, project }: Rig): Promise<Rows> {
  const found: Record<string, readonly string[]> = {};
  for (const table of project.tables.keys()) {
    const { rows } = await database.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

/** The same rows whatever numbers the database gave them: each is told by what it holds and refers to. */
function withoutNumbers(rows: Rows, { project }: Rig): Rows {
  const parsed = Object.entries(rows).flatMap(([table, some]) =>
    some.map((row) => ({ table, row: JSON.parse(row) as Record<string, string | number | boolean | null> })),
  );
  const columnsOf = (table: string) => (project.tables.get(table)?.columns ?? []).filter(({ generated }) => !generated);
  let labels = new Map<string, string>();
  const told = ({ table, row }: (typeof parsed)[number]) =>
    columnsOf(table).map(({ name, references }) => {
      const value = row[name] ?? null;
      return references === null || value === null ? value : (labels.get(`${references.table} ${String(value)}`) ?? '');
    });
  for (let round = 0; round < 4; round += 1) {
    labels = new Map(parsed.map((one) => [`${one.table} ${String(one.row['id'] ?? '')}`, digest(told(one))]));
  }
  const result: Record<string, string[]> = {};
  for (const one of parsed) (result[one.table] ??= []).push(JSON.stringify(told(one)));
  return Object.fromEntries(Object.entries(result).map(([table, some]) => [table, some.toSorted()]));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** Runs until one writes nothing. @returns the runs, oldest first */
async function settle(rig: Rig): Promise<readonly string[]> {
  const runs: string[] = [];
  for (let before = await allRows(rig); ;) {
    const report = await rig.run();
    expect(report.error).toBeNull();
    expect(report.sum.holds).toBe(true);
    runs.push(report.run_id);
    const after = await allRows(rig);
    if (JSON.stringify(after) === JSON.stringify(before)) return runs;
    expect(runs.length).toBeLessThan(6);
    before = after;
  }
}

async function story(rig: Rig, seed: number): Promise<void> {
  const one = chances(seed);
  const org = new Changing(rig, one);
  const { records } = rig.org;
  for (const object of OBJECTS) for (const id of records.find(object, () => true)) records.purge(object, id);
  for (let change = 0; change < 80; change += 1) org.change();
  await settle(rig);
  for (let round = 0; round < 3; round += 1) {
    const before = await allRows(rig);
    for (let change = 0; change < 10; change += 1) org.change();
    const runs = await settle(rig);
    const after = await allRows(rig);
    for (const run of runs.toReversed()) {
      await revertRun(run, false, { project: rig.project, database: rig.database, host: 'test', pid: process.pid });
    }
    expect({ seed, rows: await allRows(rig) }).toEqual({ seed, rows: before });
    await settle(rig);
    expect({ seed, rows: withoutNumbers(await allRows(rig), rig) }).toEqual({ seed, rows: withoutNumbers(after, rig) });
  }
}

describe('runs that delete and bring back, reverted', () => {
  it.each(Array.from({ length: SEEDS }, (_, nth) => FIRST + nth))(
    'leave every row as they found it, and are done again by the next run (seed %d)',
    async (seed) => {
      let now = Date.parse('2030-01-01T00:00:00Z');
      const rig = await openRig(
        { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
        { files: fixture('fair'), incremental: true, adjust: withHistory },
      );

      await rig.run();
      await story(rig, seed);

      expect(await rig.count('SELECT 1 FROM sluice.run WHERE reverted_by IS NOT NULL')).toBeGreaterThan(2);
    },
    120_000,
  );
});
