import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping, TableMapping } from '../../src/config/mapping.ts';
import type { Link, LinkLookup } from '../../src/config/link.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { projectFolder } from '../support/project-folder.ts';
import { village, type Village } from '../support/village.ts';

const EVERYTHING = { select: [], exclude: [], phase: null };

/** The mappings of a village; `change` says more of a mapping than its YAML. */
async function mappings(phases: string, houses: readonly Village[], change: Changes = {}): Promise<readonly Mapping[]> {
  const { project, problems } = await loadProject({
    file: projectFolder(village(phases, houses)),
    environment: {},
  });
  if (project === null) throw new Error(JSON.stringify(problems));
  return project.mappings.map((mapping) => ({ ...mapping, ...change[mapping.name]?.(mapping) }));
}

type Changes = Readonly<Record<string, (mapping: Mapping) => Partial<Mapping>>>;

async function plan(phases: string, houses: readonly Village[], change: Changes = {}) {
  const project = { mappings: await mappings(phases, houses, change), phases: phases.split(', ') };
  return planRun(project, EVERYTHING);
}

async function names(phases: string, houses: readonly Village[], change: Changes = {}) {
  return (await plan(phases, houses, change)).steps.map(({ mapping }) => mapping.name);
}

const rootAs =
  (more: Partial<TableMapping>) =>
  ({ tables }: Mapping): Partial<Mapping> => ({ tables: tables.map((table) => ({ ...table, ...more })) });

/** The same links, but otherwise. */
const linkAs =
  (more: (link: Link) => Partial<Link>) =>
  ({ tables }: Mapping): Partial<Mapping> => ({
    tables: tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({
        ...column,
        link: column.link === null ? null : { ...column.link, ...more(column.link) },
      })),
    })),
  });

const another = (link: Link, table: string): LinkLookup => ({ ...(link.lookups[0] as LinkLookup), table });

const withChildLinks = ({ tables }: Mapping): Partial<Mapping> => ({
  tables: tables.flatMap((table): TableMapping[] => [
    { ...table, columns: table.columns.filter(({ link }) => link === null) },
    { ...table, role: 'child', columns: [], each: [{ columns: table.columns }] },
  ]),
});

const asChild = ({ tables }: Mapping): Partial<Mapping> => ({
  tables: tables.map((table) => ({ ...table, role: 'child' as const })),
});

const group = (): Partial<Mapping> => ({ group: 'history' });

const one = (name: string, links: readonly string[] = [], more: Partial<Village> = {}): Village => ({
  name,
  phases: '{ main: }',
  links,
  ...more,
});

describe('the order within a phase', () => {
  it('takes every table in which a link looks', async () => {
    const order = await names('main', [one('a_letters', ['people']), one('firms'), one('people')], {
      a_letters: linkAs((link) => ({ lookups: [...link.lookups, another(link, 'firms')], candidates: true })),
    });

    expect(order).toEqual(['firms', 'people', 'a_letters']);
  });

  it("takes the table in which the parents' other names stand", async () => {
    const { steps } = await plan('main', [one('a_clubs', ['towns']), one('nicknames'), one('towns')], {
      a_clubs: linkAs((link) => ({
        lookups: link.lookups.map((lookup) => ({
          ...lookup,
          aliases: { table: 'nicknames', by: 'name', value: 'town_id' },
        })),
      })),
    });

    expect(steps.map(({ mapping }) => mapping.name)).toEqual(['nicknames', 'towns', 'a_clubs']);
    expect(steps[2]?.needs).toEqual([
      { step: 1, reason: { kind: 'alias', link: 'a_clubs.towns_id', table: 'nicknames' }, strength: 'waits' },
      { step: 2, reason: { kind: 'link', link: 'a_clubs.towns_id', table: 'towns' }, strength: 'waits' },
    ]);
  });

  it('takes the tables from which a missing parent is made', async () => {
    const copies = ['schools', 'districts'].map((table) => ({ table, by: 'id', columns: [], values: [] }));
    const { steps } = await plan(
      'main',
      [one('affiliations', ['firms']), one('districts'), one('firms'), one('schools')],
      {
        affiliations: linkAs(() => ({
          onMissing: 'create',
          create: { copy: copies, values: [], otherwise: 'quarantine' },
        })),
      },
    );

    expect(steps.map(({ mapping }) => mapping.name)).toEqual(['districts', 'firms', 'schools', 'affiliations']);
    expect(steps[3]?.needs.map(({ reason }) => reason.kind)).toEqual(['copy', 'link', 'copy']);
  });

  it('takes the links of child rows, also those of a single entry', async () => {
    expect(await names('main', [one('a_people', ['skills']), one('skills')], { a_people: withChildLinks })).toEqual([
      'skills',
      'a_people',
    ]);
  });

  it('takes a parent that another mapping writes as a child row', async () => {
    expect(await names('main', [one('history', ['mail']), one('mail')], { mail: asChild })).toEqual([
      'mail',
      'history',
    ]);
  });

  it('puts a mapping that only changes rows after those that insert them', async () => {
    const inserts = await mappings('main', [one('levels'), one('schools')]);
    const school = inserts.find(({ name }) => name === 'schools');
    const { steps } = await plan('main', [one('levels'), one('schools')], {
      levels: () => ({ tables: (school?.tables ?? []).map((table) => ({ ...table, unmatched: 'skip' as const })) }),
    });

    expect(steps.map(({ mapping }) => mapping.name)).toEqual(['schools', 'levels']);
    expect(steps[1]?.needs).toEqual([{ step: 1, reason: { kind: 'rows', table: 'schools' }, strength: 'must' }]);
  });

  it('puts what comes after a group after all its sources', async () => {
    const order = await names(
      'main',
      [one('a_report', [], { phases: '{ main: { after: [emails] } }' }), one('emails'), one('tasks')],
      {
        a_report: ({ phases }) => ({ phases: phases.map((phase) => ({ ...phase, after: ['history'] })) }),
        emails: group,
        tasks: group,
      },
    );

    expect(order).toEqual(['emails', 'tasks', 'a_report']);
  });
});

