import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { GoneRecord } from '../../src/flow/gone-record.ts';
import {
  countOpen,
  goneSince,
  hasNotices,
  markDone,
  mastersOf,
  noticeDeletions,
  type OpenDeletion,
  setStatus,
  unnotice,
} from '../../src/state/deletions.ts';
import { decideDeletions } from '../../src/state/deletion-decisions.ts';
import { forgetDeleted } from '../../src/state/marks.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const RUN = randomUUID();
const EARLY = '2026-03-01T10:00:00.000Z';
const MIDDLE = '2026-03-01T11:00:00.000Z';
const LATE = '2026-03-01T12:00:00.000Z';

let target: TestDatabase;
let id: number;

beforeAll(async () => {
  target = await createTestDatabase();
  await prepareState(target.database);
  id = await mappingId(target.database, 'students');
});
afterAll(() => target.drop());
beforeEach(async () => {
  await target.database.query('TRUNCATE sluice.record, sluice.deletion, sluice.waiting_link, sluice.left_out');
});

async function loaded(...records: readonly (readonly [string, string | null])[]): Promise<void> {
  for (const [source, stamp] of records) {
    await target.database.query(
      'INSERT INTO sluice.record (mapping_id, source_id, hash, stamp) VALUES ($1, $2, gen_random_uuid(), $3)',
      [id, source, stamp],
    );
  }
}

function gone(sourceId: string, stamp: string | null = LATE, more: Partial<GoneRecord> = {}): GoneRecord {
  return { sourceId, reason: 'deleted', masterId: null, stamp, ...more };
}

const notice = (...notices: readonly GoneRecord[]): Promise<number> =>
  noticeDeletions(target.database, id, RUN, notices);

async function noticed(): Promise<string[]> {
  const { rows } = await target.database.query<{ said: string }>(
    `SELECT concat_ws(' ', source_id, reason, status) AS said FROM sluice.deletion ORDER BY source_id`,
  );
  return rows.map(({ said }) => said);
}

const done = (...ids: readonly string[]): Promise<void> =>
  markDone(
    target.database,
    id,
    ids.map((sourceId) => ({ sourceId, rowId: null, before: null })),
  );

describe('noticing that records are gone', () => {
  it('takes only those that are here', async () => {
    await loaded(['a', EARLY]);

    expect(await notice(gone('a'), gone('b'))).toBe(1);
    expect(await noticed()).toEqual(['a deleted pending']);
  });

  it('takes none of which something newer is known; the same second is no newer', async () => {
    await loaded(['a', LATE], ['b', MIDDLE], ['c', null]);

    expect(await notice(gone('a', MIDDLE), gone('b', MIDDLE), gone('c', EARLY))).toBe(2);
    expect(await noticed()).toEqual(['b deleted pending', 'c deleted pending']);
  });

  it('takes one of which nobody knows when, whatever is known of it', async () => {
    await loaded(['a', LATE]);

    expect(await notice(gone('a', null, { reason: 'purged' }))).toBe(1);
  });

  it('notices nothing twice, and keeps the newest word', async () => {
    await loaded(['a', EARLY]);
    await notice(gone('a', MIDDLE, { reason: 'left_filter' }));

    expect(await notice(gone('a', MIDDLE), gone('a', LATE, { reason: 'merged', masterId: 'm' }))).toBe(0);
    expect(await noticed()).toEqual(['a merged pending']);
  });

  it('does not come back to what a person has discarded, until the record moves', async () => {
    await loaded(['a', EARLY]);
    await notice(gone('a', MIDDLE));
    await setStatus(target.database, id, ['a'], 'ignored');

    expect(await notice(gone('a', MIDDLE))).toBe(0);
    expect(await notice(gone('a', null, { reason: 'purged' }))).toBe(0);
    expect(await notice(gone('a', LATE))).toBe(1);
    expect(await noticed()).toEqual(['a deleted pending']);
  });

  it('comes back to a record that had only left the filter when it is gone altogether', async () => {
    await loaded(['a', EARLY]);
    await notice(gone('a', MIDDLE, { reason: 'left_filter' }));
    await setStatus(target.database, id, ['a'], 'ignored');

    expect(await notice(gone('a', null, { reason: 'purged' }))).toBe(1);
  });

  it('ends what waits of a record that never came to have a row, and counts nothing', async () => {
    await target.database.query(
      `INSERT INTO sluice.waiting_link (mapping_id, link, source_id, parent_ref) VALUES ($1, 'a.b', 'a', 'p')`,
      [id],
    );
    await target.database.query(
      `INSERT INTO sluice.left_out (mapping_id, source_id, link, parent_ref) VALUES ($1, 'b', 'a.b', 'p')`,
      [id],
    );

    expect(await notice(gone('a'), gone('b'))).toBe(0);
    const { rows } = await target.database.query(
      'SELECT source_id FROM sluice.waiting_link UNION ALL SELECT source_id FROM sluice.left_out',
    );
    expect(rows).toEqual([]);
  });
});

