import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Project } from '../../src/config/project.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { recordSeal } from '../../src/privacy/seal-record.ts';
import { redrivable } from '../../src/state/quarantine-decisions.ts';
import { type Files, projectFolder } from '../support/project-folder.ts';
import { projectWithFunctions } from '../support/project.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

/** Visitors, whose kind must be in a list. */
function files(
  change: {
    readonly kinds?: string;
    readonly fields?: string;
    readonly columns?: string;
    readonly unique?: boolean;
  } = {},
): Files {
  const { kinds = 'guest', fields = 'Id, LastName, Title', columns = '', unique = false } = change;
  return {
    'sync.config.yaml': `version: 1
project: clinic
phases: [people]
`,
    'mappings/visitors.yaml': `version: 1
mapping: visitors
source:
  soql: SELECT ${fields}, SystemModstamp FROM Contact WHERE Department = 'clinic'
phases: { people }
tables:
  visitor:
    key: salesforce_id
    columns:
      salesforce_id: Id
      name: { from: LastName, required: true }
      kind: { from: Title, map: { ${kinds.replaceAll(/\w+/g, '$&: $&')} }, on_unknown: quarantine }
${columns}
`,
    'mappings/tables/visitor.yaml': `table: visitor
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), required: true, pii: true${unique ? ', unique: true' : ''} }
  kind: { type: string(20) }
  mail: { type: string(80), pii: true }
`,
    'mappings/others.yaml': `version: 1
mapping: others
source: { object: Account, where: "BillingState = 'clinic'" }
phases: { people }
tables:
  other:
    key: salesforce_id
    columns: { salesforce_id: Id }
`,
    'mappings/tables/other.yaml': `table: other
columns:
  salesforce_id: { type: string(18), unique: true }
`,
  };
}

async function corrected(change: Parameters<typeof files>[0]): Promise<(project: Project) => Project> {
  const { project } = await projectWithFunctions(projectFolder(files(change)));
  return ({ privacy }) => ({ ...project, privacy });
}

function visitor(rig: Rig, name: string, title: string, stamp = new Date().toISOString()): string {
  return rig.org.records.insert('Contact', { LastName: name, Title: title, Department: 'clinic' }, undefined, {
    stamp,
  });
}

async function openClinic(kept: Project['privacy']['quarantine']['record'] = 'keep'): Promise<Rig> {
  return openRig(
    { students: 10 },
    {
      files: files(),
      incremental: true,
      adjust: (project) => ({
        ...project,
        privacy: { ...project.privacy, quarantine: { record: kept, retention: null } },
      }),
    },
  );
}

async function redrive(rig: Rig, how: Parameters<Rig['run']>[1] = {}): Promise<RunReport> {
  const { byMapping } = await redrivable(rig.database, {});
  const report = await rig.run({ select: [...byMapping.keys()], only: { kind: 'quarantine', byMapping } }, how);
  expect(report.sum.holds).toBe(true);
  return report;
}

const VISITORS = `SELECT name || ' ' || kind AS what FROM visitor ORDER BY name`;
const ENTRIES = `SELECT concat_ws(' ', code, attempts, closed_as) AS what FROM sluice.quarantine ORDER BY id`;

