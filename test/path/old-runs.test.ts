import { describe, expect, it } from '@jest/globals';
import type { Project } from '../../src/config/project.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

const runs = (rig: Rig) => rig.column('SELECT id FROM sluice.run ORDER BY started_at');

/** Runs as they were, but so many days earlier. */
const age = (rig: Rig, days: number) =>
  rig.database.query(`UPDATE sluice.run SET started_at = started_at - $1 * interval '1 day'`, [days]);

describe('runs of long ago', () => {
  it('are forgotten at the end of the first run of a day, but for what the next run needs', async () => {
    const rig = await openRig({ students: 60, schools: 4 }, { incremental: true });
    const first = await rig.run();
    await rig.run();
    await rig.run();
    await age(rig, 100);

    const last = await rig.run();

    // The first one was the last to read everything.
    expect(await runs(rig)).toEqual([first.run_id, last.run_id]);
    expect(step(await rig.run(), 'people', 'students')).toMatchObject({ error: null, reading: { kind: 'window' } });
    expect(await runs(rig)).toHaveLength(3);
  });

  it('stay where the project says so', async () => {
    const rig = await openRig({ students: 60, schools: 4 }, { incremental: true });
    for (let nth = 0; nth < 3; nth += 1) await rig.run();
    await age(rig, 100);

    await rig.run({}, { adjust: (project: Project) => ({ ...project, state: { keepRuns: null } }) });

    expect(await runs(rig)).toHaveLength(4);
  });
});
