import { describe, expect, it } from '@jest/globals';
import { loadFiles } from '../support/plugins.ts';

const SHOUT = `{ what: 'Louder.', run: (value) => value?.toUpperCase() ?? null }`;

const of = (text: string): string => `export default { name: 'school', ${text} };`;
const school = (text: string) => ({ 'plugins/school.mjs': text });

describe('loading plugins', () => {
  it.each([
    [
      'TypeScript with our types',
      {
        'plugins/school.ts': `import { definePlugin } from 'sluice/plugin';
export default definePlugin({ name: 'school', transforms: { shout: {
  what: 'Louder.', run(value: string | null): string | null { return value?.toUpperCase() ?? null; } } } });`,
      },
    ],
    [
      'TypeScript without any import',
      {
        'plugins/school.ts': `type Text = string;\nexport default { name: 'school', transforms: { shout: ${SHOUT} } };`,
      },
    ],
    ['JavaScript', { 'plugins/school.mjs': `export default { name: 'school', transforms: { shout: ${SHOUT} } };` }],
  ])('takes %s', async (_kind, files) => {
    const { catalogue, plugins, complete, problems } = await loadFiles(files);

    expect(problems).toEqual([]);
    expect(complete).toBe(true);
    expect(catalogue.find('school.shout')).toMatchObject({ kind: 'transform', what: 'Louder.', argumentNames: [] });
    expect(plugins[0]?.functions[0]?.run('abc', {})).toBe('ABC');
  });

  it('takes a plugin of several files, and what stands in them beside the default', async () => {
    const { problems, catalogue } = await loadFiles(
      {
        'plugins/school.ts': `import { shout } from './shout.ts';
export const other = 1;
export default { name: 'school', transforms: { shout } };`,
      },
      { 'plugins/shout.ts': `export const shout = ${SHOUT.replace('(value)', '(value: string | null)')};` },
    );

    expect(problems).toEqual([]);
    expect(catalogue.all.map(({ name }) => name)).toEqual(['school.shout']);
  });

  it('knows a function of each kind by its name', async () => {
    const run = 'run: () => true';
    const { catalogue, plugins } = await loadFiles({
      'plugins/school.mjs': `export default { name: 'school',
  transforms: { a: { what: 'A.', ${run} } }, checks: { b: { what: 'B.', ${run} } },
  recordChecks: { c: { what: 'C.', ${run} } }, resolvers: { d: { what: 'D.', ${run} } },
  hooks: { e: { what: 'E.', ${run} } }, notifiers: { f: { what: 'F.', ${run} } } };`,
    });

    expect(catalogue.all.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'school.a transform',
      'school.b check',
      'school.c record_check',
      'school.d resolver',
      'school.e hook',
    ]);
    expect(plugins[0]?.notifiers).toMatchObject([{ name: 'school.f', what: 'F.' }]);
    expect(catalogue.find('school.f')).toBeNull();
  });

  it('has another fingerprint when the text is another', async () => {
    const text = `export default { name: 'school', transforms: { shout: ${SHOUT} } };`;
    const fingerprints = [];
    for (const one of [text, text, `${text} // changed`]) {
      const { catalogue } = await loadFiles({ 'plugins/school.mjs': one });
      fingerprints.push(catalogue.find('school.shout')?.fingerprint);
    }

    expect(fingerprints[0]).toBe(fingerprints[1]);
    expect(fingerprints[0]).not.toBe(fingerprints[2]);
  });

  it.each<readonly [string, string, string]>([
    ['throws while it is loaded', `throw new Error('not today');`, 'threw while it was loaded: not today'],
    ['imports what is not there', `import './gone.mjs';\n${of('')}`, 'imports something that is not there'],
    ['exports nothing', `export const school = 1;`, 'exports no plugin as its default'],
    ['exports a function', `export default () => 1;`, 'exports no plugin as its default'],
    ['has no name', `export default {};`, 'needs as its `name` a name of lower-case letters'],
    ['has a bad name', `export default { name: 'The School' };`, 'needs as its `name` a name of lower-case letters'],
    ['has an unknown key', of('transfroms: {}'), 'has a key "transfroms" that no plugin has'],
    ['has a list of functions', of('hooks: []'), 'has `hooks` that are no functions by name'],
    ['has a bad function name', of(`hooks: { 'A-b': { what: 'A.', run() {} } }`), 'has in hooks a function "A-b"'],
    ['has a bare function', of('checks: { sound() {} }'), 'has at checks.sound no function'],
    ['has no words', of('checks: { sound: { run() {} } }'), 'says at checks.sound not `what` it does'],
    ['has blank words', of(`checks: { sound: { what: ' ', run() {} } }`), 'says at checks.sound not `what` it does'],
    ['has nothing to run', of(`checks: { sound: { what: 'A.' } }`), 'has at checks.sound no function `run`'],
    [
      'has an unknown part',
      of(`checks: { sound: { what: 'A.', arguments: {}, run() {} } }`),
      'has at checks.sound an unknown key "arguments"',
    ],
    [
      'has two functions with one name',
      of(`checks: { sound: { what: 'A.', run() {} } }, hooks: { sound: { what: 'A.', run() {} } }`),
      'has two functions with the name "sound"',
    ],
    [
      'has arguments without a schema',
      of(`checks: { sound: { what: 'A.', args: { length: 3 }, run() {} } }`),
      'has in checks.sound an `args` that must be a JSON Schema',
    ],
    [
      'has a misspelt schema',
      of(`checks: { sound: { what: 'A.', args: { type: 'object', properties: { a: { typ: 'string' } } }, run() {} } }`),
      'has in checks.sound an `args` that is no JSON Schema: strict mode: unknown keyword: "typ"',
    ],
    [
      'has a notifier with arguments',
      of(`notifiers: { mail: { what: 'A.', args: {}, run() {} } }`),
      'has in notifiers.mail `args`, but a notifier takes none',
    ],
  ])('refuses one that %s', async (_what, text, message) => {
    const { plugins, complete, problems } = await loadFiles(school(text));

    expect(plugins).toEqual([]);
    expect(complete).toBe(false);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`The plugin ./plugins/school.mjs ${message}`);
    expect(problems[0]?.position).toEqual({ file: 'sync.config.yaml', line: 1, column: 3 });
  });

  it('tells all that is wrong with a plugin, each with the nearest name', async () => {
    const { problems } = await loadFiles(school(of(`hoks: {}, checks: { sound: { wat: 'A.', run() {} } }`)));

    expect(problems.map(({ suggestion }) => suggestion)).toEqual([
      'Did you mean "hooks"?',
      'Did you mean "what"?',
      null,
    ]);
  });

  it('tells where a plugin is not', async () => {
    const { problems } = await loadFiles({}, {});
    const { loadPlugins } = await import('../../src/plugin/load-plugins.ts');
    const position = { file: 'sync.config.yaml', line: 7, column: 5 };

    const loaded = await loadPlugins('/nowhere', [{ file: './plugins/gone.ts', position }]);

    expect(problems).toEqual([]);
    expect(loaded.problems).toEqual([
      { position, message: 'The plugin ./plugins/gone.ts cannot be read.', suggestion: 'Check the path in `plugins`.' },
    ]);
  });

  it('refuses the second of two plugins with one name, and keeps the others', async () => {
    const text = `export default { name: 'school', transforms: { shout: ${SHOUT} } };`;
    const { plugins, problems } = await loadFiles({
      'plugins/a.mjs': text,
      'plugins/b.mjs': text,
      'plugins/c.mjs': `export default { name: 'town' };`,
    });

    expect(plugins.map(({ file }) => file)).toEqual(['./plugins/a.mjs', './plugins/c.mjs']);
    expect(problems).toMatchObject([
      { position: { line: 2 }, message: 'The plugin ./plugins/b.mjs has the name "school", as ./plugins/a.mjs has.' },
    ]);
  });
});