describe('a circle', () => {
  it('is broken at a link that can wait, which is healed once its parents are here', async () => {
    const { steps, heals } = await plan('main', [
      one('houses', ['people']),
      one('people', ['houses'], { onMissing: 'quarantine' }),
    ]);

    expect(steps.map(({ mapping }) => mapping.name)).toEqual(['houses', 'people']);
    expect(heals).toEqual([{ after: 2, step: 1, links: ['houses.people_id'] }]);
  });

  it('gives up the first link of the files where either would do', async () => {
    const both = await plan('main', [one('houses', ['people']), one('people', ['houses'])]);

    expect(both.steps.map(({ mapping }) => mapping.name)).toEqual(['houses', 'people']);
    expect(both.heals).toEqual([{ after: 2, step: 1, links: ['houses.people_id'] }]);
  });

  it('gives up one link where one breaks two circles', async () => {
    const { steps, heals } = await plan('main', [
      one('bees', ['apples']),
      one('carts', ['apples']),
      // Both circles go through this one.
      one('apples', ['hills']),
      one('hills', ['bees', 'carts']),
    ]);

    expect(heals).toEqual([{ after: 4, step: 1, links: ['apples.hills_id'] }]);
    expect(steps.map(({ mapping }) => mapping.name)).toEqual(['apples', 'bees', 'carts', 'hills']);
  });

  it('heals a link once, after the last of the mappings that fill its tables', async () => {
    const { heals } = await plan('main', [one('a', ['b']), one('b', ['a']), one('c', ['a'])], {
      a: linkAs((link) => ({ lookups: [...link.lookups, another(link, 'c')], candidates: true })),
    });

    expect(heals).toEqual([{ after: 3, step: 1, links: ['a.b_id'] }]);
  });

  it('is broken without healing where a missing parent is made from the reference', async () => {
    const { steps, heals } = await plan('main', [one('a', ['b']), one('b', ['a'], { onMissing: 'quarantine' })], {
      a: linkAs(() => ({ onMissing: 'create', create: { copy: [], values: [], otherwise: 'quarantine' } })),
    });

    expect([steps.map(({ mapping }) => mapping.name), heals]).toEqual([['a', 'b'], []]);
  });

  it.each([
    ['the column must have a value', { required: true }],
    ['rows are found by it', { key: ['people_id'] }],
    ['it belongs to a child row', { role: 'child' as const }],
  ])(
    'is not broken at a link that waits when %s',
    async (_why, { required = false, ...table }: Partial<TableMapping> & { required?: boolean }) => {
      const houses = (mapping: Mapping): Partial<Mapping> => {
        const { tables = [] } = rootAs(table)(mapping);
        return {
          tables: tables.map((mapped) => ({
            ...mapped,
            columns: mapped.columns.map((column) => ({ ...column, required: required || column.required })),
          })),
        };
      };
      const asked = plan('main', [one('houses', ['people']), one('people', ['houses'], { onMissing: 'quarantine' })], {
        houses,
      });

      await expect(asked).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    },
  );

  it('of `after` alone is told as such', async () => {
    const asked = plan('main', [
      one('a', [], { phases: '{ main: { after: [b] } }' }),
      one('b', [], { phases: '{ main: { after: [a] } }' }),
    ]);

    await expect(asked).rejects.toMatchObject({
      message: 'Mappings wait for each other: a needs b (after), b needs a (after).',
      actions: ['Take one of them out of `after`.'],
    });
  });

  it('costs little time, however many there are', async () => {
    const all = Array.from({ length: 24 }, (_, index) => `m${index}`);
    const { steps } = await plan(
      'main',
      all.map((name) =>
        one(
          name,
          all.filter((other) => other !== name),
        ),
      ),
    );

    expect(steps).toHaveLength(24);
  });
});

describe('a link whose parents come in a later phase', () => {
  const LATE: readonly Village[] = [
    one('letters', ['people'], { phases: '{ first: }' }),
    one('people', [], { phases: '{ second: }' }),
  ];

  it('is healed in the same run', async () => {
    const { heals } = await plan('first, second', LATE);

    expect(heals).toEqual([{ after: 2, step: 1, links: ['letters.people_id'] }]);
  });

  it('is left alone when it does not wait', async () => {
    const { heals } = await plan('first, second', LATE, { letters: linkAs(() => ({ onMissing: 'null' })) });

    expect(heals).toEqual([]);
  });

  it('is left alone when the parents are not in this run', async () => {
    const project = { mappings: await mappings('first, second', LATE), phases: ['first', 'second'] };

    expect(planRun(project, { ...EVERYTHING, select: ['letters'] }).heals).toEqual([]);
  });
});

describe('a selection', () => {
  it('takes all sources of a group by its name', async () => {
    const project = {
      mappings: await mappings('main', [one('emails'), one('people'), one('tasks')], { emails: group, tasks: group }),
      phases: ['main'],
    };

    const { steps } = planRun(project, { ...EVERYTHING, select: ['history'] });

    expect(steps.map(({ mapping }) => mapping.name)).toEqual(['emails', 'tasks']);
  });
});
