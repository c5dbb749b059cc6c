import type { RunReport } from '../../src/flow/run-events.ts';
import { decideDeletions } from '../../src/state/deletion-decisions.ts';
import { CAN } from './capabilities.ts';
import { carryOut, kindsOf } from './carry-out.ts';
import { Chance } from './chance.ts';
import { readFound, readVersions } from './found.ts';
import { KINDS, type KindName } from './kinds.ts';
import { wrongIn } from './model.ts';
import { changesIn, endText, wrongAbout } from './reports.ts';
import { drawWay, quietWay, type RunWay, type Setting, wayText } from './run-way.ts';
import { isMeant, type Town } from './town.ts';
import type { World } from './world.ts';

/** Quiet runs after which everything must have come to rest. */
const MOST_QUIET_RUNS = 3;

/** What is wrong, a line each. */
export class Wrong extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines[0] ?? '');
    this.lines = lines;
  }
}

/** Lets things happen to a town, to runs and to the database, and holds what is left against the model. */
export class Player {
  readonly #town: Town;
  readonly #world: World;
  readonly #setting: Setting;
  readonly #say: (line: string) => void;
  #form = 'plain';
  /** True once something has happened that only a full reading can find. */
  #mustReadAll = false;
  /** True once rows differ from what was loaded, which only --full-refresh looks at. */
  #mustRefresh = false;
  runs = 0;

  constructor(town: Town, world: World, setting: Setting, say: (line: string) => void) {
    this.#town = town;
    this.#world = world;
    this.#setting = setting;
    this.#say = say;
    say(JSON.stringify(setting));
  }

  async event(chance: Chance, nth: number): Promise<void> {
    if (nth === 1) return this.#fill(chance);
    this.#town.wait(chance.pick([0, 0, 1_000, 30_000, 600_000, 2 * 86_400_000]));
    const massacre = this.#setting.isCautious ? 2 : 0.1;
    const what = chance.weighted({ changes: 5, run: 5, crowd: 1, form: 0.5, remark: 1, drift: 0.3, massacre });
    if (what === 'changes') this.#changes(chance, chance.between(1, 6));
    else if (what === 'crowd') this.#crowd(chance);
    else if (what === 'massacre') this.#massacre(chance);
    else if (what === 'remark') await this.#remark(chance);
    else if (what === 'drift') await this.#drift(chance);
    else if (what === 'run') await this.#run(drawWay(chance, this.#form, this.#setting), chance);
    else {
      // What the filter no longer means has not moved in the org.
      this.#mustReadAll ||= !CAN.findPurgedByReading && this.#form === 'wide';
      this.#form = chance.pick(['plain', 'loud', 'wide']);
      this.#say(`the project is the ${this.#form} one from now on`);
    }
  }

  #fill(chance: Chance): void {
    for (let left = chance.between(4, 30); left > 0; left -= 1) this.#insert(chance);
    if (this.#setting.isCautious) for (let left = 14; left > 0; left -= 1) this.#town.insert(chance, 'student');
  }

