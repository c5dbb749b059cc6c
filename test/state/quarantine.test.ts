import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Rejection } from '../../src/flow/mapped-batch.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { INITIAL } from '../../src/state/migrations/0001-initial.ts';
import { WHOLE_LANGUAGE } from '../../src/state/migrations/0002-whole-language.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { recordSeal } from '../../src/privacy/seal-record.ts';
import {
  addToQuarantine,
  closeQuarantined,
  hasQuarantined,
  type Quarantined,
  type RecordKeeping,
} from '../../src/state/quarantine.ts';
import {
  discardQuarantined,
  redrivable,
  refusedByDatabase,
  reopenDiscarded,
} from '../../src/state/quarantine-decisions.ts';
import {
  countQuarantine,
  everyQuarantined,
  listQuarantine,
  quarantineCounts,
  showQuarantined,
} from '../../src/state/quarantine-entries.ts';
import { tendQuarantine } from '../../src/state/tend-quarantine.ts';
import { keptRecords } from '../../src/state/quarantine-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const RUN = randomUUID();
let test: TestDatabase;
let students: number;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
  students = await mappingId(test.database, 'students');
});

beforeEach(() => test.database.query('TRUNCATE sluice.quarantine'));

afterAll(() => test.drop());

function rejection(sourceId: string, changes: Partial<Rejection> = {}): Rejection {
  return {
    sourceId,
    code: 'INVALID_DATE',
    column: 'contact.birthdate',
    field: 'Birthdate',
    rule: null,
    record: { Id: sourceId, LastName: 'Canary', Birthdate: '31.2.2010' },
    ...changes,
  };
}

const PLAIN: RecordKeeping = { record: 'keep', seal: null };

function add(rejections: readonly Rejection[], runId = RUN, keeping = PLAIN): Promise<Quarantined> {
  return addToQuarantine(test.database, { mappingId: students, runId, rejections, keeping, evenOlder: false });
}

