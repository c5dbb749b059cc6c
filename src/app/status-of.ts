import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import { describeLinks } from '../load/load.ts';
import type { WatchedMapping } from '../state/mapping-status.ts';
import { type PipelineStatus, pipelineStatus } from '../state/status.ts';

/** How far every mapping of the project is, and what waits. */
export function statusOf(database: Database, project: Project, top: number): Promise<PipelineStatus> {
  return pipelineStatus(database, { mappings: project.mappings.map((mapping) => watched(mapping, project)), top });
}

function watched(mapping: Mapping, { tables, database: { schema } }: Project): WatchedMapping {
  const phases = mapping.phases.map(({ phase }) => phase);
  const reading = phases[0] ?? '';
  const links = describeLinks(mapping, { tables, schema }).map((link) => {
    const later = mapping.phases.find(({ links: names }) => names.includes(link.link));
    return { link: link.link, valueOf: link.valueOf, phase: later?.phase ?? reading };
  });
  return { name: mapping.name, phases, links };
}