describe('the arguments of a function', () => {
  const SCHEMA = `{ type: 'object', required: ['part'], properties: {
    part: { enum: ['street', 'city'] }, most: { type: 'integer', minimum: 1, default: 3 },
    words: { type: 'array', items: { type: 'string' } }, at: { type: 'string', title: 'a time of day', pattern: '^[0-9:]+$' } } }`;

  async function problemsOf(args: Record<string, unknown>) {
    const { catalogue } = await loadFiles({
      'plugins/school.mjs': `export default { name: 'school', transforms: { part: { what: 'A part.', args: ${SCHEMA}, run: (value) => value } } };`,
    });
    return catalogue.find('school.part')?.argumentProblems(args);
  }

  it('are well when they fit the schema', async () => {
    expect(await problemsOf({ part: 'city' })).toEqual([]);
    expect(await problemsOf({ part: 'street', most: 7, words: ['a'], at: '7:30' })).toEqual([]);
  });

  it.each([
    [{}, null, 'The function needs the argument "part".'],
    [{ part: 'town' }, 'part', '"part" must be one of street, city.'],
    [{ part: 'city', most: 'many' }, 'most', '"most" must be a whole number.'],
    [{ part: 'city', most: 0 }, 'most', '"most" must be >= 1.'],
    [{ part: 'city', words: 'a' }, 'words', '"words" must be a list.'],
    [{ part: 'city', words: ['a', 1] }, 'words', '"words.1" must be text.'],
    [{ part: 'city', at: 'noon' }, 'at', '"at" must be a time of day.'],
  ])('are told one by one: %j', async (args, argument, message) => {
    expect(await problemsOf(args)).toEqual([{ argument, message, suggestion: null }]);
  });

  it('are known by name, so a misspelt one is told once and with its cure', async () => {
    expect(await problemsOf({ pat: 'city' })).toEqual([
      { argument: 'pat', message: 'The function takes no argument "pat".', suggestion: 'Did you mean "part"?' },
    ]);
  });

  it('are none where the function names none', async () => {
    const { catalogue } = await loadFiles({
      'plugins/school.mjs': `export default { name: 'school', transforms: { shout: ${SHOUT} } };`,
    });

    expect(catalogue.find('school.shout')?.argumentProblems({ length: 3 })).toMatchObject([{ argument: 'length' }]);
  });
});
