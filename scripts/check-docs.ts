/** Fails when a generated page or schema differs from what the code says now. Leaves the fresh version in place. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';

/** Every file that a generator may write, with its text. */
function pages(): Map<string, string> {
  return new Map(
    globSync(['docs/**/*.md', 'docs/*.svg', 'schemas/*.json']).map((file) => [file, readFileSync(file, 'utf8')]),
  );
}

const before = pages();
const generators = ['scripts/generate-docs.ts', 'scripts/generate-config-docs.ts'].filter((file) => existsSync(file));
for (const generator of generators) {
  const ran = spawnSync(process.execPath, [generator], { stdio: 'inherit' });
  if (ran.status !== 0) process.exit(1);
}
const after = pages();
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
for (const file of stale) console.error(`${file} was stale; it is fresh now: commit it.`);
process.exitCode = stale.length === 0 ? 0 : 1;
