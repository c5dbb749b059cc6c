import { describe, expect, it } from '@jest/globals';
import type { StepReport } from '../../src/flow/run-events.ts';
import { openRig, type Rig, step } from '../support/rig.ts';
import { FAMILIES } from '../support/families.ts';

const MAPPINGS = ['required', 'left-out', 'refused'];

const TO_COME = '001000000000ZZ1AAM';

interface Kept {
  readonly rig: Rig;
  /** Is here, with its parent. */
  readonly known: string;
  /** Is kept back: its parent is not here. */
  readonly waiting: string;
}

function child(rig: Rig, parent: string): string {
  return rig.org.records.insert('Contact', { LastName: 'Child', AccountId: parent, Contact_Type__c: 'Student' });
}

async function keptBack(): Promise<Kept> {
  const rig = await openRig({}, { files: FAMILIES, incremental: true });
  const known = child(rig, rig.org.records.insert('Account', { Name: 'Known', Type: 'School' }));
  const waiting = child(rig, TO_COME);
  await rig.run();
  return { rig, known, waiting };
}

const comes = (rig: Rig) => rig.org.records.insert('Account', { Name: 'Parent', Type: 'School' }, TO_COME);

const lines = (rig: Rig) =>
  rig.count('SELECT 1 FROM sluice.left_out UNION ALL SELECT 1 FROM sluice.waiting_link WHERE row_id IS NULL');

async function steps(rig: Rig): Promise<readonly StepReport[]> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  expect(report.sum.holds).toBe(true);
  return MAPPINGS.map((mapping) => step(report, 'main', mapping));
}

/** The one that is here lies in the lookback. */
const TOLD = { counts: { read: 2, skipped: 1, unchanged: 1 }, skipped: { 'gone from the org': 1 } };
const QUIET = { counts: { read: 1, skipped: 0, unchanged: 1 }, skipped: {} };

describe('a record that was kept back, and is gone when its parent comes', () => {
  it('is told once when it was purged, and asked for no more', async () => {
    const { rig, waiting } = await keptBack();
    rig.org.records.purge('Contact', waiting);
    comes(rig);

    expect(await steps(rig)).toMatchObject([TOLD, TOLD, TOLD]);

    expect(await lines(rig)).toBe(0);
    expect(await rig.count('SELECT 1 FROM sluice.quarantine WHERE closed_at IS NULL')).toBe(0);
    expect(await steps(rig)).toMatchObject([QUIET, QUIET, QUIET]);
  });

  it('goes as well when the filter does not mean it any more', async () => {
    const { rig, waiting } = await keptBack();
    rig.org.records.update('Contact', waiting, { LastName: 'Grown' });
    comes(rig);

    expect(await steps(rig)).toMatchObject([TOLD, TOLD, TOLD]);
    expect(await lines(rig)).toBe(0);
  });

  it('stays when the org does not show either what is here: that may be a lost permission', async () => {
    const { rig, known, waiting } = await keptBack();
    rig.org.records.purge('Contact', waiting);
    rig.org.records.purge('Contact', known);
    comes(rig);

    const quiet = { counts: { read: 0 }, skipped: {} };
    expect(await steps(rig)).toMatchObject([quiet, quiet, quiet]);

    expect(await lines(rig)).toBe(3);
  });

  it('goes some at a time when they are so many that everything is read', async () => {
    const { rig } = await keptBack();
    const parent = comes(rig);
    await steps(rig);
    await rig.database.query(
      `INSERT INTO sluice.left_out (mapping_id, source_id, link, parent_ref, noticed_at)
       SELECT id, '003' || to_char(n, 'FM000000000000') || 'AAA', 'child_left_out.parent_id', $1, now() - interval '1 day'
       FROM sluice.mapping, generate_series(1, 2500) n WHERE name = 'left-out'`,
      [parent],
    );

    const kinds: string[] = [];
    for (let nth = 0; nth < 3; nth += 1) {
      const [, leftOut] = await steps(rig);
      kinds.push(`${leftOut?.reading?.kind} ${leftOut?.skipped['gone from the org'] ?? 0}`);
    }

    expect(kinds).toEqual(['full 2000', 'window 500', 'window 0']);
  });
});
