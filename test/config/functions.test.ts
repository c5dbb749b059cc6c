import { describe, expect, it } from '@jest/globals';
import type { LoadFunctions } from '../../src/config/functions.ts';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Problem } from '../../src/config/problem.ts';
import { townPlugin } from '../support/functions.ts';
import { projectFolder } from '../support/project-folder.ts';
import { columnOf, type Sketch, tableOf, village } from './village.ts';

async function load(
  sketch: Sketch,
  loadFunctions?: LoadFunctions,
  plugin = './town.ts',
): Promise<{ mapping: Mapping | undefined; problems: readonly Problem[] }> {
  const files = { ...village(sketch), 'sync.config.yaml': `version: 1\nproject: village\nplugins: [${plugin}]\n` };
  const { project, problems } = await loadProject({
    file: projectFolder(files),
    environment: {},
    ...(loadFunctions === undefined ? {} : { loadFunctions }),
  });
  return { mapping: project?.mappings.find(({ name }) => name === 'people'), problems };
}

async function version(sketch: Sketch, fingerprint: string): Promise<string | undefined> {
  return (await load(sketch, townPlugin(fingerprint))).mapping?.version;
}

const ALL: Sketch = {
  columns:
    'age: { from: [A__c, B__c], use: { town.resolver: { size: 1 } }, transform: [trim, { town.transform: { size: 2 } }], format: { town.check: { size: 3 } } }',
  mapping:
    'rules: [{ name: sane, use: { town.record_check: { size: 4 } } }]\nhooks: { after_commit: [{ town.hook: { size: 5 } }], after_step: [{ town.hook: { size: 6 } }] }',
};

describe('functions of plugins', () => {
  it('stand where values are resolved, transformed and checked, at rules and hooks', async () => {
    const { mapping, problems } = await load(ALL, townPlugin());

    expect(problems).toEqual([]);
    if (mapping === undefined) throw new Error('refused');
    expect(columnOf(tableOf(mapping, 'person'), 'age')).toMatchObject({
      input: {
        kind: 'resolved',
        paths: ['A__c', 'B__c'],
        resolver: { kind: 'function', call: { name: 'town.resolver', args: { size: 1 } } },
      },
      transforms: [
        { name: 'trim', args: {} },
        { name: 'town.transform', args: { size: 2 } },
      ],
      format: null,
      check: { name: 'town.check', args: { size: 3 } },
    });
    expect(mapping.rules).toMatchObject([{ check: null, use: { name: 'town.record_check', args: { size: 4 } } }]);
    expect(mapping.hooks).toMatchObject({
      afterCommit: [{ name: 'town.hook', args: { size: 5 } }],
      afterStep: [{ name: 'town.hook', args: { size: 6 } }],
    });
  });

  it('are handed to be loaded with their files and places', async () => {
    const asked: unknown[] = [];
    const loading: LoadFunctions = (_folder, plugins) => {
      asked.push(...plugins);
      return townPlugin()('', plugins);
    };

    await load({}, loading);

    expect(asked).toEqual([{ file: './town.ts', position: { file: 'sync.config.yaml', line: 3, column: 11 } }]);
  });

  it('are told by their plugin when it cannot be loaded, and not each by itself', async () => {
    const { mapping, problems } = await load(ALL, townPlugin(), './gone.ts');

    expect(mapping).toBeUndefined();
    expect(problems).toEqual([
      {
        file: 'sync.config.yaml',
        line: 3,
        column: 11,
        rule: 'plugin',
        severity: 'error',
        message: 'There is no such file.',
        suggestion: null,
      },
    ]);
  });

  it('are taken as they are named where nobody loads plugins', async () => {
    expect((await load(ALL)).problems).toEqual([]);
  });

  it('change the version of a mapping that calls them, and of no other', async () => {
    expect(await version(ALL, '1')).not.toBe(await version(ALL, '2'));
    expect(await version({}, '1')).toBe(await version({}, '2'));
  });

  it.each([
    ['a name that no plugin has', 'transform: [{ town.transfrom: { size: 1 } }]', 'unknown-function', 'town.transfrom'],
    ['a function of another kind', 'format: town.transform', 'function-kind', 'town.transform'],
    ['an argument that it does not take', 'transform: [{ town.transform: { sise: 1 } }]', 'function-arguments', 'sise'],
    ['no argument where one is needed', 'format: town.check', 'function-arguments', 'town.check'],
  ])('are told at their place with %s', async (_what, setting, rule, at) => {
    const columns = `age: { from: A__c, ${setting} }`;
    const text = village({ columns })['mappings/people.yaml'] ?? '';
    const before = text.slice(0, text.indexOf(at)).split('\n');

    const { problems } = await load({ columns }, townPlugin());

    expect(problems).toMatchObject([{ rule, line: before.length, column: (before.at(-1) ?? '').length + 1 }]);
  });

  it('are suggested by kind', async () => {
    const { problems } = await load({ columns: 'age: { from: A__c, format: town.chek }' }, townPlugin());

    expect(problems).toMatchObject([{ suggestion: 'Did you mean "town.check"?' }]);
  });
});
