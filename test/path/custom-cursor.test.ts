import { beforeEach, describe, expect, it } from '@jest/globals';
import { differs } from '../../src/reconcile/report.ts';
import { fixture } from '../support/fixture.ts';
import { comparisonOf, reconcile } from '../support/reconciling.ts';
import { type Files, projectFolder } from '../support/project-folder.ts';
import { projectWithFunctions } from '../support/project.ts';
import { openRig, type Rig } from '../support/rig.ts';

const CLUBS = fixture('clubs');
const MORE = 'incremental: { cursor: EmailBouncedDate }\ndeletes: { detect: [recycle_bin], action: hard }\n';

let rig: Rig;

function filesOf(edit: (yaml: string) => string, more = MORE): Files {
  return { ...CLUBS, 'mappings/people.yaml': `${edit(CLUBS['mappings/people.yaml'] ?? '')}${more}` };
}

async function open(edit: (yaml: string) => string, more = MORE): Promise<void> {
  rig = await openRig({ students: 50 }, { files: filesOf(edit, more), incremental: true });
}

/** Longer ago than any lookback. */
const LONG_AGO = new Date(Date.now() - 3 * 24 * 3_600_000).toISOString();

/** The cursor is what somebody has filled in: it need not be when the record was changed. */
const LONGER_AGO = new Date(Date.parse(LONG_AGO) - 3_600_000).toISOString();

const person = (name: string, cursor: string | null = null) =>
  rig.org.records.insert(
    'Contact',
    { LastName: name, Department: 'clubs', Contact_Type__c: 'Volunteer', EmailBouncedDate: cursor },
    undefined,
    { stamp: LONG_AGO },
  );

const names = async () => rig.column('SELECT name FROM person ORDER BY 1');

const STAMPS = ['SystemModstamp', 'LastModifiedDate', null] as const;

describe.each(STAMPS)('a cursor that may be empty, beside %s', (stamp) => {
  beforeEach(async () => open((yaml) => yaml.replace(', SystemModstamp', stamp === null ? '' : `, ${stamp}`)));

  it('loses no record whose cursor is: every run reads those', async () => {
    person('Ann', LONG_AGO);
    const ben = person('Ben');
    await rig.run({ select: ['people'] });
    rig.org.records.update('Contact', ben, { LastName: 'Benny' });
    person('Cleo');
    person('Dan', new Date().toISOString());

    const { steps } = await rig.run({ select: ['people'] });

    expect(steps[0]?.reading?.kind).toBe('window');
    expect(steps[0]?.counts.read).toBe(3);
    expect(await names()).toEqual(['Ann', 'Benny', 'Cleo', 'Dan']);
  });

  it('loses none of them when everything has to be read in parts', async () => {
    const many = Array.from({ length: 8 }, (_, nth) => `With ${String(nth)}`);
    for (const [nth, name] of many.entries()) {
      person(name, new Date(Date.parse(LONG_AGO) + nth * 3_600_000).toISOString());
    }
    person('Without');
    // The query for everything, and its first half; COUNT() is let through.
    const timeout = { kind: 'status', status: 400, code: 'QUERY_TIMEOUT' } as const;
    const fault = rig.org.faults.add({ fault: timeout, path: 'query[?]q=SELECT(?!%20COUNT).*Department', times: 2 });

    await rig.run({ select: ['people'] });

    expect(fault.hits()).toBe(2);
    expect(await names()).toEqual([...many, 'Without']);
  });

  it('shows a deletion all the same, which moves no such cursor', async () => {
    const [ann, ben] = [person('Ann', LONGER_AGO), person('Ben')];
    await rig.run({ select: ['people'] });
    rig.org.records.remove('Contact', ann);
    rig.org.records.remove('Contact', ben);

    await rig.run({ select: ['people'] });

    expect(await names()).toEqual([]);
  });

  it('raises no alarm in a comparison of what the next run reads', async () => {
    person('Ann', LONGER_AGO);
    await rig.run({ select: ['people'] });
    rig.org.records.insert('Contact', { LastName: 'Ben', Department: 'clubs' });

    const found = await reconcile(rig, { select: ['people'] });

    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 2, here: 1, new: 1, lost: 0 });
    expect(found.mappings.filter(differs)).toEqual([]);
  });
});

const asBefore = (yaml: string): string => yaml;
const byOther = (yaml: string): string =>
  yaml
    .replace(', SystemModstamp', ', LastModifiedDate')
    .replace('name: { from: LastName,', 'name: { from: LastName, transform: [lower],');

describe('a mapping that reads another stamp than before', () => {
  it.each([
    ['with a watermark', MORE],
    ['where every run reads everything', 'incremental: false\n'],
  ])('takes once what the org says, whatever the stamps of the field before said: %s', async (_where, more) => {
    await open(asBefore, more);
    person('Ann', LONG_AGO);
    await rig.run({ select: ['people'] });
    // What the system itself changes moves SystemModstamp alone.
    await rig.database.query(`UPDATE sluice.record SET stamp = stamp + interval '1 day'`);
    const { project } = await projectWithFunctions(projectFolder(filesOf(byOther, more)));
    const run = async () => rig.run({ select: ['people'] }, { adjust: () => project });

    await run();

    expect(await names()).toEqual(['ann']);
    // The next one is as any other: it does not look at rows whose records have not changed.
    await rig.database.query(`UPDATE person SET name = 'edited'`);
    await run();
    expect(await names()).toEqual(['edited']);
  });
});
