import { beforeEach, describe, expect, it } from '@jest/globals';
import { reconcileSteps } from '../../src/cli/reconcile-steps.ts';
import { differs, type MappingComparison } from '../../src/reconcile/report.ts';
import { fixture } from '../support/fixture.ts';
import { openImports, runImports } from '../support/imports.ts';
import { comparisonOf, differencesOf, reconcile } from '../support/reconciling.ts';
import { openRig, type Rig } from '../support/rig.ts';

const CLUBS = fixture('clubs');
const DELETES = 'deletes: { detect: [reconcile], action: hard }\n';

let rig: Rig;

async function openClubs(people = ''): Promise<void> {
  const files = { ...CLUBS, 'mappings/people.yaml': `${CLUBS['mappings/people.yaml'] ?? ''}${people}` };
  rig = await openRig({ students: 50 }, { files, incremental: true });
}

beforeEach(async () => openClubs());

/** So long ago that no run reads it again. */
const stamp = new Date(Date.now() - 3 * 24 * 3_600_000).toISOString();

const earlier = new Date(Date.parse(stamp) - 3_600_000).toISOString();

/** As a backup of the org has it that was restored: its stamp goes back as well. */
function setBack(id: string, values: Record<string, string>): void {
  rig.org.records.update('Contact', id, values, { stamp: earlier });
}

const person = (name: string, more: Record<string, string> = {}, options: { stamp?: string } = { stamp }) =>
  rig.org.records.insert(
    'Contact',
    { LastName: name, Department: 'clubs', Contact_Type__c: 'Volunteer', ...more },
    undefined,
    options,
  );
const club = (name: string) =>
  rig.org.records.insert('Campaign', { Name: name, NumberSent: 4711 }, undefined, { stamp });
const membership = (contact: string, place: string | null = null) =>
  rig.org.records.insert(
    'npe5__Affiliation__c',
    { npe5__Contact__c: contact, npe5__Organization__c: place, npe5__Role__c: 'clubs guest' },
    undefined,
    { stamp },
  );

/** Everything that the org has of a mapping is in exactly one place. */
function expectSum(one: MappingComparison): void {
  const { here, quarantined, discarded, deferred, left_out: leftOut, lost } = one;
  expect([one.mapping, here + quarantined + discarded + deferred + leftOut + one.new + lost]).toEqual([
    one.mapping,
    one.in_org,
  ]);
}

const forget = async (id: string) => rig.database.query('DELETE FROM sluice.record WHERE source_id = $1', [id]);

async function expectAgreement(): Promise<void> {
  expect((await reconcile(rig)).mappings.filter(differs)).toEqual([]);
}

describe('reconcile after a run', () => {
  it("finds nothing to say of the repository's own imports, dirt and all", async () => {
    rig = await openImports();
    await runImports(rig);

    const found = await reconcile(rig);

    for (const one of found.mappings) expectSum(one);
    expect(found.mappings.filter(differs)).toEqual([]);
    expect(found.mappings.length).toBeGreaterThanOrEqual(17);
    expect(comparisonOf(found, 'affiliations').left_out).toBeGreaterThan(0);
  });

  it('tells quarantined, deferred and left out records from lost ones', async () => {
    const ann = person('Ann');
    person('SHOUTING');
    person('Nobody');
    membership(ann);
    membership('0035e00000000WIAAY');
    await rig.run();

    const found = await reconcile(rig);

    for (const one of found.mappings) expectSum(one);
    expect(found.mappings.filter(differs)).toEqual([]);
    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 3, here: 1, quarantined: 1, left_out: 1 });
    expect(comparisonOf(found, 'memberships')).toMatchObject({ in_org: 2 });
  });

  it('counts what has changed since as not read yet, and raises no alarm', async () => {
    const ann = person('Ann');
    const gone = person('Gone');
    await rig.run();
    person('New', {}, {});
    rig.org.records.update('Contact', ann, { LastName: 'Anna' });
    rig.org.records.remove('Contact', gone);

    const found = await reconcile(rig, { select: ['people'] });

    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 2, here: 1, new: 1, changed: 1, gone: 1, extra: 0 });
    expect(found.mappings.filter(differs)).toEqual([]);
  });

  it('lets be what was loaded once, and is left out or discarded as it is now', async () => {
    const [nobody, loud] = [person('Ann'), person('Ben')];
    await rig.run();
    const later = { stamp: new Date(Date.parse(stamp) + 3_600_000).toISOString() };
    rig.org.records.update('Contact', nobody, { LastName: 'Nobody' }, later);
    rig.org.records.update('Contact', loud, { LastName: 'SHOUTING' }, later);
    await rig.run({ fullRefresh: true });
    expect(comparisonOf(await reconcile(rig), 'people')).toMatchObject({ left_out: 1, quarantined: 1, stale: 0 });
    await rig.database.query(`UPDATE sluice.quarantine SET closed_at = now(), closed_as = 'discarded'`);

    const found = await reconcile(rig);

    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 2, left_out: 1, discarded: 1, stale: 0, lost: 0 });
    expectSum(comparisonOf(found, 'people'));
  });

  it('leaves a row alone that must not be touched, however old it is', async () => {
    const old = club('Chess');
    await rig.run();
    await rig.database.query(`UPDATE club SET archived = true`);
    rig.org.records.update(
      'Campaign',
      old,
      { Name: 'Chess and Go' },
      { stamp: new Date(Date.now() - 7_200_000).toISOString() },
    );
    await rig.run();

    const found = await reconcile(rig, { select: ['clubs'] });

    expect(comparisonOf(found, 'clubs')).toMatchObject({ in_org: 1, here: 1, stale: 0, lost: 0 });
  });
});

