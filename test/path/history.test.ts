import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Database } from '../../src/database/database.ts';
import { revertRun } from '../../src/engine/revert-run.ts';
import { fixture } from '../support/fixture.ts';
import { play } from '../support/model-play.ts';
import { scripts } from '../support/model-script.ts';
import { openRig, type Rig } from '../support/rig.ts';

const HISTORY = { keep: 14 * 86_400 };

const numRuns = Number(process.env['SLUICE_MODEL_RUNS'] ?? 8);
const seed = process.env['SLUICE_MODEL_SEED'];

function revert({ database, project }: Pick<Rig, 'database' | 'project'>, id: string, dryRun = false) {
  return revertRun(id, dryRun, { project, database, host: 'test', pid: process.pid });
}

/** Every row of every target table, as text. */
async function allRows(database: Database, tables: Iterable<string>): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const { rows } = await database.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

describe('a run that was reverted', () => {
  it(
    'leaves every row as it found it, whatever it did, and the next run does it again',
    async () => {
      let now = Date.parse('2030-01-01T00:00:00Z');
      const rig = await openRig(
        { students: 1, schools: 1, now: () => new Date((now += 100)) },
        { files: fixture('fair'), adjust: (project) => ({ ...project, history: HISTORY }) },
      );
      await rig.run();
      const rows = () => allRows(rig.database, [...rig.project.tables.keys()]);
      let nth = 0;
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          nth += 1;
          await play(script, rig, nth, async (run) => {
            const before = await rows();
            const report = await run();
            await revert(rig, report.run_id);
            expect(await rows()).toEqual(before);
          });
        }),
        { numRuns, endOnFailure: true, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      );
    },
    60_000 + numRuns * 15_000,
  );
});
