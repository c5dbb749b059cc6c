import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  COMMIT,
  type CrashSite,
  openCrashSite,
  openNewScene,
  openServer,
  PAGE,
  pictureOf,
  runToTheEnd,
  startOrgProcess,
  type Scene,
  STUDENTS,
  until,
} from '../support/crash.ts';

let site: CrashSite;
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  site = await openCrashSite();
}, 180_000);

afterAll(async () => {
  for (const close of open) await close();
  await site.close();
});

async function newScene(): Promise<Scene> {
  const scene = await openNewScene(site);
  open.push(() => scene.drop());
  site.project.org.faults.clear();
  return scene;
}

/** Bulk jobs from which records were taken, over all runs; not those that only compared the ids. */
async function jobsOfRecords(scene: Scene): Promise<number> {
  return scene.count('(SELECT DISTINCT job FROM sluice.slice WHERE job IS NOT NULL) one');
}

/** Everything is here once, and no commit was made twice. */
async function expectWhole(scene: Scene): Promise<void> {
  expect(await pictureOf(scene.target)).toBe(site.picture);
  expect(await scene.count('student')).toBe(STUDENTS);
  expect(await scene.count('(SELECT DISTINCT salesforce_individual_id FROM contact) one')).toBe(
    await scene.count('contact'),
  );
  const { rows } = await scene.target.database.query<{ inserted: number }>(
    `SELECT sum((l.counts->>'inserted')::int)::int AS inserted FROM sluice.slice l JOIN sluice.step s ON s.id = l.step_id
     WHERE s.mapping = 'students' AND s.phase = 'people'`,
  );
  expect(rows[0]?.inserted).toBe(STUDENTS);
  expect(await scene.count("sluice.run WHERE status = 'running'")).toBe(0);
  expect(await scene.count("sluice.step WHERE status IN ('running', 'pending')")).toBe(0);
}

/** A commit that has written to some tables and waits for the next one. */
const WAITING_COMMIT =
  "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE 'INSERT INTO%'";

interface Shown {
  readonly status: number;
  readonly code?: string;
}

describe('kill -9 of the tool', () => {
  it('while the Bulk job is at work: the next run waits for the same job', async () => {
    const scene = await newScene();
    const hold = site.project.org.faults.add({ fault: { kind: 'hold' }, method: 'GET', path: 'jobs/query/[^/]+$' });
    const run = scene.start('run');
    await until('the job is polled', () => hold.hits() > 0);
    await scene.kill(run);
    hold.release();

    await runToTheEnd(scene);

    expect(await jobsOfRecords(scene)).toBe(1);
    expect(await scene.count("sluice.run WHERE status = 'interrupted'")).toBe(1);
    await expectWhole(scene);
  }, 180_000);

  it('between commits: the next run goes on with the page that was not wholly committed', async () => {
    const scene = await newScene();
    const hold = site.project.org.faults.add({ fault: { kind: 'hold' }, path: 'results.*locator', nth: 2 });
    const run = scene.start('run');
    await until('a page is committed', async () => hold.hits() > 0 && (await scene.taken()) >= PAGE);
    await scene.kill(run);
    hold.release();
    const before = await scene.taken();
    const [next] = await runToTheEnd(scene);

    expect(next?.json<{ result: { steps: unknown[] } }>().result.steps).toContainEqual(
      expect.objectContaining({
        mapping: 'students',
        reading: expect.objectContaining({ resumed_job: expect.stringMatching(/^750/) }),
      }),
    );
    expect(await jobsOfRecords(scene)).toBe(1);
    // Of the page that was under way, records were looked at twice; of the one behind it, its one commit under way at most.
    expect(before).toBeGreaterThanOrEqual(PAGE);
    expect((await scene.taken()) - STUDENTS).toBeLessThanOrEqual(PAGE);
    await expectWhole(scene);
  }, 180_000);

  it('in the middle of a commit: nothing of it is there, and the next run makes it', async () => {
    const scene = await newScene();
    const first = scene.start('run', '--phase', 'reference');
    expect((await first.ended).exitCode).toBe(0);
    const lock = await scene.target.database.session();
    await lock.query('BEGIN; LOCK TABLE email IN SHARE ROW EXCLUSIVE MODE');
    const run = scene.start('run', '--phase', 'people');
    await until('a commit waits', async () => (await scene.count(WAITING_COMMIT)) > 0);
    run.child.kill('SIGKILL');
    await run.ended;
    await lock.query('ROLLBACK');
    await lock.close();
    await until('the lock is free', async () => (await scene.count("pg_locks WHERE locktype = 'advisory'")) === 0);
    expect(await scene.count('student')).toBe(0);

    await runToTheEnd(scene);

    await expectWhole(scene);
  }, 180_000);

  it('at any points, one after the other', async () => {
    const scene = await newScene();
    for (const more of [1, COMMIT + 1, 2 * COMMIT, 3 * COMMIT + 1]) {
      const goal = (await scene.taken()) + more;
      const run = scene.start('run');
      let ended = false;
      void run.ended.then(() => (ended = true));
      await until('enough is committed', async () => ended || (await scene.taken()) >= goal);
      await scene.kill(run);
    }

    const ends = await runToTheEnd(scene);

    expect(ends).toHaveLength(1);
    await expectWhole(scene);
  }, 180_000);
});