describe('a redrive', () => {
  it('loads after a correction of the YAML what was kept, without a single request to the org', async () => {
    const rig = await openClinic();
    visitor(rig, 'Ada', 'guest');
    visitor(rig, 'Bea', 'patient');
    await rig.run();
    const before = await rig.column(ENTRIES);
    const requests = rig.org.requests.length;

    const report = await redrive(rig, { adjust: await corrected({ kinds: 'guest, patient' }) });

    expect(before).toEqual(['INVALID_ENUM 1']);
    expect(rig.org.requests.length).toBe(requests);
    expect(step(report, 'people', 'visitors')).toMatchObject({
      status: 'succeeded',
      api_calls: 0,
      reading: { kind: 'only' },
      counts: { read: 1, inserted: 1 },
    });
    expect(await rig.column(VISITORS)).toEqual(['Ada guest', 'Bea patient']);
    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 loaded']);
  });

  it('leaves a record as if it had just been read: the next run finds it unchanged', async () => {
    const rig = await openClinic();
    visitor(rig, 'Bea "B"', 'patient');
    await rig.run();
    const adjust = await corrected({ kinds: 'guest, patient' });
    await redrive(rig, { adjust });

    const next = await rig.run({}, { adjust });

    expect(step(next, 'people', 'visitors').counts).toMatchObject({ read: 1, unchanged: 1 });
  });

  it('runs only the mappings that have something in quarantine', async () => {
    const rig = await openClinic();
    visitor(rig, 'Bea', 'patient');
    await rig.run();

    const report = await redrive(rig);

    expect(report.steps.map(({ mapping }) => mapping)).toEqual(['visitors']);
  });

  it('keeps what is refused again, with the reason of today and one attempt more, as often as one likes', async () => {
    const rig = await openClinic();
    visitor(rig, '', 'patient');
    await rig.run();

    await redrive(rig);
    const again = await redrive(rig, { adjust: await corrected({ kinds: 'guest, patient' }) });

    expect(step(again, 'people', 'visitors').counts).toMatchObject({ read: 1, quarantined: 1 });
    expect(await rig.column(ENTRIES)).toEqual(['MISSING_REQUIRED_FIELD 3']);
  });

  it('moves no watermark', async () => {
    const rig = await openClinic();
    visitor(rig, 'Bea', 'patient');
    await rig.run();
    const before = await rig.column('SELECT value::text FROM sluice.watermark');

    await redrive(rig);

    expect(await rig.column('SELECT value::text FROM sluice.watermark')).toEqual(before);
  });

  it('asks the org for a record that lacks a field which the mapping selects now', async () => {
    const rig = await openClinic();
    const id = visitor(rig, 'Bea', 'patient');
    rig.org.records.update('Contact', id, { Email: 'bea@example.org' });
    await rig.run();

    const fields = 'Id, LastName, Title, Email';
    const adjust = await corrected({ kinds: 'patient', fields, columns: '      mail: Email' });
    const report = await redrive(rig, { adjust });

    expect(step(report, 'people', 'visitors').counts).toMatchObject({ read: 1, inserted: 1 });
    expect(await rig.column('SELECT mail FROM visitor')).toEqual(['bea@example.org']);
  });

  it('asks the org for records that are not kept, and closes the entry of one that is gone', async () => {
    const rig = await openClinic('omit');
    const gone = visitor(rig, 'Ann', 'patient');
    visitor(rig, 'Bea', 'patient');
    await rig.run();
    rig.org.records.remove('Contact', gone);

    await redrive(rig, { adjust: await corrected({ kinds: 'patient' }) });

    expect(await rig.column('SELECT record FROM sluice.quarantine')).toEqual(['null', 'null']);
    expect(await rig.column(VISITORS)).toEqual(['Bea patient']);
    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 deleted', 'INVALID_ENUM 1 loaded']);
  });

  it('opens what was encrypted', async () => {
    const rig = await openClinic('encrypt');
    const seal = recordSeal(Buffer.alloc(32, 7).toString('base64'));
    if (seal === null) throw new Error('no key');
    visitor(rig, 'Bea', 'patient');
    await rig.run({}, { seal });
    const requests = rig.org.requests.length;

    const adjust = await corrected({ kinds: 'patient' });
    await redrive(rig, { seal, adjust });

    expect(rig.org.requests.length).toBe(requests);
    expect(await rig.column(VISITORS)).toEqual(['Bea patient']);
  });

  it('never puts an older record in the place of a newer one', async () => {
    const rig = await openClinic();
    const id = visitor(rig, 'Bea', 'patient');
    await rig.run();
    rig.org.records.update('Contact', id, { LastName: 'Bea the newer', Title: 'guest' });
    await rig.run();
    // As if the kept one had been left behind.
    await rig.database.query(
      `UPDATE sluice.quarantine SET closed_at = NULL, closed_as = NULL, record = json_build_object(
         'Id', source_id, 'LastName', 'Bea', 'Title', 'patient', 'SystemModstamp', '2020-01-01T00:00:00.000Z')`,
    );

    await redrive(rig, { adjust: await corrected({ kinds: 'guest, patient' }) });

    expect(await rig.column(VISITORS)).toEqual(['Bea the newer guest']);
    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 left_out']);
  });
});

/** Halls are named by a column that is not among their fields. */
const halls = (kinds: string): Files => ({
  'sync.config.yaml': `version: 1
project: halls
phases: [places]
`,
  'mappings/halls.yaml': `version: 1
mapping: halls
source: { file: halls.csv, id: Hall }
phases: { places }
tables:
  hall:
    key: name
    columns:
      name: { expr: upper(source.Kind) + 's' }
      kind: { from: Kind, map: { ${kinds} }, on_unknown: quarantine }
`,
  'mappings/tables/hall.yaml': `table: hall
columns:
  name: { type: string(20), unique: true }
  kind: { type: string(20) }
`,
});