describe('reconcile finds', () => {
  it('a record that a failed night lost: in the org, and nowhere here', async () => {
    const lost = person('Ann');
    person('Ben');
    await rig.run();
    await forget(lost);

    const found = await reconcile(rig);

    expect(differencesOf(found, 'people')).toEqual([`lost ${lost}`]);
  });

  it('records that are gone from the org, and says why', async () => {
    const [purged, binned, left] = [person('Purged'), person('Binned'), person('Left')];
    person('Stays');
    await rig.run();
    rig.org.records.purge('Contact', purged);
    rig.org.records.remove('Contact', binned, { stamp });
    rig.org.records.update('Contact', left, { Department: 'elsewhere' }, { stamp });

    const found = await reconcile(rig, { select: ['people'] });

    expect(differencesOf(found, 'people').toSorted()).toEqual(
      [`extra ${purged} purged`, `extra ${binned} deleted`, `extra ${left} left_filter`].toSorted(),
    );
    expect(comparisonOf(found, 'people').extra_reasons).toMatchObject({ purged: 1, deleted: 1, left_filter: 1 });
  });

  it('a row that is older than what the run before must have read', async () => {
    const ann = person('Ann');
    await rig.run();
    await rig.database.query(`UPDATE sluice.record SET stamp = stamp - interval '1 day' WHERE source_id = $1`, [ann]);

    expect(differencesOf(await reconcile(rig, { select: ['people'] }), 'people')).toEqual([`stale ${ann}`]);
  });

  it('records that are older in the org than here: it was set back', async () => {
    const [ann, ben] = [person('Ann'), person('Ben')];
    person('Cleo');
    await rig.run();
    setBack(ann, { LastName: 'Annie' });
    rig.org.records.update('Contact', ben, { LastName: 'Benny' });

    const found = await reconcile(rig, { select: ['people'] });

    expect(differencesOf(found, 'people')).toEqual([`set_back ${ann}`]);
    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 3, here: 3, set_back: 1, changed: 1, stale: 0 });
    expect(reconcileSteps(found)[0]).toMatch(/^sluice run --full-refresh --select people +the org was set back/);
  });

  it('a row that was deleted here, also of an extension', async () => {
    const [ann, ben] = [person('Ann'), person('Ben')];
    person('Cleo');
    await rig.run();
    await rig.database.query(`DELETE FROM member USING person p WHERE p.id = member.id AND p.name = 'Ann'`);
    await rig.database.query(`DELETE FROM member USING person p WHERE p.id = member.id AND p.name = 'Ben'`);
    await rig.database.query(`DELETE FROM person WHERE name = 'Ben'`);

    expect(differencesOf(await reconcile(rig, { select: ['people'] }), 'people').toSorted()).toEqual(
      [`row_missing ${ann}`, `row_missing ${ben}`].toSorted(),
    );
  });

  it('the row of several records that was deleted here: all of them have lost it', async () => {
    const ann = person('Ann');
    const place = rig.org.records.insert('Account', { Name: 'Hall', BillingState: 'clubs' }, undefined, { stamp });
    const both = [membership(ann, place), membership(ann, place)];
    await rig.run();
    expect(await rig.count('SELECT 1 FROM membership')).toBe(1);
    expect(comparisonOf(await reconcile(rig), 'memberships')).toMatchObject({ in_org: 2, here: 2, row_missing: 0 });

    await rig.database.query('DELETE FROM membership');

    expect(differencesOf(await reconcile(rig), 'memberships').toSorted()).toEqual(
      both.map((id) => `row_missing ${id}`).toSorted(),
    );
    await reconcile(rig, { fix: true });
    expect(await rig.count('SELECT 1 FROM membership')).toBe(1);
    await expectAgreement();
  });

  it('no alarm in what a changed mapping means more: the next run reads everything', async () => {
    person('Ann');
    await rig.run();
    await rig.database.query(`UPDATE sluice.watermark SET read_again = 'a person has asked for it'`);
    person('Elsewhere');

    const found = await reconcile(rig, { select: ['people'] });

    expect(comparisonOf(found, 'people')).toMatchObject({ in_org: 2, here: 1, new: 1, lost: 0 });
  });

  it('values that somebody has changed here, by column', async () => {
    person('Ann', { Email: 'ann@example.org' });
    await rig.run();
    await rig.database.query(`UPDATE member SET mail = 'other@example.org'`);

    const { values } = await reconcile(rig, { select: ['people'], values: true });

    expect(values?.differences.map(({ mapping, column, rows }) => [mapping, column, rows])).toEqual([
      ['people', 'member.mail', 1],
    ]);
    expect(JSON.stringify(values)).not.toContain('other@example.org');
  });

  it('no difference in values that have changed in the org since', async () => {
    const ann = person('Ann');
    await rig.run();
    rig.org.records.update('Contact', ann, { LastName: 'Anna' });

    const { values } = await reconcile(rig, { select: ['people'], values: true });

    expect(values).toEqual({ differences: [], missing_rows: [], failed: null });
  });

  it('rows of children that are missing, with the values', async () => {
    const topics = { Name: 'Chess', NumberSent: 4711, Description: 'chess;go' };
    rig.org.records.insert('Campaign', topics, undefined, { stamp });
    await rig.run();
    await rig.database.query('DELETE FROM club_topic WHERE topic_id = (SELECT min(topic_id) FROM club_topic)');

    const found = await reconcile(rig, { select: ['clubs'], values: true });

    expect(found.mappings.filter(differs)).toEqual([]);
    expect(found.values?.missing_rows).toEqual([{ mapping: 'clubs', table: 'club_topic', rows: 1 }]);
  });

  it('everything missing of a mapping that has never run', async () => {
    const ann = person('Ann');

    expect(differencesOf(await reconcile(rig, { select: ['people'] }), 'people')).toEqual([`lost ${ann}`]);
  });
});

