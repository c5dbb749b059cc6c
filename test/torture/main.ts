/** `npm run torture`: many seeds, one after another, by one process or more. See CONTRIBUTING.md. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { removeServer } from '../support/global-setup.ts';
import { serverFolder } from '../support/server-folder.ts';
import { play, shorten, tell } from './torture.ts';
import { openWorld, type World } from './world.ts';

const { values: told } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    without: { type: 'string', default: '' },
    trace: { type: 'boolean', default: false },
    shorten: { type: 'boolean', default: false },
    workers: { type: 'string', default: '1' },
    'keep-going': { type: 'boolean', default: false },
    step: { type: 'string', default: '1' },
  },
});

/** The server has no autovacuum, and its catalogs and its sessions' caches remember each temporary table. */
const SEEDS_OF_A_WORLD = 100;

const isWorker = process.env['SLUICE_TEST_SERVER'] !== undefined;
const server = serverFolder();
const started = performance.now();

try {
  process.exitCode = Number(told.workers) > 1 ? await delegate(Number(told.workers)) : await work();
} finally {
  if (!isWorker) {
    await removeServer(server);
    say(`${((performance.now() - started) / 1000).toFixed(0)} s in all`);
  }
}

/** @returns 1 when a seed went wrong */
async function work(): Promise<number> {
  return told.seed === undefined ? playMany() : inWorld(async (world) => playOne(Number(told.seed), world));
}

async function inWorld<T>(visit: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld();
  try {
    return await visit(world);
  } finally {
    await world.close();
  }
}

async function playOne(seed: number, world: World): Promise<number> {
  const without = told.without === '' ? [] : told.without.split(',').map(Number);
  const first = await play(seed, world, new Set(without));
  const isBad = first.wrong.length > 0;
  const story = isBad && told.shorten ? await shorten(first, world) : first;
  if (isBad) say(tell(story));
  else say(`${told.trace ? `${story.trace.join('\n')}\n` : ''}Seed ${seed} goes well.`);
  return isBad ? 1 : 0;
}

async function playMany(): Promise<number> {
  const end = Number(told.from) + Number(told.seeds);
  const step = Number(told.step);
  const bad: number[] = [];
  let [played, runs] = [0, 0];
  const playPart = async (from: number, world: World): Promise<void> => {
    for (let seed = from; seed < Math.min(from + SEEDS_OF_A_WORLD * step, end); seed += step) {
      const story = await play(seed, world);
      played += 1;
      runs += story.runs;
      if (story.wrong.length > 0) {
        bad.push(seed);
        say(told.trace ? tell(story) : `Seed ${seed} goes wrong:\n  ${story.wrong.join('\n  ').slice(0, 2000)}`);
        if (!told['keep-going']) return;
      }
    }
  };
  for (let from = Number(told.from); from < end; from += SEEDS_OF_A_WORLD * step) {
    await inWorld(async (world) => playPart(from, world));
    say(progress(played, runs, bad));
    if (bad.length > 0 && !told['keep-going']) break;
  }
  return bad.length > 0 ? 1 : 0;
}

function progress(played: number, runs: number, bad: readonly number[]): string {
  const seconds = (performance.now() - started) / 1000;
  const wrong = bad.length === 0 ? 'none wrong' : `${bad.length} wrong (${bad.join(', ')})`;
  return `${played} seeds, ${wrong}; ${runs} runs; ${seconds.toFixed(0)} s, ${((seconds * 1000) / played).toFixed(0)} ms a seed`;
}

/** Every worker takes each n-th seed, in a database of its own. */
async function delegate(workers: number): Promise<number> {
  const codes = Array.from({ length: workers }, async (_, nth) => {
    const flags = [`--from=${Number(told.from) + nth}`, `--seeds=${Number(told.seeds) - nth}`, `--step=${workers}`];
    if (told['keep-going']) flags.push('--keep-going');
    if (told.trace) flags.push('--trace');
    const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...flags], {
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  });
  return Math.max(...(await Promise.all(codes)));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
