import { unaccounted } from '../../src/flow/counts.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { CAN } from './capabilities.ts';
import { carryOut, isExcused, isExcusedError, type RunEnd } from './carry-out.ts';
import { Chance } from './chance.ts';
import { readFound, readVersions } from './found.ts';
import { KINDS } from './kinds.ts';
import { wrongIn } from './model.ts';
import { drawWay, quietWay, type RunWay, wayText } from './run-way.ts';
import { isMeant, Town } from './town.ts';
import type { World } from './world.ts';

/** What happened in a seed, a line each, and what was wrong at its end. */
export interface Story {
  readonly seed: number;
  readonly runs: number;
  readonly events: number;
  /** Events that were left out. */
  readonly without: readonly number[];
  readonly trace: readonly string[];
  /** Empty when all went well. */
  readonly wrong: readonly string[];
}

/** Quiet runs after which everything must have come to rest. */
const MOST_QUIET_RUNS = 3;

/** @param without  numbers of events that are left out, to find the shortest story that goes wrong */
export async function play(seed: number, world: World, without: ReadonlySet<number> = new Set()): Promise<Story> {
  const trace: string[] = [];
  const wrong: string[] = [];
  const say = (line: string) => void trace.push(line);
  const chance = new Chance(seed);
  await world.reset();
  const town = await Town.open(chance, say);
  const player = new Player(town, world, say);
  const events = chance.between(5, 12);
  try {
    for (let nth = 1; nth <= events; nth += 1) {
      const own = new Chance(seed, nth);
      if (without.has(nth)) continue;
      say(`event ${nth}`);
      await player.event(own, nth);
    }
    await player.comeToRest(new Chance(seed, 0));
  } catch (error) {
    wrong.push(
      ...(error instanceof Wrong
        ? error.lines
        : [error instanceof Error ? (error.stack ?? error.message) : String(error)]),
    );
  } finally {
    await town.close();
  }
  return { seed, runs: player.runs, events, without: [...without], trace, wrong };
}

/** The same story with as few events as it takes to go wrong. */
export async function shorten(story: Story, world: World): Promise<Story> {
  const without = new Set<number>();
  let shortest = story;
  for (let nth = story.events; nth > 1; nth -= 1) {
    const shorter = await play(story.seed, world, new Set([...without, nth]));
    if (shorter.wrong.length === 0) continue;
    without.add(nth);
    shortest = shorter;
  }
  return shortest;
}

/** What to print of a story that went wrong. */
export function tell({ seed, without, trace, wrong }: Story): string {
  const left = without.length === 0 ? '' : ` --without ${without.join(',')}`;
  return [
    ...trace,
    `Seed ${seed} goes wrong:`,
    ...wrong.map((line) => `  ${line}`),
    `Again: npm run torture -- --seed ${seed}${left} --trace`,
    '',
  ].join('\n');
}

class Wrong extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines[0] ?? '');
    this.lines = lines;
  }
}

class Player {
  readonly #town: Town;
  readonly #world: World;
  readonly #say: (line: string) => void;
  #form = 'plain';
  /** True once something has happened that only a full reading can find. */
  #mustReadAll = false;
  runs = 0;

  constructor(town: Town, world: World, say: (line: string) => void) {
    this.#town = town;
    this.#world = world;
    this.#say = say;
  }

  async event(chance: Chance, nth: number): Promise<void> {
    if (nth === 1) return this.#fill(chance);
    this.#town.wait(chance.pick([0, 0, 1_000, 30_000, 600_000, 2 * 86_400_000]));
    const what = chance.weighted({ changes: 5, run: 5, crowd: 1, form: 0.5, remark: 1 });
    if (what === 'changes') this.#changes(chance, chance.between(1, 6));
    else if (what === 'crowd') this.#crowd(chance);
    else if (what === 'remark') await this.#remark(chance);
    else if (what === 'run') await this.#run(drawWay(chance, this.#form), chance);
    else {
      // What the filter no longer means has not moved in the org.
      this.#mustReadAll ||= !CAN.findPurgedByReading && this.#form === 'wide';
      this.#form = chance.pick(['plain', 'loud', 'wide']);
      this.#say(`the project is the ${this.#form} one from now on`);
    }
  }

