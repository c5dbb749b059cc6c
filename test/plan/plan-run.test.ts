import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { type Files, projectFolder } from '../support/project-folder.ts';
import { village } from '../support/village.ts';

const TOWN = village('places, people, moving', [
  { name: 'alleys', phases: '{ places: }', links: ['towns'], tags: 'map' },
  { name: 'houses', phases: '{ places: }', links: ['alleys'] },
  { name: 'pets', phases: '{ people: }', links: ['residents'] },
  { name: 'residents', phases: '{ people: , moving: { links: [residents.houses_id] } }', links: ['houses'] },
  { name: 'towns', phases: '{ places: }', tags: 'map' },
]);

async function steps(files: Files, select: string[] = [], exclude: string[] = [], phase: string | null = null) {
  const { project, problems } = await loadProject({ file: projectFolder(files), environment: {} });
  if (project === null) throw new Error(JSON.stringify(problems));
  return planRun(project, { select, exclude, phase }).steps;
}

async function names(files: Files, select: string[] = [], exclude: string[] = [], phase: string | null = null) {
  return (await steps(files, select, exclude, phase)).map((step) => `${step.phase}/${step.mapping.name}`);
}

describe('a plan', () => {
  it('goes phase by phase, and within a phase parents come before children', async () => {
    expect(await names(TOWN)).toEqual([
      'places/towns',
      'places/alleys',
      'places/houses',
      'people/residents',
      'people/pets',
      'moving/residents',
    ]);
  });

  it('reads in the first phase of a mapping and only links in the others', async () => {
    const plan = await steps(TOWN, ['residents']);

    expect(plan.map(({ kind, links }) => ({ kind, links }))).toEqual([
      { kind: 'read', links: [] },
      { kind: 'link', links: ['residents.houses_id'] },
    ]);
  });

  it('tells each step which earlier ones it builds on', async () => {
    const plan = await steps(TOWN);

    expect(plan.map(({ ordinal, needs }) => [ordinal, needs.map(({ step }) => step)])).toEqual([
      [1, []],
      [2, [1]],
      [3, [2]],
      [4, []],
      [5, [4]],
      [6, [3, 4]],
    ]);
  });

  it('keeps the order that `after` asks for', async () => {
    const files = village('one', [
      { name: 'a', phases: '{ one: { after: [b] } }' },
      { name: 'b', phases: '{ one: }' },
    ]);

    expect(await names(files)).toEqual(['one/b', 'one/a']);
  });

  it('lets a mapping link to itself', async () => {
    const files = village('one', [{ name: 'a', phases: '{ one: }', links: ['a'] }]);

    expect(await names(files)).toEqual(['one/a']);
  });

  it('names the circle when mappings wait for each other and none can, and says how to break it', async () => {
    const files = village('one', [
      { name: 'a', phases: '{ one: }', links: ['b'] },
      { name: 'b', phases: '{ one: }', links: ['c'], onMissing: 'quarantine' },
      { name: 'c', phases: '{ one: }', links: ['b'], onMissing: 'quarantine' },
    ]);

    await expect(steps(files)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'Mappings wait for each other: b needs c (b.c_id), c needs b (c.b_id).',
      actions: [expect.stringContaining('b.c_id: on_missing: wait')],
    });
  });

  it('has no circle when one of the links is resolved in a later phase', async () => {
    const files = village('one, two', [
      { name: 'a', phases: '{ one: , two: { links: [a.b_id] } }', links: ['b'], onMissing: 'quarantine' },
      { name: 'b', phases: '{ one: }', links: ['a'], onMissing: 'quarantine' },
    ]);

    expect(await names(files)).toEqual(['one/a', 'one/b', 'two/a']);
  });
});

describe('a selection', () => {
  it.each([
    ['a name takes all steps of a mapping', ['residents'], ['people/residents', 'moving/residents']],
    ['a phase', ['phase:people'], ['people/residents', 'people/pets']],
    ['a tag', ['tag:map'], ['places/towns', 'places/alleys']],
    ['+name takes what it builds on', ['+houses'], ['places/towns', 'places/alleys', 'places/houses']],
    ['name+ takes what builds on it', ['houses+'], ['places/houses', 'moving/residents']],
    ['several are added up, in the order of the plan', ['pets', 'towns'], ['places/towns', 'people/pets']],
  ])('%s', async (_what, select, expected) => {
    expect(await names(TOWN, select)).toEqual(expected);
  });

  it('leaves out what is excluded', async () => {
    expect(await names(TOWN, ['phase:places'], ['tag:map'])).toEqual(['places/houses']);
  });

  it('is cut down to one phase', async () => {
    expect(await names(TOWN, ['residents'], [], 'moving')).toEqual(['moving/residents']);
  });

  it.each([
    ['a name', 'resident', 'Did you mean "residents"?'],
    ['a phase', 'phase:peple', 'Did you mean "people"?'],
    ['a tag', 'tag:mpa', 'Did you mean "map"?'],
    ['nothing', '', 'Run `sluice mapping list` to see names, phases and tags.'],
  ])('is refused for %s that does not exist, with the nearest one', async (_what, term, hint) => {
    await expect(steps(TOWN, [term])).rejects.toMatchObject({
      code: 'SELECTION_EMPTY',
      actions: expect.arrayContaining([hint]),
    });
  });

  it('is refused when nothing is left', async () => {
    await expect(steps(TOWN, ['towns'], ['towns'])).rejects.toMatchObject({ code: 'SELECTION_EMPTY' });
  });
});
