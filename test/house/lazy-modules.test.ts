import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** Uses what the packages load only when it is asked for, in a process of its own. */
const PROGRAM = `
  import { createRequire } from 'node:module';
  import { loadWhenUsed } from './bin/lazy-modules.js';
  if (process.argv[1] === 'lazy') loadWhenUsed();
  const { cache } = createRequire(import.meta.url);
  const names = /node_modules\\/(validator|moment|moment-timezone|wkx|xml2js|form-data|ejs|tinyglobby|minimatch)\\//u;
  const loaded = () => [...new Set(Object.values(cache).flatMap((module) =>
    module.loaded && module.children.length > 0 ? (names.exec(module.filename)?.[1] ?? []) : []))].toSorted();
  const { Sequelize, DataTypes } = (await import('sequelize')).default;
  await import('jsforce/lib/connection.js');
  await import('@oclif/core/run');
  const before = loaded();

  const sequelize = new Sequelize({ dialect: 'postgres', timezone: 'America/Chicago', keepDefaultTimezone: true });
  const Person = sequelize.define('person', {
    email: { type: DataTypes.STRING, validate: { isEmail: true, len: [1, 20] } },
    age: { type: DataTypes.INTEGER, validate: { min: 0 } },
    born: DataTypes.DATE,
  });
  const told = async (values) => Person.build(values).validate().then(() => [], ({ errors }) => errors.map((e) => e.message));
  const said = [
    await told({ email: 'somebody@example.org', age: 3 }),
    await told({ email: 'nobody', age: -1 }),
    Sequelize.Validator.isUUID('6f1b1c3e-7f3b-4b0e-9f57-0d4a4a1f5c11'),
    typeof Sequelize.Validator.isIPv4,
    sequelize.dialect.queryGenerator.insertQuery('people', { born: new Date(0), home: { type: 'Point', coordinates: [1, 2] } },
      { born: { type: new DataTypes.DATE() }, home: { type: new DataTypes.GEOMETRY() } }).query,
  ];
  console.log(JSON.stringify({ before, said }));
`;

async function run(mode: string): Promise<{ readonly before: readonly string[]; readonly said: readonly unknown[] }> {
  const args = ['--input-type=module', '--eval', PROGRAM, mode];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the program above prints it
  return JSON.parse(stdout) as { before: string[]; said: unknown[] };
}

describe('what other packages load as they start', () => {
  it('is loaded when it is used, and does the same then', async () => {
    const [eager, lazy] = [await run('eager'), await run('lazy')];

    expect(eager.before).not.toEqual([]);
    expect(lazy.before).toEqual([]);
    expect(lazy.said).toEqual(eager.said);
    expect(lazy.said.slice(0, 2)).toEqual([[], ['Validation isEmail on email failed', 'Validation min on age failed']]);
  });
});
