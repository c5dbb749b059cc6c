import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const sources = globSync('src/**/*.ts', { cwd: root });

/** Files of src/ in which the pattern stands, but for the ones that may. */
function filesWith(pattern: RegExp, may: RegExp): string[] {
  return sources.filter((file) => !may.test(file) && pattern.test(readFileSync(join(root, file), 'utf8')));
}

function version(file: string): unknown {
  return (JSON.parse(readFileSync(join(root, file), 'utf8')) as { version: string }).version;
}

describe('the house', () => {
  it('writes to stdout only where it speaks to people', () => {
    // The one in plugin/ is another process, whose output is read here.
    expect(filesWith(/process\.stdout\b/, /^src\/(cli\/|simulator\/main\.ts|plugin\/strip-types\.ts)/)).toEqual([]);
  });

  it('asks for the time only in the app; others are handed the clock', () => {
    expect(filesWith(/\bDate\.now\(\)|new Date\(\)/, /^src\/(app\.ts|app\/|cli\/|simulator\/)/)).toEqual([]);
  });

  it('runs no text as code', () => {
    expect(filesWith(/\beval\(|new Function\(|node:vm/, /^$/)).toEqual([]);
  });

  it('has no barrels and no rooms without a noun', () => {
    const names = sources.map((file) => basename(file));
    const rooms = sources.map((file) => file.split('/')[1]);

    expect(names.filter((name) => name === 'index.ts' || name === 'types.ts')).toEqual([]);
    expect(
      rooms.filter((room) => ['util', 'utils', 'common', 'helpers', 'shared', 'lib'].includes(room ?? '')),
    ).toEqual([]);
  });

  it('keeps the project version in one place', () => {
    expect(version('bin/package.json')).toBe(version('package.json'));
  });
});
