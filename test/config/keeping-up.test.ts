import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import type { Project } from '../../src/config/project.ts';
import { type Files, projectFolder, SOUND } from '../support/project-folder.ts';
import { load, people, type Sketch } from './village.ts';

const DAY = 86_400;

function project(lines: string): Files {
  return { 'sync.config.yaml': `version: 1\nproject: village\n${lines}` };
}

async function settings(lines: string): Promise<Project | null> {
  const files = { ...SOUND, 'sync.config.yaml': `${SOUND['sync.config.yaml'] ?? ''}${lines}` };
  return (await loadProject({ file: projectFolder(files), environment: {} })).project;
}

describe('reading only what has changed', () => {
  it('is on for every mapping of the org, by SystemModstamp and an hour back', async () => {
    expect((await people({})).incremental).toEqual({ cursor: 'SystemModstamp', lookback: 3600 });
  });

  it('is set for all mappings by the project, and for one by its file', async () => {
    const files = project('defaults: { incremental: { cursor: LastModifiedDate, lookback: 2h } }\n');

    expect((await people({ files })).incremental).toEqual({ cursor: 'LastModifiedDate', lookback: 7200 });
    expect((await people({ files, mapping: 'incremental: { lookback: 5m }' })).incremental).toEqual({
      cursor: 'LastModifiedDate',
      lookback: 300,
    });
  });

  it('is off where the project or the mapping says false', async () => {
    const files = project('defaults: { incremental: false }\n');

    expect((await people({ files })).incremental).toBeNull();
    expect((await people({ mapping: 'incremental: false' })).incremental).toBeNull();
  });

  it('is on again where the project says false and the mapping names a cursor', async () => {
    const files = project('defaults: { incremental: false }\n');

    const { incremental } = await people({ files, mapping: 'incremental: { cursor: SystemModstamp }' });

    expect(incremental).toEqual({ cursor: 'SystemModstamp', lookback: 3600 });
  });

  it('cannot be said to be true: that would say nothing', async () => {
    const { problems } = await load({ mapping: 'incremental: true' });

    expect(problems).toMatchObject([{ rule: 'wrong-value', line: 4 }]);
  });

  it('is nothing for a file', async () => {
    const mapping = await people({ source: 'source: { file: people.csv, id: Id }' });

    expect(mapping).toMatchObject({ incremental: null, deletes: null, refreshFormulas: null });
  });
});

describe('the cursor of a query', () => {
  it('is asked for last where the author does not ask for it', async () => {
    const { source } = await people({ source: 'source: { soql: "SELECT Id, Name FROM Person__c WHERE Age__c > 3" }' });

    expect(source.soql).toBe('SELECT Id, Name, SystemModstamp FROM Person__c WHERE Age__c > 3');
    expect(source.fields).toEqual(['Id', 'Name', 'SystemModstamp']);
  });

  it('leaves a query that asks for it, in any case, as it is written', async () => {
    const soql = 'SELECT   Id, systemmodstamp,Name FROM Person__c';

    const { source } = await people({ source: `source: { soql: "${soql}" }` });

    expect(source).toMatchObject({ soql, fields: ['Id', 'systemmodstamp', 'Name'] });
  });

  it('is added to a query that is built, beside SystemModstamp', async () => {
    const { source } = await people({ mapping: 'incremental: { cursor: LastModifiedDate }' });

    expect(source.fields).toEqual(['Id', 'Name', 'SystemModstamp', 'LastModifiedDate']);
  });
});

describe('formulas and what waits', () => {
  it('are looked at again after their own times', async () => {
    const mapping = await people({ mapping: 'refresh_formulas: 1d\ngive_up: 180d' });

    expect(mapping).toMatchObject({ refreshFormulas: DAY, giveUpAfter: 180 * DAY });
  });

  it('are left alone unless told', async () => {
    expect(await people({})).toMatchObject({ refreshFormulas: null, giveUpAfter: null, deletes: null });
  });
});

function markedByNull(column: string): Sketch {
  return { mapping: `deletes: { detect: [reconcile], action: soft, column: ${column}, value: null }` };
}