  #fill(chance: Chance): void {
    for (let left = chance.between(4, 30); left > 0; left -= 1) this.#insert(chance);
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
    if (what === 'remove') return town.remove(live);
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
    const isWhole = way.kind === 'run' && end.reports.every(({ error }) => error === null);
    if (!changed && isWhole) this.#settle(way.form);
    return end.reports;
  }

  /** What can be loaded has been. */
  #settle(form: string): void {
    for (const citizen of this.#town.citizens.values()) {
      const { kind, here, values } = citizen;
      const waits = kind === 'membership' || kind === 'job';
      if (here !== 'live' || waits || !isMeant(citizen, form) || !KINDS[kind].isValid(values)) continue;
      citizen.versions = [{ values, form }];
      citizen.loaded = true;
    }
  }

  /** The last runs: nothing changes any more, nothing goes wrong, and what is here must be what the org says. */
  async comeToRest(chance: Chance): Promise<void> {
    const { database } = this.#world;
    const quiet = quietWay(this.#form);
    this.#town.wait(1_000);
    if (this.#mustReadAll) await this.#quietRun(fullWay(quiet, chance));
    let before = '';
    for (let runs = 1; ; runs += 1) {
      const reports = await this.#quietRun(quiet);
      const after = await readVersions(database);
      if (after === before) {
        const changes = reports.flatMap(changesIn);
        if (changes.length > 0) throw new Wrong(changes);
        break;
      }
      if (runs > MOST_QUIET_RUNS) throw new Wrong([`still writing in quiet run ${runs}`, ...newIn(before, after)]);
      before = after;
    }
    const wrong = wrongIn(this.#town, await readFound(database), this.#form);
    if (wrong.length > 0) throw new Wrong(wrong);
  }

  async #quietRun(way: RunWay): Promise<readonly RunReport[]> {
    const reports = await this.#run(way, new Chance(0));
    if (reports === null) throw new Wrong(['a quiet run refuses']);
    for (const { error } of reports) {
      if (error !== null) throw new Wrong([`a quiet run fails: ${error.code} ${error.message}`]);
    }
    return reports;
  }
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

function changesIn({ steps }: RunReport): string[] {
  return steps.flatMap(({ phase, mapping, counts: { inserted, updated, deleted } }) =>
    inserted + updated + deleted === 0
      ? []
      : [`${phase}/${mapping} says that it wrote, and did not: ${JSON.stringify({ inserted, updated, deleted })}`],
  );
}

function wrongAbout(end: RunEnd): string[] {
  if (end.how === 'vanished') return [];
  if (end.how === 'refused')
    return isExcusedError(end.error) ? [] : [`a run throws ${String(end.error)}`, stackOf(end.error)];
  const lines = end.reports.flatMap(wrongInReport);
  return lines.length > 0 ? [...lines, ...end.log] : [];
}

function wrongInReport(report: RunReport): string[] {
  const lines: string[] = [];
  const errors = [report, ...report.steps].flatMap(({ error }) => (error === null ? [] : [error]));
  for (const error of errors) if (!isExcused(error)) lines.push(`a run fails with ${error.code}: ${error.message}`);
  for (const { phase, mapping, counts, error } of report.steps) {
    const lost = unaccounted(counts);
    if (lost !== 0) lines.push(`${phase}/${mapping} has ${lost} unaccounted for (${error?.code ?? 'no error'})`);
  }
  if (!report.sum.holds) lines.push('the sum of the run does not hold');
  return lines;
}

function endText(end: RunEnd): string {
  if (end.how === 'vanished') return 'it was killed';
  if (end.how === 'refused') return `it refuses: ${String(end.error)}`;
  return end.reports.length === 0 ? 'nothing to do' : end.reports.map(reportText).join('\n  then ');
}

function reportText(report: RunReport): string {
  const steps = report.steps.map(({ mapping, counts, links, reading, error }) => {
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    return `${mapping} ${reading?.kind ?? ''} {${told.map(([name, count]) => `${name} ${count}`).join(', ')}} waiting ${links.waiting}${error === null ? '' : ` ${error.code}`}`;
  });
  return `${report.status}: ${steps.join(' | ')}`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return `${error.stack ?? ''}${error.cause instanceof Error ? `\n${error.cause.stack ?? ''}` : ''}`;
}
