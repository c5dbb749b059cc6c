import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgKeys } from '../../src/flow/org-key.ts';
import { findExtras } from '../../src/state/find-extras.ts';
import { compareKeys, differences } from '../../src/state/key-comparison.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { DELETED } from '../../src/state/records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const MAPPING = 1;
const ASKED_AT = '2030-01-01T00:00:00Z';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
  await test.database.query(
    `INSERT INTO sluice.record (mapping_id, source_id, hash, stamp) VALUES
       ($1, 'here', gen_random_uuid(), '2029-01-01'),
       ($1, 'extra', gen_random_uuid(), '2029-01-01'),
       ($1, 'extra-without-stamp', gen_random_uuid(), NULL),
       ($1, 'newer', gen_random_uuid(), '2030-01-01'),
       ($1, 'gone', ${DELETED}, '2029-01-01'),
       ($1, 'noticed', gen_random_uuid(), '2029-01-01'),
       ($1, 'went-and-came', gen_random_uuid(), '2029-01-01'),
       (2, 'of-another', gen_random_uuid(), '2029-01-01')`,
    [MAPPING],
  );
  await test.database.query(
    `INSERT INTO sluice.deletion (mapping_id, source_id, reason, status, run_id) VALUES
       ($1, 'noticed', 'purged', 'ignored', gen_random_uuid()),
       ($1, 'went-and-came', 'purged', 'done', gen_random_uuid()),
       (2, 'extra', 'purged', 'pending', gen_random_uuid())`,
    [MAPPING],
  );
});

afterAll(() => test.drop());

/** What the org answers; `new` is not here. */
async function* answer(): AsyncGenerator<OrgKeys, void, undefined> {
  yield {
    csv: 'here,2029-01-01T00:00:00Z\nnew,2029-01-01T00:00:00Z\n',
    columns: ['source_id', 'stamp'],
    mayRepeat: true,
  };
  yield { csv: 'here,2029-01-01T00:00:00Z\n', columns: ['source_id', 'stamp'], mayRepeat: true };
}

describe('what is here and not in the org', () => {
  it('is neither gone already nor noticed nor newer than the answer', async () => {
    expect(await extras(false)).toEqual(['extra', 'extra-without-stamp', 'went-and-came']);
  });

  it('is what the whole comparison says', async () => {
    expect(await extras(true)).toEqual(await extras(false));
  });
});

async function extras(whole: boolean): Promise<readonly string[]> {
  return test.database.transaction(async (tx) => {
    const options = { mappingId: MAPPING, askedAt: ASKED_AT };
    const rest = { readUpTo: 'infinity', rows: null, mayLackRows: Promise.resolve(false), leavesUnmatched: false };
    const count = whole
      ? (await compareKeys(tx, answer(), { ...options, ...rest })).extra
      : await findExtras(tx, answer(), options);
    const found: string[] = [];
    for await (const page of differences(tx, 'extra')) found.push(...page.map(({ source_id: id }) => id));
    expect(count).toBe(found.length);
    return found;
  });
}