describe('a redrive of lines of a file', () => {
  it('needs no org, and not even the file', async () => {
    const rig = await openRig(
      { students: 10 },
      { files: { ...halls('big: b'), 'halls.csv': 'Hall,Kind\nNorth,big\nSouth,round\n' } },
    );
    await rig.run();
    await rig.org.close();
    const { project } = await projectWithFunctions(
      projectFolder({ ...halls('big: b, round: r'), 'halls.csv': 'Hall,Kind\n' }),
    );

    const report = await redrive(rig, { adjust: () => project });

    expect(report.error).toBeNull();
    expect(await rig.column('SELECT name FROM hall ORDER BY name')).toEqual(['BIGs', 'ROUNDs']);
    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 loaded']);
  });

  it('ends with the line: what a reading of the whole file does not meet any more is no trouble any more', async () => {
    const broken = { ...halls('big: b'), 'halls.csv': 'Hall,Kind\nNorth,big\nSouth\nWest,round\n' };
    const rig = await openRig({ students: 10 }, { files: broken });
    await rig.run();
    const before = await rig.column(ENTRIES);
    writeFileSync(join(rig.project.folder, 'halls.csv'), 'Hall,Kind\nNorth,big\nSouth,big\n');

    await rig.run();

    expect(before).toEqual(['INVALID_LINE 1', 'INVALID_ENUM 1']);
    expect(await rig.column(ENTRIES)).toEqual(['INVALID_LINE 1 left_out', 'INVALID_ENUM 1 left_out']);
  });
});

describe('an entry', () => {
  it('closes by itself when the record loads in a later run', async () => {
    const rig = await openClinic();
    const id = visitor(rig, 'Bea', 'patient');
    await rig.run();
    rig.org.records.update('Contact', id, { Title: 'guest' });

    await rig.run();

    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 loaded']);
  });

  it('closes also when the record becomes again what was loaded before', async () => {
    const rig = await openClinic();
    const id = visitor(rig, 'Bea', 'guest');
    const stamp = new Date().toISOString();
    await rig.run();
    rig.org.records.update('Contact', id, { Title: 'patient' }, { stamp });
    await rig.run();
    rig.org.records.update('Contact', id, { Title: 'guest' }, { stamp });

    await rig.run();

    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 loaded']);
  });

  it('whose record the database refused closes once the row in its way is gone, though the record has not changed', async () => {
    const rig = await openRig({ students: 10 }, { files: files({ unique: true }), incremental: true });
    // So long ago that the next window does not hold it.
    const stamp = '2026-01-01T00:00:00.000Z';
    for (const name of ['Bea', 'Bea']) visitor(rig, name, 'guest', stamp);
    await rig.run();
    const before = await rig.column(ENTRIES);
    const [shown = ''] = await rig.column('SELECT salesforce_id FROM visitor');
    rig.org.records.update('Contact', shown, { LastName: 'Ada' });

    const report = await rig.run();

    expect(before).toEqual(['DUPLICATE_RECORD 1']);
    expect(report.sum.holds).toBe(true);
    expect(await rig.column(VISITORS)).toEqual(['Ada guest', 'Bea guest']);
    expect(await rig.column(ENTRIES)).toEqual(['DUPLICATE_RECORD 1 loaded']);
  });

  it('that was discarded stays so while its record is as it was, and counts as skipped', async () => {
    const rig = await openClinic();
    const id = visitor(rig, 'Bea', 'patient');
    await rig.run();
    await rig.database.query(`UPDATE sluice.quarantine SET closed_at = now(), closed_as = 'discarded', record = NULL`);

    const same = await rig.run({ fullRefresh: true });
    rig.org.records.update('Contact', id, { Title: 'doctor' });
    const changed = await rig.run();

    expect(step(same, 'people', 'visitors')).toMatchObject({
      counts: { read: 1, skipped: 1, quarantined: 0 },
      skipped: { discarded: 1 },
    });
    expect(step(changed, 'people', 'visitors').counts).toMatchObject({ read: 1, quarantined: 1 });
    expect(await rig.column(ENTRIES)).toEqual(['INVALID_ENUM 1 discarded', 'INVALID_ENUM 1']);
  });
});

function many(rig: Rig, count: number, title: string): void {
  for (let nth = 0; nth < count; nth += 1) visitor(rig, `No. ${String(nth)}`, title);
}

describe('limits.quarantine', () => {
  it('does not stop a small window of which most records are bad', async () => {
    const rig = await openClinic();
    await rig.run();
    many(rig, 11, 'patient');
    many(rig, 1, 'guest');

    const report = await rig.run();

    expect(step(report, 'people', 'visitors')).toMatchObject({
      status: 'succeeded_with_warnings',
      counts: { read: 12, inserted: 1, quarantined: 11 },
    });
  });

  it('stops a window of which all records are bad, and lets the next run pass: everybody knows of those', async () => {
    const rig = await openClinic();
    await rig.run();
    many(rig, 140, 'patient');

    const report = await rig.run();
    const next = await rig.run();

    expect(step(report, 'people', 'visitors')).toMatchObject({
      status: 'stopped',
      error: { code: 'QUARANTINE_LIMIT' },
    });
    expect(step(next, 'people', 'visitors')).toMatchObject({ counts: { read: 140, quarantined: 140 }, error: null });
  });

  it('does not stop a redrive of records that are all refused again', async () => {
    const rig = await openClinic();
    await rig.run();
    many(rig, 140, 'patient');
    await rig.run();

    const report = await redrive(rig);

    expect(step(report, 'people', 'visitors')).toMatchObject({ counts: { read: 140, quarantined: 140 }, error: null });
  });
});
