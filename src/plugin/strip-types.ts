import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside Node.js's own cache of what it has compiled. */
const PLACE = new URL('../../node_modules/.cache/sluice/plugins/', import.meta.url);

/** Blanks take the place of types, so that lines and columns stay as they are. */
const STRIP = `
  const { readFileSync } = require('node:fs');
  const { stripTypeScriptTypes } = require('node:module');
  process.stdout.write(stripTypeScriptTypes(readFileSync(0, 'utf8')));`;

/**
 * A TypeScript file without its types. Made once, in a process of its own: what Node.js needs for it stays in a process
 * until its end, 12 MB in each run.
 * @param place  folder where they are kept
 * @returns null where it cannot be had: then Node.js does it itself, or says what is wrong
 */
export function strippedTypes(url: string, place = PLACE): string | null {
  try {
    const text = readFileSync(fileURLToPath(url));
    const kept = new URL(`${hash('sha256', `${process.version}\n${text.toString()}`, 'hex')}.js`, place);
    return readKept(kept) ?? keep(kept, strip(text));
  } catch {
    return null;
  }
}

function readKept(kept: URL): string | null {
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    return null;
  }
}

function strip(text: Buffer): string | null {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=commonjs', '--eval', STRIP],
    // Whatever NODE_OPTIONS say is meant for others.
    { input: text, env: {}, encoding: 'utf8', timeout: 10_000, windowsHide: true },
  );
  return status === 0 && stdout !== '' ? stdout : null;
}

/** In one move, because another process may be about to read it. Where nothing can be written, nothing is kept. */
function keep(kept: URL, text: string | null): string | null {
  if (text === null) return null;
  const unfinished = new URL(`${kept.href}.${String(process.pid)}`);
  try {
    mkdirSync(new URL('.', kept), { recursive: true });
    writeFileSync(unfinished, text);
    renameSync(unfinished, kept);
  } catch {
    return text;
  }
  return text;
}
