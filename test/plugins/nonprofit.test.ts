import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import nonprofit from '../../plugins/nonprofit.ts';
import type { Database } from '../../src/database/database.ts';
import { quoteTable } from '../../src/database/quote.ts';
import type { OrgRow } from '../../src/plugin/define-plugin.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import { createTestDatabase } from '../support/database.ts';
import { repositoryProject } from '../support/project.ts';

const signal = new AbortController().signal;

describe('a part of an address', () => {
  const parts = ['street', 'city', 'state', 'zip'] as const;

  it.each<readonly [string, readonly (string | null)[]]>([
    ['1 Main St, Kansas City, MO 64108', ['1 Main St', 'Kansas City', 'MO', '64108']],
    [
      '1 Main St, Suite 5, Floor 2, Kansas City, MO 64108-1234',
      ['1 Main St, Suite 5, Floor 2', 'Kansas City', 'MO', '64108-1234'],
    ],
    ['1 Main St\r\nKansas City, Missouri 64108\nUnited States', ['1 Main St', 'Kansas City', 'Missouri', '64108']],
    ['1 Main St, Kansas City MO 64108', ['1 Main St', 'Kansas City', 'MO', '64108']],
    ['1 Main St, Kansas City 64108', ['1 Main St', 'Kansas City', null, '64108']],
    ['1 Main St, Kansas City, 64108', ['1 Main St', 'Kansas City', null, '64108']],
    ['1 Main St, Kansas City, KS, USA', ['1 Main St', 'Kansas City', 'KS', null]],
    ['1 Main St, Kansas City', ['1 Main St', 'Kansas City', null, null]],
    ['1 Main St, 64108', ['1 Main St', null, null, '64108']],
    ['1 Main St', ['1 Main St', null, null, null]],
    [' , ,', [null, null, null, null]],
  ])('of %j', (line, expected) => {
    const transform = nonprofit.transforms?.us_address;

    expect(parts.map((part) => transform?.run(line, { part }))).toEqual(expected);
    expect(parts.map((part) => transform?.run(null, { part }))).toEqual([null, null, null, null]);
  });
});

function contact(AccountId: string, Id: string, Email: string): OrgRow {
  return { AccountId, Id, Email };
}

describe('the contact of an account', () => {
  /** In the order in which the org gives them: the highest Id first. */
  const CONTACTS = [
    contact('001B', '003B', 'ben@school.test'),
    contact('001A', '003C', 'ada@school.test'),
    contact('001A', '003A', 'Ada@School.test'),
  ];

  async function ask(inputs: readonly (readonly (string | null)[])[]) {
    const asked: (readonly (string | null)[])[] = [];
    const query = async (_soql: string, ids: readonly (string | null)[] = []) => {
      asked.push(ids);
      return CONTACTS;
    };
    const answers = await nonprofit.resolvers?.contact_of_account.run(inputs, { args: {}, query, signal });
    return { asked, answers };
  }

  it('is one of that account with one of the addresses, in any case; of two, the older one', async () => {
    const { answers } = await ask([
      ['001A', 'ADA@school.test', 'ben@school.test'],
      ['001A', 'ben@school.test', null],
      ['001A', 'nobody@school.test', ' ada@school.test '],
      ['001B', 'ben@school.test', null],
      ['001A', null, null],
      [null, 'ada@school.test', null],
    ]);

    expect(answers).toEqual(['003A', null, '003A', '003B', null, null]);
  });

  it('asks for accounts only, not for the contacts and cases that an e-mail may be about', async () => {
    const { asked } = await ask([
      ['001A', 'a@school.test'],
      ['003A', 'a@school.test'],
      ['500A', 'a@school.test'],
    ]);

    expect(asked).toEqual([['001A']]);
  });
});

describe('the districts of an event', () => {
  let database: Database;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    ({ database, drop } = await createTestDatabase());
    const { tables } = await repositoryProject();
    await migrateTables(database, [...tables.values()]);
    await database.query(`
      INSERT INTO district (id, salesforce_id, name) VALUES (1, 'D1', 'North'), (2, 'D2', 'South'), (3, 'D3', 'West');
      INSERT INTO school (id, name, district_id) VALUES ('S1', 'A', 1), ('S2', 'B', 2), ('S3', 'C', NULL);
      INSERT INTO contact (id, type, first_name, last_name) SELECT n, 'student', 'Ada', 'Lovelace' FROM generate_series(1, 5) n;
      INSERT INTO student (id, school_id) VALUES (1, 'S1'), (2, 'S1'), (3, 'S2'), (4, 'S3'), (5, NULL);
      INSERT INTO event (id, title, start_date, school, district_partner) VALUES
        (1, 'of two districts', now(), NULL, NULL), (2, 'of a school', now(), 'S1', NULL),
        (3, 'of a partner', now(), NULL, 'North'), (4, 'has one', now(), NULL, NULL), (5, 'of nobody', now(), NULL, NULL);
      INSERT INTO event_districts (event_id, district_id) VALUES (4, 3);
      INSERT INTO event_student_participation (event_id, student_id)
        SELECT event, student FROM generate_series(1, 4) event, generate_series(1, 5) student;
      INSERT INTO event_student_participation (event_id, student_id) VALUES (5, 4), (5, 5)`);
  });

  afterEach(() => drop());

  async function infer() {
    return database.transaction(async (tx) =>
      nonprofit.hooks?.infer_districts.run({
        args: {},
        transaction: tx.sequelize,
        query: (sql, values) => tx.query(sql, values),
        table: (name) => quoteTable('public', name),
        mapping: 'student-participants',
        phase: 'activity',
        log: pino({ level: 'silent' }),
        signal,
      }),
    );
  }

  it('are those of its students, where it names none and has none; a second time nothing is written', async () => {
    const first = await infer();
    const { rows } = await database.query('SELECT event_id, district_id FROM event_districts ORDER BY 1, 2');

    expect(first).toEqual({ event_districts: { inserted: 2 } });
    expect(rows.map((row) => Object.values(row))).toEqual([
      [1, 1],
      [1, 2],
      [4, 3],
    ]);
    expect(await infer()).toEqual({ event_districts: { inserted: 0 } });
  });
});
