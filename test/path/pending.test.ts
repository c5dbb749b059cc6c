import { describe, expect, it } from '@jest/globals';
import { findPending, type MissingParent } from '../../src/pending/pending.ts';
import { connect } from '../../src/salesforce/connect.ts';
import { settingsFor } from '../support/dock.ts';
import { openRig, type Rig } from '../support/rig.ts';

/** Students whose schools are missing in each way that there is. */
const SCHOOLS = {
  recycled: '0015e00000PENDAAA5',
  purged: '0015e00000PENDBAA5',
  filtered: '0015e00000PENDCAA5',
  later: '0015e00000PENDDAA5',
  quarantined: '0015e00000PENDEAA5',
} as const;

async function pending(rig: Rig, offline = false): Promise<ReadonlyMap<string, MissingParent>> {
  const signal = new AbortController().signal;
  const salesforce = offline
    ? null
    : await connect(settingsFor(rig.org), { env: {}, signal, now: () => new Date(), onRetry: () => undefined });
  try {
    const students = rig.project.mappings.filter(({ name }) => name === 'students');
    const found = await findPending(rig.project, students, {
      database: rig.database,
      salesforce,
      instanceUrl: 'https://example.my.salesforce.com',
      signal,
      now: () => new Date(),
    });
    return new Map(found.map((parent) => [parent.parent, parent]));
  } finally {
    await salesforce?.close();
  }
}

describe('what waits for a parent', () => {
  it('is grouped by the parent, with the likely cause and where to look', async () => {
    const rig = await openRig({ students: 20, schools: 2 }, { incremental: true });
    const { records } = rig.org;
    const ids = records.find('Contact', (field) => field('Contact_Type__c') === 'Student').slice(0, 10);
    for (const [nth, id] of ids.entries()) {
      const school = Object.values(SCHOOLS)[Math.floor(nth / 2)] ?? '';
      records.update('Contact', id, { npsp__Primary_Affiliation__c: school });
    }
    records.insert('Account', { Name: 'Gone', Type: 'School' }, SCHOOLS.recycled);
    records.remove('Account', SCHOOLS.recycled);
    records.insert('Account', { Name: 'A company', Type: 'Corporate' }, SCHOOLS.filtered);
    records.insert('Account', { Name: '', Type: 'School' }, SCHOOLS.quarantined);
    await rig.run();
    records.insert('Account', { Name: 'New', Type: 'School' }, SCHOOLS.later);

    const found = await pending(rig);
    const alone = await pending(rig, true);

    expect(Object.entries(SCHOOLS).map(([name, id]) => [name, found.get(id)?.cause])).toEqual([
      ['recycled', 'deleted'],
      ['purged', 'not_visible'],
      ['filtered', 'filtered_out'],
      ['later', 'not_read_yet'],
      ['quarantined', 'quarantined'],
    ]);
    expect(found.get(SCHOOLS.purged)).toMatchObject({
      mapping: 'students',
      link: 'student.school_id',
      rows: 2,
      deferred: 0,
      given_up: false,
      url: `https://example.my.salesforce.com/${SCHOOLS.purged}`,
    });
    // Without the org only the state speaks.
    expect(alone.get(SCHOOLS.quarantined)?.cause).toBe('quarantined');
    expect(alone.get(SCHOOLS.filtered)?.cause).toBe('unknown');
  });
});
