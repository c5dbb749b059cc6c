import { beforeEach, describe, expect, it } from '@jest/globals';
import { changed } from '../support/project-folder.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { STREET } from '../support/street.ts';

/** The same street, where people are loaded first and move in later. */
const MOVING_IN_LATER = changed(
  changed(STREET, 'sync.config.yaml', 'phases: [all]', 'phases: [all, moving-in]'),
  'mappings/people.yaml',
  'phases: { all: }',
  'phases: { all: , moving-in: { links: [person.house_id] } }',
);

let rig: Rig;
let now = Date.parse('2030-01-01T00:00:00Z');

async function run(): Promise<void> {
  const report = await rig.run();
  expect(report.error).toBeNull();
  expect(report.sum.holds).toBe(true);
}

const house = (name: string, street = 'street') =>
  rig.org.records.insert('Account', { Name: name, BillingState: street });
const person = (name: string, home: string | null = null, department = 'people') =>
  rig.org.records.insert('Contact', {
    LastName: name,
    MailingCity: 'street',
    Department: department,
    AccountId: home,
  });
const job = (who: string) =>
  rig.org.records.insert('npe5__Affiliation__c', { npe5__Contact__c: who, npe5__Role__c: 'street' });

const living = () =>
  rig.column(
    `SELECT concat_ws(' in ', p.name, h.name) FROM person p LEFT JOIN house h ON h.id = p.house_id ORDER BY 1`,
  );
const working = () => rig.column('SELECT p.name FROM job j JOIN person p ON p.id = j.person_id ORDER BY 1');

beforeEach(async () => {
  // Each answer of the org, and so each change, has a time of its own.
  rig = await openRig(
    { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
    { files: STREET, incremental: true },
  );
});

describe('stories that the torture has told', () => {
  it('a row that has lost its parent waits for that one, and not for the one that it waited for long ago', async () => {
    const first = house('First', 'elsewhere');
    const ann = person('Ann', first);
    await run();
    rig.org.records.update('Account', first, { BillingState: 'street' });
    await run();
    expect(await living()).toEqual(['Ann in First']);
    const second = house('Second');
    rig.org.records.update('Contact', ann, { AccountId: second });
    await run();
    expect(await living()).toEqual(['Ann in Second']);

    rig.org.records.remove('Account', second);
    await run();

    expect(await living()).toEqual(['Ann']);
    rig.org.records.undelete('Account', second);
    await run();
    expect(await living()).toEqual(['Ann in Second']);
  });

  it('a record that waits for a parent waits for it also when its old row goes with the parent of before', async () => {
    const ann = person('Ann');
    const bob = person('Bob', null, 'elsewhere');
    const own = job(ann);
    await run();
    rig.org.records.update('npe5__Affiliation__c', own, { npe5__Contact__c: bob });
    await run();
    expect(await working()).toEqual(['Ann']);
    // Longer than the lookback: nothing else reads the job again.
    now += 2 * 3_600_000;
    await run();
    rig.org.records.remove('Contact', ann);
    await run();
    expect(await working()).toEqual([]);

    rig.org.records.update('Contact', bob, { Department: 'people' });
    await run();

    expect(await working()).toEqual(['Bob']);
  });

  it('a row that was pointed to the master of its parent leads nowhere when its record names the merged one again', async () => {
    rig = await openRig(
      { students: 1, schools: 1, now: () => new Date((now += 1_000)) },
      { files: MOVING_IN_LATER, incremental: true },
    );
    const [loser, master] = [house('Loser'), house('Master')];
    const ann = { LastName: 'Ann', MailingCity: 'street', Department: 'people', AccountId: loser };
    const id = rig.org.records.insert('Contact', ann);
    const lives = () => rig.column('SELECT h.name FROM person p LEFT JOIN house h ON h.id = p.house_id');
    await rig.run();
    rig.org.records.merge('Account', master, [loser]);
    await rig.run();
    expect(await lives()).toEqual(['Master']);

    rig.org.records.update('Contact', id, { LastName: 'Anna', AccountId: loser });
    await rig.run();

    expect(await lives()).toEqual(['null']);
    expect(await rig.column('SELECT parent_ref FROM sluice.waiting_link WHERE linked_at IS NULL')).toEqual([loser]);
  });
});
