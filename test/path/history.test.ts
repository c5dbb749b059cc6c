import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Project } from '../../src/config/project.ts';
import type { Database } from '../../src/database/database.ts';
import { revertRun } from '../../src/engine/revert-run.ts';
import { fixture } from '../support/fixture.ts';
import { play } from '../support/model-play.ts';
import { scripts } from '../support/model-script.ts';
import { openRig, type Rig, withSizes } from '../support/rig.ts';

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
          await play(script, rig, nth, async (once) => {
            const before = await rows();
            const report = await once();
            await revert(rig, report.run_id);
            expect(await rows()).toEqual(before);
          });
        }),
        { numRuns, endOnFailure: true, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      );
    },
    60_000 + numRuns * 60_000,
  );
});

/** A small fair with a history, and what the tests below do with it. */
async function openFair(): Promise<Rig> {
  let now = Date.parse('2030-01-01T00:00:00Z');
  const rig = await openRig(
    { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
    { files: fixture('fair'), adjust: (project) => ({ ...project, history: HISTORY }) },
  );
  return rig;
}

async function run(rig: Rig): Promise<string> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  return report.run_id;
}

const stall = (rig: Rig, name: string) => rig.org.records.insert('Account', { Name: name, BillingState: 'fair' });
/** Students by Bulk, so that there is a job to go on with. */
function byBulk(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) => ({ ...mapping, source: { ...mapping.source, api: 'bulk' } })),
  };
}

const names = (rig: Rig) => rig.column('SELECT name FROM stall ORDER BY name');

