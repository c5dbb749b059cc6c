import type { RunReport } from '../../src/flow/run-events.ts';
import { decideDeletions } from '../../src/state/deletion-decisions.ts';
import { CAN } from './capabilities.ts';
import { carryOut, kindsOf } from './carry-out.ts';
import { Chance } from './chance.ts';
import { readFound, readVersions } from './found.ts';
import { KINDS, type KindName } from './kinds.ts';
import { wrongIn } from './model.ts';
import { changesIn, endText, passedBrake, wrongAbout } from './reports.ts';
import { drawTorn, drawWay, quietWay, type RunWay, type Setting, wayText } from './run-way.ts';
import type { Town } from './town.ts';
import { isMeant } from './citizen.ts';
import { fallenBack } from './watch.ts';
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
  /** True once nothing happens any more. */
  #isAtRest = false;
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
    // What a first load has begun is gone on with by others: nowhere else is so much at stake.
    if (nth === 2 && chance.happens(0.35)) return this.#torn(chance);
    this.#town.wait(chance.pick([0, 0, 1_000, 30_000, 600_000, 600_000, 2 * 86_400_000]));
    const { isCautious, isLoose } = this.#setting;
    const massacre = isCautious ? 2 : 0.1;
    const drift = isLoose ? 1 : 0;
    const what = chance.weighted({ changes: 2, night: 5, torn: 2, crowd: 1, form: 0.5, remark: 1, drift, massacre });
    if (what === 'changes') this.#changes(chance, chance.between(1, 6));
    else if (what === 'crowd') this.#crowd(chance);
    else if (what === 'massacre') this.#massacre(chance);
    else if (what === 'remark') await this.#remark(chance);
    else if (what === 'drift') await this.#drift(chance);
    else if (what === 'night') await this.#night(chance);
    else if (what === 'torn') await this.#torn(chance);
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
      purge: this.#setting.isLoose ? 1.5 : 0,
      merge: 1,
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

  /** A day's work, and the run of the night. */
  async #night(chance: Chance): Promise<void> {
    if (chance.happens(0.7)) this.#changes(chance, chance.between(2, 8));
    await this.#run(drawWay(chance, this.#form, this.#setting), chance);
  }

  /** A Bulk job is left unfinished, some of its records change, and the next run finds it there. */
  async #torn(chance: Chance): Promise<void> {
    this.#changes(chance, chance.between(2, 6));
    const ways = drawTorn(chance, this.#form, this.#setting);
    for (const [nth, way] of ways.entries()) {
      if (nth > 0) this.#changes(chance, chance.between(1, 4));
      // Almost everything is another one by then than that job says.
      if (nth > 0) for (const kind of this.#town.kinds) if (chance.happens(0.5)) this.#crowd(chance, kind);
      if (nth > 0) this.#town.wait(chance.pick([0, 1_000, 600_000]));
      await this.#run(way, chance);
    }
  }

  /** Many records of one kind change at one moment. */
  #crowd(chance: Chance, kind: KindName = chance.pick(this.#town.kinds) ?? 'school'): void {
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
    if (way.kind !== 'plan' && way.kind !== 'check') town.beginReading(way.form);
    let changed = false;
    const before = way.kind === 'plan' ? await readVersions(this.#world.database) : null;
    const seen: string[] = [];
    const watch = async (): Promise<void> => {
      if (seen.length === 0) seen.push(...(await this.#watch(way)));
    };
    const change = (): void => {
      changed = true;
      this.#changes(chance, chance.between(1, 3));
    };
    const end = await carryOut(way, town, this.#world, { change, watch });
    town.reading = null;
    this.#say(`  ${endText(end)}`);
    const lines = [
      ...wrongAbout(end),
      ...(this.#setting.isCautious && !this.#isAtRest ? passedBrake(end) : []),
      ...seen,
    ];
    if (before === null && !this.#isAtRest && seen.length === 0) lines.push(...(await this.#watch(way)));
    if (before !== null && before !== (await readVersions(this.#world.database))) lines.push('a plan writes');
    if (lines.length > 0) throw new Wrong(lines);
    if (end.how !== 'ended') return null;
    const isDone = !changed && end.reports.every(({ error }) => error === null);
    if (isDone && readsAll(way)) this.#settle(way, kindsOf(way, town));
    return end.reports;
  }

  async #watch({ form }: RunWay): Promise<readonly string[]> {
    return fallenBack(this.#town, await readFound(this.#world.database), form);
  }

  /** What can be loaded has been. */
  #settle({ form }: RunWay, kinds: readonly KindName[]): void {
    for (const citizen of this.#town.citizens.values()) {
      const { kind, here, values } = citizen;
      const waits = kind === 'membership' || kind === 'job';
      if (here !== 'live' || waits || !kinds.includes(kind) || !isMeant(citizen, form) || !KINDS[kind].isValid(values))
        continue;
      citizen.versions = [{ values, form, stamp: citizen.stamp }];
      citizen.loaded = true;
    }
  }

  /** The last runs: nothing changes any more, nothing goes wrong, and what is here must be what the org says. */
  async comeToRest(chance: Chance): Promise<void> {
    const { database } = this.#world;
    const quiet = quietWay(this.#form, this.#setting);
    this.#isAtRest = true;
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
    // Each takes its time: some seeds are enough to see a run that writes for no reason, or an alarm that is none.
    if (chance.happens(0.4)) await this.#writeNothing(quiet);
    if (chance.happens(0.2)) await this.#quietRun({ ...quiet, kind: 'check' });
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
