/**
 * Holds the imports against the table in .dependency-cruiser.cjs. A run that saw no module would pass every rule, so it
 * fails here: that is what dependency-cruiser does when it finds no TypeScript that it can use.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folders = ['src', 'test', 'bench', 'scripts', 'plugins', 'bin'].filter((folder) => existsSync(folder));
const ran = spawnSync(
  process.execPath,
  ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type', 'err-long', ...folders],
  { encoding: 'utf8' },
);
process.stdout.write(ran.stdout);
process.stderr.write(ran.stderr);
const cruised = Number(/\((\d+) modules/.exec(ran.stdout)?.[1] ?? 0);
if (ran.status === 0 && cruised === 0) {
  process.stderr.write('No module was looked at, so nothing was checked. Is the package "typescript" installed?\n');
}
process.exitCode = ran.status === 0 && cruised > 0 ? 0 : 1;