describe('reverting a run', () => {
  it('keeps what somebody has entered in other columns of the same row since', async () => {
    const rig = await openFair();
    const bread = stall(rig, 'Bread');
    await run(rig);
    rig.org.records.update('Account', bread, { Name: 'Bred' });
    const bad = await run(rig);
    await rig.database.query('UPDATE stall SET archived = true');

    const report = await revert(rig, bad);

    expect(report.tables).toMatchObject({ stall: { updated: 1, inserted: 0, deleted: 0 } });
    expect(await rig.column("SELECT name || ' ' || archived FROM stall")).toEqual(['Bread true']);
  });

  it('refuses where a value was changed since, writes nothing, and lists the rows by table and key', async () => {
    const rig = await openFair();
    const [bread, wine] = [stall(rig, 'Bread'), stall(rig, 'Wine')];
    await run(rig);
    rig.org.records.update('Account', bread, { Name: 'Bred' });
    rig.org.records.update('Account', wine, { Name: 'Whine' });
    const bad = await run(rig);
    await rig.database.query("UPDATE stall SET name = 'by hand' WHERE name = 'Bred'");
    const [key] = await rig.column("SELECT id FROM stall WHERE name = 'by hand'");

    const refused = revert(rig, bad);

    await expect(refused).rejects.toMatchObject({
      code: 'REVERT_REFUSED',
      details: { rows: 1, listed: [{ table: 'stall', key: { id: Number(key) }, why: 'changed since' }] },
    });
    expect((await names(rig)).toSorted()).toEqual(['Whine', 'by hand']);
  });

  it('shows nothing of a key that is personal', async () => {
    const rig = await openFair();
    const ann = rig.org.records.insert('Contact', { LastName: 'Ann', MailingCity: 'fair' });
    await run(rig);
    rig.org.records.update('Contact', ann, { LastName: 'Anne' });
    const bad = await run(rig);
    await rig.database.query("UPDATE person SET name = 'by hand'");
    const person = rig.project.tables.get('person');
    if (person === undefined) throw new Error('there is no table of persons');
    const columns = person.columns.map((column) => (column.name === 'id' ? { ...column, pii: true } : column));
    const tables = new Map([...rig.project.tables, ['person', { ...person, columns }]]);

    await expect(revert({ ...rig, project: { ...rig.project, tables } }, bad)).rejects.toMatchObject({
      details: { listed: [{ table: 'person', key: { id: '[personal]' }, why: 'changed since' }] },
    });
  });

  it('refuses to take out a row that others have come to refer to', async () => {
    const rig = await openFair();
    const bread = stall(rig, 'Bread');
    const first = await run(rig);
    rig.org.records.insert('Contact', { LastName: 'Ann', MailingCity: 'fair', AccountId: bread });
    const second = await run(rig);

    await expect(revert(rig, first)).rejects.toMatchObject({
      details: { rows: 1, listed: [{ table: 'stall', why: 'referred to since', by: 'person' }] },
    });

    await revert(rig, second);
    await revert(rig, first);
    expect(await names(rig)).toEqual([]);
  });

  it('lets the next run do the same again, also what a window would not read', async () => {
    const rig = await openFair();
    const bread = stall(rig, 'Bread');
    await run(rig);
    rig.org.records.update('Account', bread, { Name: 'Bred' });
    const bad = await run(rig);

    const { read_again: again } = await revert(rig, bad);
    expect(again).toContain('stalls');
    expect(await names(rig)).toEqual(['Bread']);
    const next = await rig.run();

    expect(next.steps.find(({ mapping }) => mapping === 'stalls')?.counts).toMatchObject({ read: 1, updated: 1 });
    expect(await names(rig)).toEqual(['Bred']);
  });

  it('does not read on in a job of which a part is gone again', async () => {
    const rig = await openRig(
      { students: 60, schools: 4, bulkPageSize: 20 },
      { incremental: true, adjust: (project) => ({ ...withSizes(project, 10, 10), history: HISTORY }) },
    );
    await rig.run({ phase: 'reference' });
    const fail = rig.org.faults.add({
      fault: { kind: 'status', status: 400 },
      path: 'results.*locator',
      nth: 2,
      times: 'always',
    });
    const cut = await rig.run({ phase: 'people' }, { adjust: byBulk });
    expect(cut.status).toBe('failed');
    const half = await rig.count('SELECT 1 FROM student');
    fail.release();

    await revert(rig, cut.run_id);
    expect([half > 0, await rig.count('SELECT 1 FROM student')]).toEqual([true, 0]);
    await rig.run({ phase: 'people' }, { adjust: byBulk });

    expect(await rig.count('SELECT 1 FROM student')).toBe(60);
  });

  it('can be reverted itself, and a run is reverted once only', async () => {
    const rig = await openFair();
    stall(rig, 'Bread');
    const first = await run(rig);
    const { reverted_by: second } = await revert(rig, first);
    expect(await names(rig)).toEqual([]);

    await expect(revert(rig, first)).rejects.toMatchObject({ code: 'REVERT_REFUSED' });
    await revert(rig, second ?? '');

    expect(await names(rig)).toEqual(['Bread']);
  });

  it('shows before what it would do, and does nothing then', async () => {
    const rig = await openFair();
    stall(rig, 'Bread');
    const first = await run(rig);

    const report = await revert(rig, first, true);

    expect(report).toMatchObject({ dry_run: true, reverted_by: null, tables: { stall: { deleted: 1 } } });
    expect(await names(rig)).toEqual(['Bread']);
  });

  it('is not possible for a run whose changes were not kept, or no longer are', async () => {
    const rig = await openFair();
    stall(rig, 'Bread');
    const without = (await rig.run({}, { adjust: (project) => ({ ...project, history: null }) })).run_id;
    stall(rig, 'Wine');
    const old = await run(rig);
    await rig.database.query("UPDATE sluice.run SET started_at = started_at - interval '15 days' WHERE id = $1", [old]);
    await run(rig);

    await expect(revert(rig, without)).rejects.toMatchObject({ code: 'HISTORY_MISSING' });
    await expect(revert(rig, old)).rejects.toMatchObject({ code: 'HISTORY_MISSING' });
    expect(await rig.count('SELECT 1 FROM sluice.row_change')).toBe(0);
  });

  it('takes back also what a trigger of the app has written along with the run', async () => {
    const rig = await openFair();
    await run(rig);
    await rig.database.query(`
      CREATE FUNCTION greet() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO note (person, text) VALUES (NEW.id, 'welcome'); RETURN NULL; END $$;
      CREATE TRIGGER greet AFTER INSERT ON person FOR EACH ROW EXECUTE FUNCTION greet()`);
    rig.org.records.insert('Contact', { LastName: 'Ann', MailingCity: 'fair' });
    const bad = await run(rig);
    expect(await rig.count('SELECT 1 FROM note')).toBe(1);

    await revert(rig, bad);

    expect(await rig.count('SELECT 1 FROM note UNION ALL SELECT 1 FROM person')).toBe(0);
  });
});

describe('without a history', () => {
  it('there are no triggers, and those of before are taken away', async () => {
    const triggers = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'sluice_history%'";
    const rig = await openFair();
    await rig.run({}, { adjust: (project) => ({ ...project, history: null }) });
    expect(await rig.count(triggers)).toBe(0);
    await run(rig);
    expect(await rig.count(triggers)).toBeGreaterThan(0);

    await rig.run({}, { adjust: (project) => ({ ...project, history: null }) });

    expect(await rig.count(triggers)).toBe(0);
    expect(await rig.count('SELECT 1 FROM sluice.row_change')).toBe(0);
  });

  it('nothing that anybody else writes is kept', async () => {
    const rig = await openFair();
    await run(rig);

    await rig.database.query("INSERT INTO town (name) VALUES ('Oslo')");

    expect(await rig.count('SELECT 1 FROM sluice.row_change')).toBe(0);
  });
});