describe('reconcile --fix', () => {
  it('reads again what is lost, stale or missing', async () => {
    const [lost, stale, missing] = [person('Lost'), person('Stale'), person('Missing')];
    person('Stays');
    await rig.run();
    await forget(lost);
    await rig.database.query(
      `DELETE FROM member USING person p WHERE p.id = member.id AND p.name IN ('Lost', 'Missing')`,
    );
    await rig.database.query(`DELETE FROM person WHERE name IN ('Lost', 'Missing')`);
    await rig.database.query(`UPDATE sluice.record SET stamp = stamp - interval '1 day' WHERE source_id = $1`, [stale]);
    rig.org.records.update('Contact', stale, { LastName: 'Fresh' }, { stamp });

    const { repair } = await reconcile(rig, { fix: true });

    expect(repair?.repairs.flatMap(({ ids }) => ids).toSorted()).toEqual([lost, stale, missing].toSorted());
    expect(await rig.column('SELECT name FROM person JOIN member USING (id) ORDER BY 1')).toEqual([
      'Fresh',
      'Lost',
      'Missing',
      'Stays',
    ]);
    await expectAgreement();
  });

  it('takes what an org says that was set back: what was changed, deleted and made since the copy', async () => {
    await openClubs(DELETES.replace('[reconcile]', '[recycle_bin, reconcile]'));
    const [changed, deleted, binned] = [person('Older'), person('Returned'), person('Binned')];
    await rig.run();
    const lately = { stamp: new Date(Date.now() - 60_000).toISOString() };
    rig.org.records.update('Contact', changed, { LastName: 'Newer' }, lately);
    rig.org.records.remove('Contact', deleted, lately);
    const made = person('Made since', {}, lately);
    await rig.run();
    expect(await rig.column('SELECT name FROM person ORDER BY 1')).toEqual(['Binned', 'Made since', 'Newer']);
    setBack(changed, { LastName: 'Older' });
    rig.org.records.undelete('Contact', deleted, { stamp });
    rig.org.records.purge('Contact', made);
    rig.org.records.remove('Contact', binned, { stamp: earlier });

    const { mappings, repair } = await reconcile(rig, { fix: true });

    expect(mappings.find(({ mapping }) => mapping === 'people')).toMatchObject({ set_back: 2, lost: 1, extra: 2 });
    expect(repair?.runs).toHaveLength(1);
    expect(await rig.column('SELECT name FROM person ORDER BY 1')).toEqual(['Older', 'Returned']);
    await expectAgreement();
  });

  it('carries out deletions where the mapping lets ids decide', async () => {
    await openClubs(DELETES);
    const purged = person('Purged');
    person('Stays');
    await rig.run();
    rig.org.records.purge('Contact', purged);

    const { repair } = await reconcile(rig, { fix: true });

    expect(repair?.repairs.filter(({ noticed }) => noticed > 0)).toMatchObject([{ mapping: 'people', noticed: 1 }]);
    expect(await rig.column('SELECT name FROM person')).toEqual(['Stays']);
    await expectAgreement();
  });

  it('stops before a mass deletion: out of sight for the user looks like purged', async () => {
    await openClubs(DELETES);
    for (let one = 0; one < 30; one += 1) person(`Person ${String(one)}`);
    await rig.run();
    for (const id of rig.org.records.find('Contact', (field) => field('Department') === 'clubs').slice(0, 20)) {
      rig.org.records.purge('Contact', id);
    }

    const { repair } = await reconcile(rig, { fix: true });

    expect(repair?.runs.map(({ error }) => error?.code)).toEqual(['DELETES_LIMIT']);
    expect(await rig.count('SELECT 1 FROM person')).toBe(30);
    expect(comparisonOf(await reconcile(rig), 'people')).toMatchObject({ here: 10, noticed: 20, extra: 0 });
  });

  it('lets rows stay where the mapping says nothing of deletions', async () => {
    const purged = person('Purged');
    await rig.run();
    rig.org.records.purge('Contact', purged);

    const { repair } = await reconcile(rig, { fix: true });

    expect(repair?.runs).toEqual([]);
    expect(await rig.column('SELECT name FROM person')).toEqual(['Purged']);
    expect(differencesOf(await reconcile(rig), 'people')).toEqual([`extra ${purged} purged`]);
  });

  it('reads everything of a mapping that has never run', async () => {
    person('Ann');

    await reconcile(rig, { fix: true });

    expect(await rig.column('SELECT name FROM person')).toEqual(['Ann']);
    await expectAgreement();
  });
});

