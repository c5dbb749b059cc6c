import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SideLookup } from '../../src/config/mapping.ts';
import { orgQuestions } from '../../src/extract/extract.ts';
import { parseSoql } from '../../src/soql/parse.ts';
import { quoteText } from '../../src/soql/text-escapes.ts';
import { dockFor, listening, orgForTest, settingsFor } from '../support/dock.ts';

const BY_EMAIL: SideLookup = {
  name: 'contact_by_email',
  object: 'Contact',
  by: 'Email',
  value: 'LastName',
  where: null,
  position: { file: 'mappings/history.yaml', line: 1, column: 1 },
};
const BY_ID: SideLookup = { ...BY_EMAIL, name: 'name_by_id', by: 'Id' };

async function asking({ remembered, restPageSize = 2000 }: { remembered?: number; restPageSize?: number } = {}) {
  const org = await orgForTest({ students: 0, restPageSize });
  const dock = await dockFor(settingsFor(org));
  const { salesforce, asked } = listening(dock.salesforce);
  let connected = 0;
  const questions = orgQuestions({
    salesforce: async () => {
      connected += 1;
      return salesforce;
    },
    signal: dock.signal,
    ...(remembered === undefined ? {} : { remembered }),
  });
  const contact = (LastName: string, Email: string | null = null, more: Record<string, string> = {}): string =>
    org.records.insert('Contact', { LastName, Email, Contact_Type__c: 'Volunteer', ...more });
  return { org, dock, questions, contact, asked, connected: () => connected };
}

describe('looking values up in the org', () => {
  it('answers each input in its place, and null where the org knows none', async () => {
    const { questions, contact } = await asking();
    contact('Ada', 'ada@school.test');
    contact('Ben', 'ben@school.test');

    expect(
      await questions.lookUp(BY_EMAIL, ['ben@school.test', null, 'nobody@school.test', 'ada@school.test', '  ']),
    ).toEqual(['Ben', null, null, 'Ada', null]);
  });

  it('asks for 200 at a time, each once, and counts as calls of the org', async () => {
    const { dock, questions, asked } = await asking();
    const before = dock.salesforce.usage().calls;
    const inputs = Array.from({ length: 450 }, (_, index) => `m${index}@school.test`);

    await questions.lookUp(BY_EMAIL, [...inputs, ...inputs]);

    expect(asked.map((soql) => (soql.match(/@school\.test/g) ?? []).length).toSorted((a, b) => b - a)).toEqual([
      200, 200, 50,
    ]);
    expect(dock.salesforce.usage().calls - before).toBe(3);
  });

  it('asks for fewer at a time when they are long, because a query travels in a URL', async () => {
    const { questions, asked } = await asking();

    await questions.lookUp(
      BY_EMAIL,
      Array.from({ length: 60 }, (_, index) => `${'ü'.repeat(60)}${index}`),
    );

    expect(asked.length).toBeGreaterThan(1);
    expect(Math.max(...asked.map((soql) => encodeURIComponent(soql).length))).toBeLessThan(12_000);
  });

  it('remembers answers, and that there was none, as long as there is room', async () => {
    const { questions, contact, asked } = await asking({ remembered: 2 });
    contact('Ada', 'ada@school.test');
    const lookUp = async (...inputs: string[]) => questions.lookUp(BY_EMAIL, inputs);

    await lookUp('ada@school.test', 'nobody@school.test');
    expect(await lookUp('ada@school.test', 'nobody@school.test')).toEqual(['Ada', null]);
    expect(asked).toHaveLength(1);

    await lookUp('other@school.test');
    expect(await lookUp('ada@school.test')).toEqual(['Ada']);
    expect(asked).toHaveLength(3);
  });

  it('keeps the answers of two side queries apart', async () => {
    const { questions, contact } = await asking();
    const id = contact('Ada', 'ada@school.test');

    expect(await questions.lookUp(BY_ID, [id])).toEqual(['Ada']);
    expect(await questions.lookUp({ ...BY_ID, name: 'email_by_id', value: 'Email' }, [id])).toEqual([
      'ada@school.test',
    ]);
  });

  it('takes texts for equal as the org does: in any case, and ids of 15 characters', async () => {
    const { questions, contact } = await asking();
    const id = contact('Ada', 'Ada@School.test');

    expect(await questions.lookUp(BY_EMAIL, ['ada@school.TEST'])).toEqual(['Ada']);
    expect(await questions.lookUp(BY_ID, [id.slice(0, 15), id])).toEqual(['Ada', 'Ada']);
    expect(await questions.lookUp({ ...BY_ID, name: 'itself', value: 'Id' }, [id])).toEqual([id]);
  });

  it('lets the record with the lowest Id answer that has a value', async () => {
    const { questions, contact } = await asking();
    contact('Empty', 'team@school.test');
    contact('First', 'team@school.test', { Title: 'One' });
    contact('Second', 'team@school.test', { Title: 'Two' });

    expect(await questions.lookUp({ ...BY_EMAIL, value: 'Title' }, ['team@school.test'])).toEqual(['One']);
  });

  it('follows paths, adds the condition, and reads every page', async () => {
    const { org, questions, contact } = await asking({ restPageSize: 3 });
    const AccountId = org.records.insert('Account', { Name: 'North School' });
    for (let index = 0; index < 8; index += 1) contact(`N${index}`, `n${index}@school.test`, { AccountId });
    contact('Teacher', 't@school.test', { AccountId, Contact_Type__c: 'Teacher' });
    const school = { ...BY_EMAIL, value: 'Account.Name', where: "Contact_Type__c = 'Volunteer' OR LastName = 'x'" };

    expect(await questions.lookUp(school, ['n7@school.test', 'n0@school.test', 't@school.test'])).toEqual([
      'North School',
      'North School',
      null,
    ]);
  });

  it.each(["O'Neil", '%', '_', String.raw`back\slash`, 'two\nlines', 'a"b', '李 👩‍🎓', "') OR Name != ('", '\u0001'])(
    'finds %j as it is, and nothing else',
    async (name) => {
      const { org, questions, contact } = await asking();
      org.records.insert('Account', { Name: 'x' });
      contact(name, 'one@school.test');
      contact('Other', 'two@school.test');
      const byName = { ...BY_EMAIL, by: 'LastName', value: 'Email' };

      expect(await questions.lookUp(byName, [name, 'x'])).toEqual(['one@school.test', null]);
    },
  );

  it('asks nobody when there is nothing to ask for', async () => {
    const { questions, connected } = await asking();

    expect(await questions.lookUp(BY_EMAIL, [null, '', ' '])).toEqual([null, null, null]);
    expect(await questions.query('SELECT Id FROM Contact WHERE Id IN :ids', [])).toEqual([]);
    expect(connected()).toBe(0);
  });

  it('never repeats what the org says about a query: it quotes the values that it was asked for', async () => {
    const { questions } = await asking();

    const refused = questions.lookUp({ ...BY_EMAIL, value: 'Favourite_Colour__c' }, ['ada@school.test']);

    await expect(refused).rejects.toMatchObject({
      code: 'ORG_FIELD_MISSING',
      message: 'the org refuses the side query contact_by_email: INVALID_FIELD',
    });
    const told: unknown = await refused.catch((error: unknown) => error);
    expect(`${String(told)}${JSON.stringify(told)}`).not.toContain('ada@');
    expect((told as Error).cause).toBeUndefined();
  });
});

