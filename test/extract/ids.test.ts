import { describe, expect, it } from '@jest/globals';
import { extract } from '../../src/extract/extract.ts';
import { parseSoql } from '../../src/soql/parse.ts';
import { all, dockFor, mappingForTest, orgForTest, settingsFor, listening } from '../support/dock.ts';

const FIELDS = ['Id', 'LastName', 'SystemModstamp'];

/** An org with students, and a way to read some of them again. */
async function reading(students: number, soql?: string) {
  const org = await orgForTest({ students, restPageSize: 2000 });
  const dock = await dockFor(settingsFor(org));
  const { salesforce, asked } = listening(dock.salesforce);
  const mapping = mappingForTest(FIELDS, soql === undefined ? { api: 'bulk' } : { api: 'bulk', soql });
  const read = (ids: readonly string[], batchSize = 500) =>
    all(
      extract(
        { mapping, batchSize, limit: 1, ids },
        { salesforce: async () => salesforce, signal: dock.signal, log: { info: () => undefined } },
      ),
    );
  const studentIds = org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student').toSorted();
  const whole = () =>
    all(extract({ mapping, batchSize: 500, limit: null }, { ...dock, log: { info: () => undefined } }));
  return { org, read, studentIds, asked, whole };
}

describe('reading records again by their ids', () => {
  it('asks for them by REST in lists of 200, each once, whatever the api and the limit of the run', async () => {
    const { asked, read, studentIds } = await reading(450);

    const batches = await read([...studentIds, ...studentIds]);

    expect(batches.flatMap(({ records }) => records.map(({ id }) => id)).toSorted()).toEqual(studentIds);
    expect(batches.map(({ slice, last }) => [slice, last])).toEqual(
      [1, 2, 3].map((ordinal) => [{ kind: 'ids', ordinal, job: null, locator: null }, true]),
    );
    expect(asked.map((soql) => soql.split(',').length - FIELDS.length + 1)).toEqual([200, 200, 50]);
  });

  it('gives the same values and hashes as reading all', async () => {
    const { read, studentIds, whole } = await reading(5);
    const byId = (batches: Awaited<ReturnType<typeof read>>) =>
      batches
        .flatMap(({ records }) => records.map(({ id, hash, values }) => [id, hash, ...values].join(' ')))
        .toSorted();

    expect(byId(await read(studentIds))).toEqual(byId(await whole()));
  });

  it('keeps to what the mapping reads: a record that is no student any more is not given', async () => {
    const { org, read, studentIds } = await reading(3);
    const [gone = '', changed = '', stays = ''] = studentIds;
    org.records.remove('Contact', gone);
    org.records.update('Contact', changed, { Contact_Type__c: 'Teacher' });

    const batches = await read(studentIds);

    expect(batches.flatMap(({ records }) => records.map(({ id }) => id))).toEqual([stays]);
  });

  it('leaves order and LIMIT of the query aside, and keeps its condition whole', async () => {
    const soql = `SELECT ${FIELDS.join(', ')} FROM Contact WHERE Contact_Type__c = 'Student' OR LastName = 'x' ORDER BY LastName LIMIT 1`;
    const { asked, read, studentIds } = await reading(3, soql);

    const batches = await read(studentIds);

    expect(batches.flatMap(({ records }) => records)).toHaveLength(3);
    expect(parseSoql(asked.at(-1) ?? '')).toMatchObject({
      where: { kind: 'and', conditions: [{ kind: 'or' }, { kind: 'list', operator: 'IN' }] },
      limit: null,
      orderBy: [],
    });
  });

  it('gives small batches of one list, and nothing for no ids', async () => {
    const { org, read, studentIds } = await reading(5);

    expect((await read(studentIds, 2)).map(({ records, last }) => [records.length, last])).toEqual([
      [2, false],
      [2, false],
      [1, true],
    ]);
    const asked = org.requests.length;
    expect(await read([])).toEqual([]);
    expect(org.requests).toHaveLength(asked);
  });
});
