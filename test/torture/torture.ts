import { Chance } from './chance.ts';
import { Player, Wrong } from './player.ts';
import { drawSetting } from './run-way.ts';
import { Town } from './town.ts';
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

/** @param without  numbers of events that are left out, to find the shortest story that goes wrong */
export async function play(seed: number, world: World, without: ReadonlySet<number> = new Set()): Promise<Story> {
  const trace: string[] = [];
  const wrong: string[] = [];
  const say = (line: string) => void trace.push(line);
  const chance = new Chance(seed);
  await world.reset();
  const town = await Town.open(chance, say);
  const player = new Player(town, world, drawSetting(chance), say);
  const events = chance.between(2, chance.pick([3, 4, 6]));
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
