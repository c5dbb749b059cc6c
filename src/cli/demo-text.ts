import type { Project } from '../config/project.ts';
import type { RunReport } from '../flow/run-events.ts';
import type { PipelineStatus } from '../state/status.ts';
import { count, counted } from './text.ts';

/** `student.school_id: 27,771 linked, 496 waiting for 5 schools that are not there, 116,999 name no school.` */
export function linkedText({ mappings }: PipelineStatus, project: Project, { steps }: RunReport): string[] {
  const done = mappings.filter(({ mapping }) => steps.some((step) => step.mapping === mapping));
  return done.flatMap(({ phases, records, links }) =>
    links
      .filter(({ phase }) => phase !== phases[0]?.phase)
      .map(({ link, linked, waiting, missing_parents: missing }) => {
        const parent = parentOf(link, project);
        const parents = missing === 1 ? `1 ${parent} that is` : `${counted(missing, parent)} that are`;
        const none = records - linked - waiting;
        return `${link}: ${count(linked)} linked, ${count(waiting)} waiting for ${parents} not there, ${count(none)} name no ${parent}.`;
      }),
  );
}

function parentOf(name: string, { mappings }: Project): string {
  const columns = mappings.flatMap(({ tables }) =>
    tables.flatMap(({ table, columns: own }) => own.map((column) => ({ table, column }))),
  );
  const found = columns.find(({ table, column }) => `${table.name}.${column.column.name}` === name);
  return found?.column.link?.lookups[0]?.table ?? 'parent';
}

/** The second promise: a run over an unchanged org writes nothing. */
export function nothingChangedText({ steps }: RunReport): string {
  const written = steps
    .flatMap(({ tables }) => Object.values(tables))
    .reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0);
  if (written > 0) return `The second run changed ${counted(written, 'row')}.`;
  return 'The second run wrote nothing: no row was touched, because nothing had changed.';
}

/** @param hasMore  whether the project has mappings that were not run */
export function lookAtTheDataText(isEmbedded: boolean, hasMore: boolean): string {
  const look = isEmbedded
    ? ['sluice db start           keeps the database running and prints the psql line']
    : ['psql "$DATABASE_URL"      look at the tables'];
  return [
    'The org is simulated and the people are invented. Look around:',
    ...look.map((line) => `  ${line}`),
    '  sluice status             what waits for which missing school',
    '  sluice quarantine list    records that could not be loaded, and why',
    '  sluice runs show          what the last run did',
    '',
    'Then try:',
    ...(hasMore ? ['  sluice demo --all         every import of this project'] : []),
    '  sluice mapping graph      in which order they run, and why',
    '  sluice plan               what a run would do; it writes nothing',
    '  sluice mapping show students',
    '  edit mappings/students.yaml, then: sluice lint && sluice plan --select students',
    '  with an org of your own:  SF_AUTH=client_credentials SF_LOGIN_URL=... sluice doctor',
  ].join('\n');
}
