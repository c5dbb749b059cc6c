import { readdirSync, readFileSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import { PARSER, type ParsedFiles, parsedFiles } from '../../src/config/parsed-files.ts';
import { parseYaml } from '../../src/config/parse-yaml.ts';
import { readYaml } from '../../src/config/read-files.ts';
import { problemList } from '../../src/config/rules.ts';
import type { YamlFile, YamlPath } from '../../src/config/yaml-file.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const newFile = (): string => join(scratchFolder(), 'parsed-yaml.json');

const read = async (text: string, parsed: ParsedFiles): Promise<YamlFile> =>
  readYaml({ text, file: 'a.yaml', parsed }, problemList());

/** Reads it, and again as the next process does. */
async function twice(text: string): Promise<readonly [YamlFile, YamlFile]> {
  const file = newFile();
  const first = parsedFiles(file);
  const parsed = await read(text, first);
  await first.save();
  return [parsed, await read(text, parsedFiles(file))];
}

/** Everything that is there, and a step further. */
function pathsOf(value: unknown, path: YamlPath = []): YamlPath[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, held]) =>
          pathsOf(held, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [path, [...path, 'nothing'], ...inner];
}

describe('what was parsed before', () => {
  it('is the same value, with everything in the same place', async () => {
    for (const name of globSync('{sync.config,mappings/{students,affiliations},mappings/*/{students,gender}}.yaml')) {
      const [parsed, known] = await twice(readFileSync(name, 'utf8'));

      expect(known.value).toEqual(parsed.value);
      expect(known.texts()).toEqual(parsed.texts());
      for (const path of pathsOf(parsed.value)) {
        expect(known.at(path)).toEqual(parsed.at(path));
        expect(known.keyAt(path)).toEqual(parsed.keyAt(path));
        expect(known.inText(path, 3)).toEqual(parsed.inText(path, 3));
      }
    }
  });

  it('is a value of its own each time: whoever fills in defaults changes no other', async () => {
    const file = newFile();
    const parsed = parsedFiles(file);
    await read('a: { b: 1 }', parsed);

    const [one, other] = [await read('a: { b: 1 }', parsed), await read('a: { b: 1 }', parsed)];

    expect(one.value).toEqual({ a: { b: 1 } });
    expect(one.value).not.toBe(other.value);
  });

  it.each([
    ['an alias', 'a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
    ['a number that JSON does not know', 'a: .inf\nb: -0.0\n', { a: Infinity, b: -0 }],
    ['a key that every object has', '__proto__: { a: 1 }\n', JSON.parse('{ "__proto__": { "a": 1 } }')],
  ])('is no other for %s', async (_what, text, value) => {
    for (const { value: found } of await twice(text)) expect(found).toEqual(value);
  });

  it('is not looked for in a text that was edited', async () => {
    const file = newFile();
    const first = parsedFiles(file);
    await read('a: 1', first);
    await first.save();

    expect((await read('a: 2', parsedFiles(file))).value).toEqual({ a: 2 });
  });

  it('tells what is wrong each time', async () => {
    const file = newFile();
    for (let time = 0; time < 2; time += 1) {
      const parsed = parsedFiles(file);
      const sink = problemList();
      await readYaml({ text: 'a: [1', file: 'a.yaml', parsed }, sink);
      await parsed.save();

      expect(sink.problems).toHaveLength(1);
    }
  });

  it('is parsed again where the file is spoilt, or another parser has written it', async () => {
    for (const spoilt of ['', '{"parser":', '[]', JSON.stringify({ parser: 'another', trees: {} })]) {
      const file = newFile();
      writeFileSync(file, spoilt);
      const parsed = parsedFiles(file);

      expect((await read('a: 1', parsed)).value).toEqual({ a: 1 });
      await parsed.save();
      expect((await parsedFiles(file).find('a: 1')) !== undefined).toBe(true);
    }
  });

  it('is kept beside a project only where a run has left its state, and without leaving drafts', async () => {
    const folder = scratchFolder();
    const nowhere = parsedFiles(join(folder, '.sluice', 'parsed-yaml.json'));
    await read('a: 1', nowhere);
    await nowhere.save();

    expect(readdirSync(folder)).toEqual([]);
  });

  it('makes no difference to a project', async () => {
    const file = newFile();
    const request = { file: 'sync.config.yaml', environment: {} };
    const project = await loadProject(request);
    await loadProject({ ...request, parsed: parsedFiles(file) });

    expect(await loadProject({ ...request, parsed: parsedFiles(file) })).toEqual(project);
  });

  it('is of the parser that is installed', () => {
    const { version } = JSON.parse(readFileSync('node_modules/yaml/package.json', 'utf8')) as { version: string };

    expect(PARSER).toContain(`yaml ${version},`);
    expect(parseYaml('a: 1', 'a.yaml', problemList()).tree).toEqual({
      at: 0,
      pairs: [['a', 0, { at: 3, end: 4, type: 'PLAIN', value: 1 }]],
    });
  });
});
