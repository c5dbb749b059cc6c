import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Rejection } from '../../src/flow/mapped-batch.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import {
  addToQuarantine,
  closeQuarantined,
  countQuarantine,
  hasQuarantined,
  listQuarantine,
  quarantineCounts,
  showQuarantined,
} from '../../src/state/quarantine.ts';
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

function add(rejections: readonly Rejection[], runId = RUN): Promise<number> {
  return addToQuarantine(test.database, { mappingId: students, runId, rejections });
}

async function ids(filter: object): Promise<string[]> {
  const entries = await listQuarantine(test.database, { limit: 10, ...filter });
  return entries.map((entry) => entry.source_id).toSorted();
}

describe('the quarantine', () => {
  it('keeps a record with code, column, field and values', async () => {
    expect(await add([rejection('003A')])).toBe(1);

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
    await add([rejection('003A', { code: 'VALUE_TOO_LONG', column: 'contact.last_name' })], later);

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

    expect(await countQuarantine(test.database, { limit: 10 })).toBe(2);
  });

  it('keeps values that no text column takes as they came', async () => {
    const record = { LastName: 'a\u0000b', Note: '\ud800 "quoted" \\ \n', Long: 'x'.repeat(131_072) };
    await add([rejection('003A', { record })]);

    expect((await showQuarantined(test.database, '003A', 'all')).record).toEqual(record);
  });

  it('lets a record go once it loads, and keeps it anew when it fails again', async () => {
    await add([rejection('003A'), rejection('003B')]);

    expect(await closeQuarantined(test.database, students, ['003A', '003Z'])).toBe(1);
    expect(await countQuarantine(test.database, { limit: 10 })).toBe(1);
    expect(await countQuarantine(test.database, { limit: 10, closed: true })).toBe(2);

    await add([rejection('003A')]);
    expect(await countQuarantine(test.database, { limit: 10 })).toBe(2);
    expect(await countQuarantine(test.database, { limit: 10, closed: true })).toBe(3);
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

    const hidden = await showQuarantined(test.database, entry?.id ?? '', new Set(['Id']));
    const shown = await showQuarantined(test.database, '003A', 'all');

    expect(hidden.record).toEqual({
      Id: '003A',
      LastName: '[text, up to 20 characters]',
      Birthdate: '[text, up to 20 characters]',
    });
    expect(shown.record).toEqual({ Id: '003A', LastName: 'Canary', Birthdate: '31.2.2010' });
  });

  it('is not found when nothing has that number', async () => {
    await expect(showQuarantined(test.database, '12', 'all')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