describe('a run that reads everything', () => {
  it('finds what was purged by its ids, where the mapping says so (hard deletes leave no trace, and others find them never)', async () => {
    await openClubs(DELETES);
    const purged = person('Purged');
    person('Stays');
    await rig.run();
    rig.org.records.purge('Contact', purged);

    await rig.run();
    expect(await rig.column('SELECT name FROM person ORDER BY 1')).toEqual(['Purged', 'Stays']);

    const report = await rig.run({ fullRefresh: true });
    expect(await rig.column('SELECT name FROM person')).toEqual(['Stays']);
    expect(report.steps.find(({ mapping }) => mapping === 'people')?.counts).toMatchObject({ read: 2, deleted: 1 });
  });

  it('lets a record stay that has left the filter, where that is to change nothing', async () => {
    await openClubs('deletes: { detect: [reconcile], action: hard, left_filter: keep }\n');
    const left = person('Left');
    const purged = person('Purged');
    await rig.run();
    rig.org.records.update('Contact', left, { Department: 'elsewhere' }, { stamp });
    rig.org.records.purge('Contact', purged);

    await rig.run({ fullRefresh: true });

    expect(await rig.column('SELECT name FROM person')).toEqual(['Left']);
    expect(comparisonOf(await reconcile(rig), 'people')).toMatchObject({ kept: 1, extra: 0 });
  });
});
