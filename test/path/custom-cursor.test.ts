import { beforeEach, describe, expect, it } from '@jest/globals';
import { differs } from '../../src/reconcile/report.ts';
import { fixture } from '../support/fixture.ts';
import { comparisonOf, reconcile } from '../support/reconciling.ts';
import { openRig, type Rig } from '../support/rig.ts';

const CLUBS = fixture('clubs');
const MORE = 'incremental: { cursor: EmailBouncedDate }\ndeletes: { detect: [recycle_bin], action: hard }\n';

let rig: Rig;

async function open(edit = (yaml: string) => yaml): Promise<void> {
  const people = `${edit(CLUBS['mappings/people.yaml'] ?? '')}${MORE}`;
  rig = await openRig({ students: 50 }, { files: { ...CLUBS, 'mappings/people.yaml': people }, incremental: true });
}

beforeEach(async () => open());

/** Longer ago than any lookback. */
const LONG_AGO = new Date(Date.now() - 3 * 24 * 3_600_000).toISOString();

const person = (name: string, cursor: string | null = null) =>
  rig.org.records.insert(
    'Contact',
    { LastName: name, Department: 'clubs', Contact_Type__c: 'Volunteer', EmailBouncedDate: cursor },
    undefined,
    { stamp: LONG_AGO },
  );

const names = async () => rig.column('SELECT name FROM person ORDER BY 1');

describe('a cursor that may be empty', () => {
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
    const [ann, ben] = [person('Ann', LONG_AGO), person('Ben')];
    await rig.run({ select: ['people'] });
    rig.org.records.remove('Contact', ann);
    rig.org.records.remove('Contact', ben);

    await rig.run({ select: ['people'] });

    expect(await names()).toEqual([]);
  });

  it('raises no alarm in a comparison of what the next run reads', async () => {
    await open((yaml) => yaml.replace(', SystemModstamp', ''));
    person('Ann', LONG_AGO);
    await rig.run({ select: ['people'] });
    person('Ben');

    const found = await reconcile(rig, { select: ['people'] });

    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 2, here: 1, new: 1, lost: 0 });
    expect(found.mappings.filter(differs)).toEqual([]);
  });
});
