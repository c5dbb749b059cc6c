import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import { planRun } from '../../src/plan/plan-run.ts';

/** What each import of the nonprofit needs on an empty database: the first must have run before the others can. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  districts: ['schools', 'affiliations', 'events'],
  organizations: ['affiliations'],
  schools: ['school-levels', 'classes', 'students (assign-schools)', 'affiliations', 'events'],
  classes: ['students'],
  students: ['students (assign-schools)', 'student-participants', 'history.tasks', 'history.emails'],
  teachers: ['history.tasks', 'history.emails', 'pathway-participants'],
  volunteers: ['affiliations', 'event-participants', 'history.tasks', 'history.emails', 'pathway-participants'],
  events: ['event-participants', 'student-participants', 'unaffiliated-events', 'history.tasks', 'pathway-sessions'],
  pathways: ['pathway-sessions', 'pathway-participants'],
};

const READS = /^(?:reference|people|activity)$/;

describe("the order of this repository's imports", () => {
  let order: readonly string[];
  beforeAll(async () => {
    const file = resolve(import.meta.dirname, '../../sync.config.yaml');
    const { project } = await loadProject({ file, environment: {} });
    if (project === null) throw new Error('the project cannot be read');
    const { steps } = planRun(project, { select: [], exclude: [], phase: null });
    order = steps.map(({ phase, mapping: { name } }) => (READS.test(phase) ? name : `${name} (${phase})`));
  });

  it.each(Object.entries(NEEDED))('has %s before what needs them', (parent, children) => {
    const tooEarly = children.filter((child) => order.indexOf(child) < order.indexOf(parent));

    expect(order).toEqual(expect.arrayContaining([parent, ...children]));
    expect(tooEarly).toEqual([]);
  });
});