describe('deletes', () => {
  it('mark a row of the root', async () => {
    const { deletes } = await people({
      mapping: 'deletes: { detect: [recycle_bin, reconcile], action: soft, column: status, value: past }',
    });

    expect(deletes).toMatchObject({
      recycleBin: true,
      reconcile: true,
      action: 'soft',
      mark: { table: 'person', column: { name: 'status' }, value: 'past' },
      leftFilter: 'delete',
    });
  });

  it('mark a row of an extension, found by its name or as table.column', async () => {
    const tables = 'keeper: { columns: {} }';
    const by = async (column: string) =>
      (await people({ tables, mapping: `deletes: { detect: [reconcile], action: soft, column: ${column}, value: 0 }` }))
        .deletes?.mark;

    expect(await by('keys')).toMatchObject({ table: 'keeper', column: { name: 'keys' }, value: '0' });
    expect(await by('keeper.keys')).toEqual(await by('keys'));
  });

  it('may mark a row in a column that imports never touch', async () => {
    const { deletes } = await people({
      mapping: 'deletes: { detect: [recycle_bin], action: soft, column: hidden, value: true, left_filter: keep }',
    });

    expect(deletes).toMatchObject({ reconcile: false, mark: { value: 'true' }, leftFilter: 'keep' });
  });

  it.each(['hard', 'ignore'] as const)('have no mark when they are %s', async (action) => {
    const { deletes } = await people({ mapping: `deletes: { detect: [reconcile], action: ${action} }` });

    expect(deletes).toMatchObject({ action, mark: null, recycleBin: false });
  });

  it('may write null only where the column takes it', async () => {
    expect((await people(markedByNull('age'))).deletes?.mark?.value).toBeNull();
    expect((await load(markedByNull('name'))).problems).toMatchObject([{ rule: 'value-misfit' }]);
  });
});

describe('a mapping with several sources', () => {
  const SOURCES = `sources:
  men: { object: Man__c }
  women:
    object: Woman__c
    incremental: { lookback: 2h }
    deletes: { detect: [recycle_bin], action: ignore }
    give_up: 2d
  list: { file: people.csv, id: Id }
`;
  const SHARED = 'deletes: { detect: [reconcile], action: hard }\nrefresh_formulas: 7d\ngive_up: 1d';

  it('keeps up with the org in one way for all, but for what a source says instead', async () => {
    const { mappings } = await load({ source: SOURCES, mapping: SHARED });

    expect(mappings.get('people.men')).toMatchObject({
      incremental: { lookback: 3600 },
      deletes: { action: 'hard', reconcile: true },
      refreshFormulas: 7 * DAY,
      giveUpAfter: DAY,
    });
    expect(mappings.get('people.women')).toMatchObject({
      incremental: { lookback: 7200 },
      deletes: { action: 'ignore', reconcile: false },
      refreshFormulas: 7 * DAY,
      giveUpAfter: 2 * DAY,
    });
  });

  it('says nothing of the org to a file among them', async () => {
    const { mappings } = await load({ source: SOURCES, mapping: SHARED });

    expect(mappings.get('people.list')).toMatchObject({
      incremental: null,
      deletes: null,
      refreshFormulas: null,
      giveUpAfter: DAY,
    });
  });

  it('has what is wrong in a source told where it stands', async () => {
    const { problems } = await load({ source: SOURCES.replace('2h', '2s'), mapping: SHARED });

    expect(problems).toMatchObject([{ rule: 'incremental-setting', line: 7 }]);
  });
});

describe('what the project keeps', () => {
  it('is quarantined records as they were read, runs of 90 days and no before-images, unless told', async () => {
    const sound = await settings('');

    expect(sound?.privacy.quarantine).toEqual({ record: 'keep', retention: null });
    expect(sound?.history).toBeNull();
    expect(sound?.state).toEqual({ keepRuns: 90 * DAY });
  });

  it('is what the file says', async () => {
    const said = await settings(
      'privacy: { quarantine: { record: encrypt, retention: 90d } }\nhistory: { keep: 14d }\n',
    );

    expect(said?.privacy).toEqual({ reveal: ['Id'], quarantine: { record: 'encrypt', retention: 90 * DAY } });
    expect(said?.history).toEqual({ keep: 14 * DAY });

    expect((await settings('state: { keep_runs: 7d }\n'))?.state).toEqual({ keepRuns: 7 * DAY });
    expect((await settings('state: { keep_runs: null }\n'))?.state).toEqual({ keepRuns: null });
  });
});
