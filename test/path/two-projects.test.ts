import { describe, expect, it } from '@jest/globals';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import { openRig, type Rig, step } from '../support/rig.ts';

async function loaded(): Promise<Rig> {
  const rig = await openRig({ students: 60, schools: 4 }, { incremental: true });
  expect((await rig.run()).error).toBeNull();
  return rig;
}

function withStudents(project: Project, name: string, change: (mapping: Mapping) => Mapping): Project {
  const mappings = project.mappings.map((mapping) => (mapping.name === 'students' ? change(mapping) : mapping));
  return { ...project, name, mappings };
}

/** The same file with a narrower filter. */
function onlySome(mapping: Mapping): Mapping {
  const { source } = mapping;
  const soql = `${source.soql} AND LastName != 'Nobody'`;
  return { ...mapping, source: { ...source, soql }, version: 'another', parts: { ...mapping.parts, query: 'another' } };
}

const ledger = 'SELECT * FROM sluice.record ORDER BY mapping_id, source_id';

describe('two projects with a mapping of one name in one database', () => {
  it('do not share what is known of their records: the second is refused before it begins', async () => {
    const rig = await loaded();
    const before = await rig.column(`SELECT string_agg(r::text, ',') FROM (${ledger}) r`);
    const other = { adjust: (project: Project) => withStudents(project, 'trips', onlySome) };

    const refused = await rig.run({}, other).catch((error: unknown) => error);
    const planned = await rig.run({}, { ...other, kind: 'plan' }).catch((error: unknown) => error);

    expect([refused, planned]).toMatchObject([{ code: 'IMPORT_CHANGED' }, { code: 'IMPORT_CHANGED' }]);
    expect(await rig.column(`SELECT string_agg(r::text, ',') FROM (${ledger}) r`)).toEqual(before);
    expect(step(await rig.run(), 'people', 'students').reading).toMatchObject({ kind: 'window' });
  });

  it('are told from one that was edited: that reads everything, and says why', async () => {
    const rig = await loaded();

    const report = await rig.run({}, { adjust: (project) => withStudents(project, project.name, onlySome) });

    expect(step(report, 'people', 'students')).toMatchObject({ error: null, reading: { kind: 'full' } });
    expect(step(report, 'people', 'students').reading?.reason).toContain('query');
  });

  it('are told from one that was given another name: nothing is read again', async () => {
    const rig = await loaded();

    const report = await rig.run({}, { adjust: (project) => ({ ...project, name: 'learning' }) });

    expect(report.error).toBeNull();
    expect(step(report, 'people', 'students')).toMatchObject({ reading: { kind: 'window' }, counts: { read: 0 } });
  });
});