function show(id: string, reveal: ReadonlySet<string> | 'all', keeping = PLAIN) {
  return showQuarantined(test.database, id, { reveal, keeping });
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function ids(filter: object): Promise<string[]> {
  const entries = await listQuarantine(test.database, { limit: 10, ...filter });
  return entries.map((entry) => entry.source_id).toSorted();
}

describe('the quarantine', () => {
  it('keeps a record with code, column, field and values', async () => {
    expect(await add([rejection('003A')])).toMatchObject({ fresh: 1, discarded: 0, older: 0 });

    const [entry] = await listQuarantine(test.database, { limit: 10 });
    expect(entry).toMatchObject({
      mapping: 'students',
      source_id: '003A',
      code: 'INVALID_DATE',
      column: 'contact.birthdate',
      field: 'Birthdate',
      attempts: 1,
      first_run_id: RUN,
      closed_at: null,
    });
    expect(JSON.stringify(entry)).not.toContain('Canary');
  });

  it('sees a record again instead of keeping it twice', async () => {
    const later = randomUUID();
    await add([rejection('003A')]);
    const again = await add([rejection('003A', { code: 'VALUE_TOO_LONG', column: 'contact.last_name' })], later);

    expect(again).toMatchObject({ fresh: 0, kept: [{ sourceId: '003A' }] });

    expect(await listQuarantine(test.database, { limit: 10 })).toMatchObject([
      { code: 'VALUE_TOO_LONG', column: 'contact.last_name', attempts: 2, first_run_id: RUN, last_run_id: later },
    ]);
  });

  it('takes a record that comes twice at once', async () => {
    await add([rejection('003A'), rejection('003A', { code: 'OUT_OF_RANGE' }), rejection('003B')]);

    expect(await quarantineCounts(test.database)).toMatchObject([
      { code: 'INVALID_DATE', count: 1 },
      { code: 'OUT_OF_RANGE', count: 1 },
    ]);
  });

  it('keeps records without an id apart by what they hold', async () => {
    await add([rejection('', { record: { LastName: 'A' } }), rejection('', { record: { LastName: 'B' } })]);
    await add([rejection('', { record: { LastName: 'A' } })]);

    expect(await countQuarantine(test.database, {})).toBe(2);
  });

  it('keeps values that no text column takes as they came', async () => {
    const record = { LastName: 'a\u0000b', Note: '\ud800 "quoted" \\ \n', Long: 'x'.repeat(131_072) };
    await add([rejection('003A', { record })]);

    expect((await show('003A', 'all')).record).toEqual(record);
  });

  it('lets a record go once it loads, and keeps it anew when it fails again', async () => {
    await add([rejection('003A'), rejection('003B')]);

    expect(await closeQuarantined(test.database, students, ['003A', '003Z'])).toBe(1);
    expect(await countQuarantine(test.database, {})).toBe(1);
    expect(await countQuarantine(test.database, { closed: true })).toBe(2);

    await add([rejection('003A')]);
    expect(await countQuarantine(test.database, {})).toBe(2);
    expect(await countQuarantine(test.database, { closed: true })).toBe(3);
  });

  it('tells whether it holds anything of a mapping', async () => {
    expect(await hasQuarantined(test.database, students)).toBe(false);
    await add([rejection('003A')]);
    expect(await hasQuarantined(test.database, students)).toBe(true);
    await closeQuarantined(test.database, students, ['003A']);
    expect(await hasQuarantined(test.database, students)).toBe(false);
  });
});

describe('a list of the quarantine', () => {
  beforeEach(() =>
    add([
      rejection('003A'),
      rejection('003B', { code: 'VALUE_TOO_LONG', column: 'contact.last_name' }),
      rejection('003C', { code: 'VALUE_TOO_LONG', column: 'contact.first_name' }),
    ]),
  );

  it('can be narrowed by mapping, code, column and run', async () => {
    expect(await ids({ mapping: 'students' })).toEqual(['003A', '003B', '003C']);
    expect(await ids({ mapping: 'schools' })).toEqual([]);
    expect(await ids({ code: 'VALUE_TOO_LONG' })).toEqual(['003B', '003C']);
    expect(await ids({ column: 'contact.first_name' })).toEqual(['003C']);
    expect(await ids({ runId: RUN.slice(0, 8) })).toEqual(['003A', '003B', '003C']);
    expect(await ids({ runId: 'not-a-run' })).toEqual([]);
  });

  it('comes in pages', async () => {
    const pages = [await ids({ limit: 2 }), await ids({ limit: 2, offset: 2 })];

    expect(pages.map((page) => page.length)).toEqual([2, 1]);
    expect(new Set(pages.flat()).size).toBe(3);
  });
});

describe('one entry', () => {
  it('hides values unless they are revealed', async () => {
    await add([rejection('003A')]);
    const [entry] = await listQuarantine(test.database, { limit: 1 });

    const hidden = await show(entry?.id ?? '', new Set(['Id']));
    const shown = await show('003A', 'all');

    expect(hidden.record).toEqual({
      Id: '003A',
      LastName: '[text, up to 20 characters]',
      Birthdate: '[text, up to 20 characters]',
    });
    expect(shown.record).toEqual({ Id: '003A', LastName: 'Canary', Birthdate: '31.2.2010' });
  });

  it('is found by the short form of its id, which the pages and reports of the org have', async () => {
    const [short, long] = ['001A0000006Vm9r', '001A0000006Vm9rIAC'];
    await add([rejection(long)]);

    expect((await show(short, 'all')).source_id).toBe(long);
    expect(await ids({ ids: [short] })).toEqual([long]);
    expect(await discardQuarantined(test.database, { ids: [short] })).toBe(1);
    expect(await reopenDiscarded(test.database, [short])).toBe(1);
  });

  it('is not found when nothing has that number', async () => {
    await expect(show('12', 'all')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a discarded record', () => {
  it('is not kept again as long as it is as it was, whenever it was touched', async () => {
    const touched = (stamp: string) => rejection('003A', { record: { Id: '003A', Name: 'x', SystemModstamp: stamp } });
    await add([touched('2026-01-01T00:00:00.000Z')]);
    expect(await discardQuarantined(test.database, { ids: ['003A'] })).toBe(1);

    const same = await add([touched('2026-03-01T00:00:00.000Z'), rejection('003B')], randomUUID());
    const changed = await add([rejection('003A', { record: { Id: '003A', Name: 'y' } })], randomUUID());

    expect(same).toMatchObject({ fresh: 1, discarded: 1, kept: [{ sourceId: '003B' }] });
    expect(changed).toMatchObject({ fresh: 1, discarded: 0 });
    expect(await ids({ closed: true })).toEqual(['003A', '003A', '003B']);
  });

  it('is not kept again either when records are encrypted from now on', async () => {
    await add([rejection('003A')]);
    await discardQuarantined(test.database, { ids: ['003A'] });

    const same = await add([rejection('003A')], randomUUID(), { record: 'encrypt', seal: recordSeal('ab'.repeat(32)) });

    expect(same).toMatchObject({ fresh: 0, discarded: 1 });
  });

  it('is forgotten with what was kept of it, but not that it was discarded', async () => {
    await add([rejection('003A')]);
    await discardQuarantined(test.database, { code: 'INVALID_DATE' });

    expect(await show('003A', 'all')).toMatchObject({ closed_as: 'discarded', record: null });
    expect(await hasQuarantined(test.database, students)).toBe(true);
  });

  it('no longer counts as discarded once it has loaded', async () => {
    await add([rejection('003A')]);
    await discardQuarantined(test.database, { ids: ['003A'] });
    await closeQuarantined(test.database, students, ['003A']);

    expect(await add([rejection('003A')])).toMatchObject({ fresh: 1, discarded: 0 });
  });

  it('comes back when somebody asks for it', async () => {
    await add([rejection('003A')]);
    await discardQuarantined(test.database, { ids: ['003A'] });

    expect(await reopenDiscarded(test.database, ['003A', '003Z'])).toBe(1);
    expect(await ids({})).toEqual(['003A']);
  });
});

const at = (stamp: string) => rejection('003A', { record: { Id: '003A', SystemModstamp: stamp } });

describe('a record of which a newer state is here', () => {
  beforeEach(() =>
    test.database.query(
      `INSERT INTO sluice.record (mapping_id, source_id, hash, stamp)
       VALUES ($1, '003A', '0123456789abcdef0123456789abcdef', '2026-02-01T00:00:00Z')`,
      [students],
    ),
  );
  afterEach(() => test.database.query('TRUNCATE sluice.record'));

  it('is not kept, for what is refused of it is past', async () => {
    expect(await add([at('2026-01-01T00:00:00.000Z')])).toMatchObject({ kept: [], fresh: 0, older: 1 });
    expect(await countQuarantine(test.database, {})).toBe(0);
  });

  it('must be looked at again when it comes as it was loaded, because it was something else in between', async () => {
    await add([at('2026-03-01T00:00:00.000Z')]);

    const { rows } = await test.database.query('SELECT hash::text FROM sluice.record');
    expect(rows).toEqual([{ hash: '11111111-1111-1111-1111-111111111111' }]);
  });
});

async function stored(): Promise<string> {
  const { rows } = await test.database.query(
    `SELECT record::text, encode(sealed, 'escape') AS sealed FROM sluice.quarantine`,
  );
  return JSON.stringify(rows);
}

async function kept(keeping: RecordKeeping) {
  const { byMapping } = await redrivable(test.database, {});
  const request = { mappingId: students, entryIds: byMapping.get('students') ?? [], count: 10 };
  return (await collected(keptRecords(test.database, request, keeping))).flat();
}

describe('what is kept of a record', () => {
  const seal = recordSeal('ab'.repeat(32));
  const other = recordSeal('cd'.repeat(32));
  const sealed: RecordKeeping = { record: 'encrypt', seal };

  it('is nothing but a hash where privacy says omit', async () => {
    await add([rejection('003A')], RUN, { record: 'omit', seal: null });

    expect(await stored()).toBe('[{"record":null,"sealed":null}]');
    expect(await add([rejection('003A')], RUN, { record: 'omit', seal: null })).toMatchObject({ fresh: 0 });
    expect((await show('003A', 'all')).record).toBeNull();
    expect(await kept(PLAIN)).toEqual([{ sourceId: '003A', record: null }]);
  });

  it('is encrypted where privacy says so, and opened by its key alone', async () => {
    await add([rejection('003A')], RUN, sealed);

    expect(await stored()).not.toContain('Canary');
    expect((await show('003A', 'all', sealed)).record).toMatchObject({ LastName: 'Canary' });
    expect((await show('003A', 'all')).record).toBeNull();
    expect((await show('003A', 'all', { record: 'encrypt', seal: other })).record).toBeNull();
    expect(await redrivable(test.database, {})).toMatchObject({ keyIds: [seal?.keyId] });
    expect(await kept(sealed)).toMatchObject([{ record: { LastName: 'Canary' } }]);
  });

  it('cannot be opened in the place of another record', async () => {
    await add([rejection('003A'), rejection('003B', { record: { Id: '003B' } })], RUN, sealed);
    await test.database.query(
      `UPDATE sluice.quarantine q SET sealed = o.sealed FROM sluice.quarantine o
       WHERE q.source_id = '003B' AND o.source_id = '003A'`,
    );

    expect((await show('003B', 'all', sealed)).record).toBeNull();
  });

  it('is forgotten in time, and the entry stays', async () => {
    await add([rejection('003A'), rejection('003B')]);
    await test.database.query(
      `UPDATE sluice.quarantine SET last_seen_at = now() - interval '2 hours' WHERE source_id = '003A'`,
    );

    await tendQuarantine(test.database, null, PLAIN);
    const before = (await show('003A', 'all')).record;
    await tendQuarantine(test.database, 3_600, PLAIN);

    expect(before).not.toBeNull();
    expect(await show('003A', 'all')).toMatchObject({ code: 'INVALID_DATE', record: null });
    expect((await show('003B', 'all')).record).not.toBeNull();
  });

  it('is forgotten once the record has loaded', async () => {
    await add([rejection('003A')]);
    await closeQuarantined(test.database, students, ['003A']);

    expect(await show('003A', 'all')).toMatchObject({ closed_as: 'loaded', record: null });
  });

  it('follows when privacy says otherwise than before', async () => {
    await add([rejection('003A'), rejection('', { record: { LastName: 'Canary' } })]);

    await tendQuarantine(test.database, null, sealed);
    const encrypted = await stored();
    const opened = (await show('003A', 'all', sealed)).record;
    const again = await add([rejection('003A'), rejection('', { record: { LastName: 'Canary' } })], RUN, sealed);
    await tendQuarantine(test.database, null, { record: 'omit', seal });

    expect(encrypted).not.toContain('Canary');
    expect(opened).toMatchObject({ LastName: 'Canary' });
    expect(again).toMatchObject({ fresh: 0 });
    expect(await stored()).toBe('[{"record":null,"sealed":null},{"record":null,"sealed":null}]');
  });

  it('is encrypted also where a record without an id was kept in both ways', async () => {
    const nameless = rejection('', { record: { LastName: 'Canary' } });
    await add([nameless], RUN, sealed);
    await add([nameless]);

    await tendQuarantine(test.database, null, sealed);

    expect(await stored()).not.toContain('Canary');
  });

  it('is not used again when its bytes or its line were broken', async () => {
    await add([
      rejection('003A', { code: 'INVALID_TEXT', column: null, field: null }),
      rejection('003B', { code: 'INVALID_TEXT' }),
    ]);

    expect(await kept(PLAIN)).toMatchObject([
      { sourceId: '003A', record: null },
      { sourceId: '003B', record: { LastName: 'Canary' } },
    ]);
  });
});

const tried = (runId: string) => refusedByDatabase(test.database, students, runId);

describe('records that only the database did not take', () => {
  it('are tried again some at a time, however many there are, and all of them in turn', async () => {
    const many = Array.from({ length: 300 }, (_one, nth) => rejection(`d${nth}`, { code: 'DUPLICATE_RECORD' }));
    await add([...many, rejection('other')]);

    const first = await tried(randomUUID());
    await test.database.query(`UPDATE sluice.quarantine SET last_seen_at = now() WHERE id = ANY($1)`, [first]);
    const second = await tried(randomUUID());

    expect([first.length, second.length]).toEqual([200, 200]);
    expect(new Set([...first, ...second]).size).toBe(300);
    expect(await tried(RUN)).toEqual([]);
  });
});

describe('all entries', () => {
  it('come in pages, however many there are', async () => {
    await add(Array.from({ length: 1_234 }, (_, index) => rejection(`003${String(index)}`)));

    const pages = await collected(everyQuarantined(test.database, {}, { reveal: new Set(['Id']), keeping: PLAIN }));

    expect(pages.map((page) => page.length)).toEqual([500, 500, 234]);
    expect(pages[0]?.[0]).toMatchObject({
      source_id: '0030',
      record: { Id: '0030', LastName: '[text, up to 20 characters]' },
    });
  });
});

describe('entries that an earlier version has kept', () => {
  it('stay what they are, and a record that comes again is seen again', async () => {
    const old = await createTestDatabase();
    await old.database.query(
      'CREATE SCHEMA sluice; CREATE TABLE sluice.migration (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())',
    );
    await old.database.query(INITIAL);
    await old.database.query(WHOLE_LANGUAGE);
    await old.database.query(`INSERT INTO sluice.migration (name) VALUES ('0001-initial'), ('0002-whole-language')`);
    const id = await mappingId(old.database, 'students');
    const nameless = { LastName: 'Ünï\u0000', Note: 'x' };
    await old.database.query(
      `INSERT INTO sluice.quarantine (mapping_id, source_id, code, record, first_run_id, last_run_id, closed_at)
       SELECT $1, source_id, 'INVALID_DATE', record::json, $2, $2, CASE WHEN closed THEN now() END
       FROM unnest($3::text[], $4::text[], $5::boolean[]) AS old(source_id, record, closed)`,
      [
        id,
        RUN,
        ['003A', '', '003C'],
        ['{"Id":"003A"}', JSON.stringify(nameless), '{"Id":"003C"}'],
        [false, false, true],
      ],
    );

    await prepareState(old.database);
    const again = await addToQuarantine(old.database, {
      mappingId: id,
      runId: randomUUID(),
      rejections: [rejection('003A'), rejection('', { record: nameless })],
      keeping: PLAIN,
      evenOlder: false,
    });
    const closed = await showQuarantined(old.database, '003C', { reveal: 'all', keeping: PLAIN });
    await old.drop();

    expect(again).toMatchObject({ fresh: 0, kept: [{}, {}] });
    expect(closed).toMatchObject({ closed_as: 'loaded', record: null });
  });
});