describe('the connection to the database, cut', () => {
  it('in the middle of a commit: the commit is made again, and the run goes on', async () => {
    const scene = await newScene();
    expect((await scene.start('run', '--phase', 'reference').ended).exitCode).toBe(0);
    const lock = await scene.target.database.session();
    await lock.query('BEGIN; LOCK TABLE email IN SHARE ROW EXCLUSIVE MODE');
    const run = scene.start('run', '--phase', 'people');
    await until('a commit waits', async () => (await scene.count(WAITING_COMMIT)) > 0);
    await scene.target.database.query(`SELECT pg_terminate_backend(pid) FROM ${WAITING_COMMIT}`);
    await lock.query('ROLLBACK');
    await lock.close();

    expect((await run.ended).exitCode).toBe(0);

    expect((await scene.start('run').ended).exitCode).toBe(0);
    await expectWhole(scene);
  }, 180_000);

  it('all of them, with the lock of the run: the run stops, and the next one goes on', async () => {
    const scene = await newScene();
    const { rows } = await scene.target.database.query<{ now: string }>('SELECT now()::text AS now');
    const run = scene.start('run', '--json');
    await until('something is committed', async () => (await scene.taken()) > 0);
    await scene.target.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND backend_start > $1::timestamptz AND pid <> pg_backend_pid()`,
      [rows[0]?.now],
    );
    const { exitCode, json } = await run.ended;

    expect([exitCode, json<Shown>().code]).toEqual([3, 'DATABASE_LOST']);
    await runToTheEnd(scene);
    await expectWhole(scene);
  }, 180_000);
});

describe('kill -9 of the database server', () => {
  it('loses nothing that was committed, and the next run goes on', async () => {
    const server = await openServer(site);
    open.push(() => server.stop());
    const run = server.scene.start('run', '--json');
    await until('something is committed', async () => (await server.scene.taken()) >= COMMIT);
    server.kill();
    const { exitCode } = await run.ended;
    const scene = await server.again();

    expect(exitCode).toBe(3);
    expect(await scene.taken()).toBeGreaterThanOrEqual(COMMIT);
    await runToTheEnd(scene);
    await expectWhole(scene);
  }, 180_000);
});

describe('kill -9 of the org', () => {
  it('which has forgotten its jobs when it is back: everything is read all the same', async () => {
    const scene = await newScene();
    const first = await startOrgProcess('0');
    open.push(() => first.kill());
    const run = scene.startWith(first.environment, 'run', '--json', '--log-file', '-');
    await run.shown('Bulk job complete');
    await first.kill();
    const second = await startOrgProcess(first.port);
    open.push(() => second.kill());
    const { exitCode } = await run.ended;

    expect([0, 3]).toContain(exitCode);
    await runToTheEnd(scene, second.environment);
    await expectWhole(scene);
  }, 180_000);
});