describe('what a person says of a record', () => {
  it('may name it by its short id, which the pages and reports of the org have', async () => {
    await loaded(['001A0000006Vm9rIAC', EARLY]);
    await notice(gone('001A0000006Vm9rIAC'));

    const filter = { ids: ['001A0000006Vm9r'], statuses: ['pending'] } as const;
    expect(await decideDeletions(target.database, filter, 'confirmed')).toBe(1);
    expect(await noticed()).toEqual(['001A0000006Vm9rIAC deleted confirmed']);
  });
});

describe('a record that is read live', () => {
  const read = [
    { id: 'a', stamp: LATE },
    { id: 'b', stamp: EARLY },
    { id: 'c', stamp: EARLY },
  ];

  it('takes its notice back, unless it was read in an older state', async () => {
    await loaded(['a', EARLY], ['b', EARLY], ['c', EARLY]);
    await notice(gone('a', MIDDLE), gone('b', MIDDLE), gone('c', null, { reason: 'purged' }));

    const taken = await unnotice(target.database, id, read, false);

    expect(taken).toBe(2);
    expect(await noticed()).toEqual(['b deleted pending']);
    expect(await hasNotices(target.database, id)).toBe(true);
  });

  it('needs a newer stamp for that when it comes from an answer of before', async () => {
    await loaded(['a', EARLY], ['b', EARLY], ['c', EARLY]);
    await notice(gone('a', MIDDLE), gone('b', MIDDLE), gone('c', null, { reason: 'purged' }));

    expect(await unnotice(target.database, id, [...read, { id: 'b', stamp: '' }], true)).toBe(1);

    expect(await noticed()).toEqual(['b deleted pending', 'c purged pending']);
  });
});

describe('a deletion that is done', () => {
  it('is known to the ledger by a stamp that no older copy passes, and is not noticed again', async () => {
    await loaded(['a', EARLY]);
    await notice(gone('a', LATE));
    await done('a');

    const { rows } = await target.database.query<{ stamp: Date }>('SELECT stamp FROM sluice.record');
    expect(rows[0]?.stamp.toISOString()).toBe(LATE);
    expect(await notice(gone('a', LATE))).toBe(0);
    expect(await countOpen(target.database, id)).toMatchObject({ unconfirmed: 0, confirmed: 0, refused: 0 });
  });

  it('is forgotten when the record is loaded again, with what a mark has changed', async () => {
    await loaded(['a', EARLY]);
    await notice(gone('a', LATE));
    const before = { table: 'student', column: 'active', before: 'true', after: 'false' };
    await markDone(target.database, id, [{ sourceId: 'a', rowId: '17', before }]);

    expect(await forgetDeleted(target.database, id, ['a', 'b'])).toEqual([{ source_id: 'a', row_id: '17', before }]);
    expect(await noticed()).toEqual([]);
    // Its row is here: should it go again before it could be loaded, that counts.
    expect(await notice(gone('a', LATE))).toBe(1);
  });
});

const merged = (one: string, into: string): GoneRecord => gone(one, LATE, { reason: 'merged', masterId: into });
const open = (source: string, master: string): OpenDeletion => ({
  source_id: source,
  reason: 'merged',
  master_id: master,
});

describe('the master of a merged record', () => {
  it('is the last of a chain, and a circle has an end', async () => {
    await loaded(['a', EARLY], ['b', EARLY], ['x', EARLY], ['y', EARLY]);
    await notice(merged('a', 'b'), merged('b', 'c'), merged('x', 'y'), merged('y', 'x'));

    const masters = await mastersOf(target.database, id, [open('a', 'b'), open('x', 'y')]);

    expect(masters.get('a')).toBe('c');
    expect(['x', 'y']).toContain(masters.get('x'));
  });
});

describe('a record that comes with the result of an old job', () => {
  const JOB = '750000000000001AAA';
  const comes = async (stamp: string): Promise<readonly string[]> => [
    ...(await goneSince(target.database, id, { job: JOB, records: [{ id: 'a', stamp }] })),
  ];

  beforeEach(async () => {
    await target.database.query('TRUNCATE sluice.run CASCADE');
    await loaded(['a', EARLY]);
    await notice(gone('a', MIDDLE));
    await done('a');
  });

  /** @param age  of the step that made the job, as SQL */
  async function jobOf(age: string): Promise<void> {
    await target.database.query(
      `WITH run AS (
         INSERT INTO sluice.run (id, project, command, status, host, pid) VALUES ($1, 'p', 'run', 'failed', 'h', 1) RETURNING id
       ), step AS (
         INSERT INTO sluice.step (run_id, ordinal, phase, mapping, status, started_at)
         SELECT id, 1, 'people', 'students', 'failed', now() - $3::interval FROM run RETURNING id
       ) INSERT INTO sluice.slice (step_id, ordinal, kind, job) SELECT id, 1, 'bulk_page', $2 FROM step`,
      [RUN, JOB, age],
    );
  }

  it('is gone when that was found after the job was made', async () => {
    await jobOf('1 hour');

    expect(await comes(EARLY)).toEqual(['a']);
  });

  it('is back when it has moved again since, or when the job was made after it was found', async () => {
    await jobOf('1 hour');
    expect(await comes(LATE)).toEqual([]);
    await target.database.query(`UPDATE sluice.step SET started_at = now() + interval '1 minute'`);

    expect(await comes(EARLY)).toEqual([]);
  });
});