describe('the query of a resolver', () => {
  it('puts lists where it says :ids, and gives all records by the paths of its SELECT', async () => {
    const { org, questions, contact, asked } = await asking();
    const AccountId = org.records.insert('Account', { Name: 'North School' });
    const ids = Array.from({ length: 250 }, (_, index) => contact(`N${index}`, null, { AccountId }));

    const rows = await questions.query(
      "SELECT Id, Account.Name, Email FROM Contact WHERE Id IN :ids AND LastName != ':ids'",
      [...ids, null, ''],
    );

    expect(rows.map((row) => row['Id'] ?? '').toSorted()).toEqual(ids.toSorted());
    expect(rows[0]).toEqual({ Id: expect.any(String), 'Account.Name': 'North School', Email: null });
    expect(asked).toHaveLength(2);
  });

  it('may ask without a list', async () => {
    const { questions, contact } = await asking();
    contact('Ada');

    expect(await questions.query("SELECT LastName FROM Contact WHERE LastName = 'Ada'")).toEqual([{ LastName: 'Ada' }]);
  });

  it.each<readonly [string, string, readonly string[] | undefined]>([
    ['it has a list and does not say where', "SELECT Id FROM Contact WHERE LastName = ':ids'", ['1']],
    ['it says twice where', 'SELECT Id FROM Contact WHERE Id IN :ids AND AccountId IN :ids', ['1']],
    ['it says where and has no list', 'SELECT Id FROM Contact WHERE Id IN :ids', undefined],
    ['it does not parse', 'SELECT Id FORM Contact', undefined],
    ['it does not parse with a list', 'SELECT Id FROM Contact WHERE Id = :ids', ['1']],
    ['it is no query', "'", ['1']],
  ])('is refused when %s', async (_what, soql, ids) => {
    const { questions, connected } = await asking();

    await expect(questions.query(soql, ids)).rejects.toMatchObject({ code: 'ORG_QUERY_REFUSED' });
    expect(connected()).toBe(0);
  });
});

describe('a text in a query', () => {
  it('means what it was, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const query = parseSoql(`SELECT Id FROM Contact WHERE Name IN (${quoteText(value)})`);

        expect(query.where).toMatchObject({ kind: 'list', right: [{ kind: 'string', value }] });
      }),
    );
  });
});