  #insert(chance: Chance): void {
    const kind = chance.weighted({ school: 3, student: 4, membership: 2, job: 3, note: 2 });
    this.#town.insert(chance, this.#town.kinds.includes(kind) ? kind : 'student');
    if (chance.happens(0.3)) this.#town.wait(chance.pick([1_000, 60_000]));
  }

  #changes(chance: Chance, times: number): void {
    for (let left = times; left > 0; left -= 1) this.#change(chance);
  }

  #change(chance: Chance): void {
    const town = this.#town;
    if (chance.happens(0.4)) town.wait(chance.pick([1_000, 20_000]));
    const what = chance.weighted({
      insert: 3,
      update: 5,
      cross: 1.5,
      remove: 2,
      undelete: 1.5,
      purge: 0.5,
      merge: 0.7,
    });
    const live = town.some(chance, ({ here }) => here === 'live');
    if (what === 'insert' || live === undefined) return this.#insert(chance);
    if (what === 'update') return town.update(chance, live);
    if (what === 'cross') return town.cross(chance, live);
    if (what === 'remove') return town.remove(chance, live);
    const there = town.some(chance, ({ here }) => here !== 'purged');
    if (what === 'purge') {
      if (there === undefined) return;
      this.#mustReadAll = true;
      return town.purge(there);
    }
    if (what === 'undelete') {
      const deleted = town.some(chance, ({ here }) => here === 'deleted');
      if (deleted !== undefined) town.undelete(chance, deleted);
      return;
    }
    const pair = town.some(chance, ({ here, kind, id }) => here === 'live' && kind === live.kind && id !== live.id);
    if (pair !== undefined && (live.kind === 'school' || live.kind === 'student')) town.merge(chance, live, pair);
  }

  /** Many records of one kind change at one moment. */
  #crowd(chance: Chance): void {
    const kind = chance.pick(this.#town.kinds) ?? 'school';
    for (const citizen of this.#town.all(kind)) {
      if (citizen.here === 'live' && chance.happens(0.7)) this.#town.update(chance, citizen);
    }
  }

  /** Most records of one kind are deleted. */
  #massacre(chance: Chance): void {
    const kind = chance.happens(0.7) ? 'student' : (chance.pick(this.#town.kinds) ?? 'school');
    for (const citizen of this.#town.all(kind)) {
      if (citizen.here === 'live' && chance.happens(0.9)) this.#town.remove(chance, citizen);
    }
  }

  /** Somebody writes into a column that imports never touch. */
  async #remark(chance: Chance): Promise<void> {
    const kind = chance.pick(['school', 'student']);
    const citizen = this.#town.some(chance, (one) => one.kind === kind && one.remark !== undefined);
    if (citizen === undefined) return;
    const table = kind === 'school' ? 'school' : 'person';
    const remark = `seen ${chance.between(1, 9)}`;
    const { rowCount } = await this.#world.database.query(`UPDATE ${table} SET remark = $2 WHERE salesforce_id = $1`, [
      citizen.id,
      remark,
    ]);
    if (rowCount === 0) return;
    citizen.remark = remark;
    this.#say(`somebody writes a remark about ${kind} ${citizen.id}`);
  }

  /** Somebody writes into a column that imports fill. */
  async #drift(chance: Chance): Promise<void> {
    const citizen = this.#town.some(chance, ({ kind }) => kind === 'school' || kind === 'student');
    if (citizen === undefined) return;
    const table = citizen.kind === 'school' ? 'school' : 'person';
    await this.#world.database.query(`UPDATE ${table} SET name = 'by hand' WHERE salesforce_id = $1`, [citizen.id]);
    citizen.drifted = true;
    this.#mustRefresh = true;
    this.#say(`somebody gives ${citizen.kind} ${citizen.id} another name`);
  }

  async #run(way: RunWay, chance: Chance): Promise<readonly RunReport[] | null> {
    const town = this.#town;
    this.runs += 1;
    this.#say(wayText(way));
    if (way.kind !== 'plan') town.beginReading(way.form);
    let changed = false;
    const end = await carryOut(way, town, this.#world, () => {
      changed = true;
      this.#changes(chance, chance.between(1, 3));
    });
    town.reading = null;
    this.#say(`  ${endText(end)}`);
    const lines = wrongAbout(end);
    if (lines.length > 0) throw new Wrong(lines);
    if (end.how !== 'ended') return null;
    const isDone = !changed && end.reports.every(({ error }) => error === null);
    if (isDone && readsAll(way)) this.#settle(way, kindsOf(way, town));
    return end.reports;
  }

  /** What can be loaded has been. */
  #settle({ form }: RunWay, kinds: readonly KindName[]): void {
    for (const citizen of this.#town.citizens.values()) {
      const { kind, here, values } = citizen;
      const waits = kind === 'membership' || kind === 'job';
      if (here !== 'live' || waits || !kinds.includes(kind) || !isMeant(citizen, form) || !KINDS[kind].isValid(values))
        continue;
      citizen.versions = [{ values, form }];
      citizen.loaded = true;
    }
  }

  /** The last runs: nothing changes any more, nothing goes wrong, and what is here must be what the org says. */
  async comeToRest(chance: Chance): Promise<void> {
    const { database } = this.#world;
    const quiet = quietWay(this.#form, this.#setting);
    this.#town.wait(1_000);
    let way = this.#mustRefresh ? { ...quiet, fullRefresh: true } : this.#mustReadAll ? fullWay(quiet, chance) : quiet;
    let wrong: readonly string[] = [];
    for (let runs = 1; runs <= MOST_QUIET_RUNS; runs += 1) {
      await this.#quietRun(way);
      const isRun = way.kind === 'run';
      way = quiet;
      if (!isRun) continue;
      wrong = wrongIn(this.#town, await readFound(database), this.#form);
      if (wrong.length === 0) break;
    }
    if (wrong.length > 0) throw new Wrong(wrong);
    // A run more takes its time: every other seed is enough to see one that writes for no reason.
    if (chance.happens(0.5)) await this.#writeNothing(quiet);
  }

  async #writeNothing(quiet: RunWay): Promise<void> {
    const { database } = this.#world;
    const before = await readVersions(database);
    const changes = (await this.#quietRun(quiet)).flatMap(changesIn);
    const written = newIn(before, await readVersions(database));
    if (written.length + changes.length > 0) throw new Wrong(['one more run writes', ...changes, ...written]);
  }

  async #quietRun(way: RunWay): Promise<readonly RunReport[]> {
    for (let times = 1; ; times += 1) {
      const reports = await this.#run(way, new Chance(0));
      if (reports === null) throw new Wrong(['a quiet run refuses']);
      const errors = reports.flatMap(({ error }) => (error === null ? [] : [error]));
      const trouble = errors.find(({ code }) => code !== 'DELETES_LIMIT' || times > 3);
      if (trouble !== undefined) throw new Wrong([`a quiet run fails: ${trouble.code} ${trouble.message}`]);
      if (errors.length === 0) return reports;
      const confirmed = await decideDeletions(this.#world.database, { statuses: ['pending'] }, 'confirmed');
      this.#say(`  a person confirms ${confirmed} deletions`);
    }
  }
}

/** True of a run after which every record that can be loaded is: one that is damaged on the way is not. */
function readsAll({ kind, limit, sinceMs, faults }: RunWay): boolean {
  return (
    kind === 'run' && limit === null && sinceMs === null && faults.every(({ fault }) => fault.kind !== 'invalid-utf8')
  );
}

/** What is gone without a trace is only found by who compares everything. */
function fullWay(quiet: RunWay, chance: Chance): RunWay {
  if (!CAN.findPurgedByReading || chance.happens(0.5)) return { ...quiet, kind: 'reconcile' };
  return { ...quiet, fullRefresh: true };
}

function newIn(before: string, after: string): string[] {
  const known = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !known.has(line));
}
