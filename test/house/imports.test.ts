import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** One forbidden import each: the file it stands in, the line, and the rule that must name it. */
const PLANTED: readonly (readonly [file: string, line: string, rule: string])[] = [
  ['src/errors/a.ts', "import '../flow/flow.ts';", 'errors-stays-in-its-room'],
  ['src/flow/a.ts', "import '../config/config.ts';", 'flow-stays-in-its-room'],
  ['src/config/a.ts', "import '../database/database.ts';", 'config-stays-in-its-room'],
  ['src/transform/a.ts', "import '../load/load.ts';", 'transform-stays-in-its-room'],
  ['src/validate/a.ts', "import 'node:fs';", 'pure-rooms-touch-nothing'],
  ['src/load/a.ts', "import '../state/state.ts';", 'load-stays-in-its-room'],
  ['src/extract/a.ts', "import '../database/database.ts';", 'extract-stays-in-its-room'],
  ['src/simulator/a.ts', "import '../errors/errors.ts';", 'simulator-stays-in-its-room'],
  ['src/simulator/b.ts', "import 'yaml';", 'simulator-stands-alone'],
  ['src/engine/a.ts', "import '../salesforce/salesforce.ts';", 'engine-stays-in-its-room'],
  ['src/engine/b.ts', "import '../load/inside.ts';", 'load-has-one-door'],
  ['src/lint/a.ts', "import '../engine/engine.ts';", 'lint-stays-in-its-room'],
  ['src/cli/a.ts', "import '../database/database.ts';", 'cli-stays-in-its-room'],
  ['src/engine/c.ts', "import '../cli/cli.ts';", 'engine-stays-in-its-room'],
  ['src/state/a.ts', "import 'pg';", 'pg-pg-copy-streams-in-one-dock'],
  ['src/extract/b.ts', "import 'jsforce';", 'jsforce-in-one-dock'],
  ['src/lint/b.ts', "import 'yaml';", 'yaml-ajv-in-one-dock'],
  ['src/expression/a.ts', "import '../config/config.ts';", 'expression-stays-in-its-room'],
  ['src/validate/b.ts', "import 're2js';", 'marcbachmann-cel-js-re2js-in-one-dock'],
  ['src/engine/d.ts', "import 'pino';", 'pino-in-one-dock'],
  ['src/load/b.ts', "import 'csv-parse';", 'no-development-package'],
  ['src/util/a.ts', "import '../util/b.ts';", 'every-room-is-in-the-table'],
  ['src/plan/a.ts', "import '../../test/support.ts';", 'product-knows-no-test'],
  ['src/plan/b.ts', "import './c.ts';", 'no-cycle'],
];

const ALLOWED: readonly (readonly [file: string, line: string])[] = [
  ['src/engine/ok.ts', "import '../load/load.ts';"],
  ['src/engine/type.ts', "import type { Logger } from 'pino'; export type L = Logger;"],
  ['src/simulator/ok.ts', "import '../soql/soql.ts';"],
  ['src/database/ok.ts', "import 'pg';"],
  ['src/expression/ok.ts', "import '@marcbachmann/cel-js';"],
];

const DOORS = ['flow', 'config', 'database', 'load', 'state', 'errors', 'salesforce', 'engine', 'cli', 'soql'];

describe('the import table', () => {
  let house: string;

  beforeEach(() => {
    house = mkdtempSync(join(tmpdir(), 'house-'));
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
    symlinkSync(join(root, 'package.json'), join(house, 'package.json'));
  });

  afterEach(() => rmSync(house, { recursive: true }));

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), `${text}\nexport {};\n`);
  }

  it('refuses each forbidden import by the rule that says why, and no allowed one', () => {
    for (const room of DOORS) write(`src/${room}/${room}.ts`, '');
    for (const file of ['src/load/inside.ts', 'src/util/b.ts', 'test/support.ts']) write(file, '');
    write('src/plan/c.ts', "import './b.ts';");
    for (const [file, line] of [...PLANTED, ...ALLOWED]) write(file, line);

    const ran = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        join(root, '.dependency-cruiser.cjs'),
        '--output-type',
        'json',
        'src',
        'test',
      ],
      { cwd: house, encoding: 'utf8' },
    );
    const report = JSON.parse(ran.stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    const found = report.summary.violations.map((violation) => `${violation.from} ${violation.rule.name}`);

    expect(PLANTED.map(([file, , rule]) => `${file} ${rule}`).filter((line) => !found.includes(line))).toEqual([]);
    expect(found.filter((line) => ALLOWED.some(([file]) => line.startsWith(`${file} `)))).toEqual([]);
  });
});
