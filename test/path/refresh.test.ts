import { describe, expect, it } from '@jest/globals';
import { changed } from '../support/project-folder.ts';
import { openRig } from '../support/rig.ts';
import { STREET } from '../support/street.ts';

/** People are called by the name of their house, for which the org is asked beside the query. */
const BY_HOUSE = changed(
  changed(STREET, 'mappings/people.yaml', 'name: LastName', 'name: { from: AccountId, lookup: house_name }'),
  'mappings/people.yaml',
  'phases: { all: }',
  `refresh_formulas: 1d
lookups: { house_name: { object: Account, by: Id, value: Name } }
phases: { all: }`,
);

describe('what a lookup gives, when it is another value and the record itself has not changed', () => {
  it('comes when refresh_formulas is due, and not before', async () => {
    const rig = await openRig({ students: 1, schools: 1 }, { files: BY_HOUSE, incremental: true });
    const house = rig.org.records.insert('Account', { Name: 'Old', BillingState: 'street' });
    rig.org.records.insert('Contact', {
      LastName: 'Ann',
      MailingCity: 'street',
      Department: 'people',
      AccountId: house,
    });
    await rig.run();
    rig.org.records.update('Account', house, { Name: 'New' });

    await rig.run();
    const before = await rig.column('SELECT name FROM person');
    await rig.database.query(`UPDATE sluice.watermark SET full_read_at = full_read_at - interval '2 days'`);
    const { steps } = await rig.run();

    expect(before).toEqual(['Old']);
    expect(await rig.column('SELECT name FROM person')).toEqual(['New']);
    expect(steps.find(({ mapping }) => mapping === 'people')?.counts).toMatchObject({ read: 1, updated: 1 });
  });
});
