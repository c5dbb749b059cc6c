import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import { describeLinks } from '../load/load.ts';
import { shownReference } from '../privacy/show-reference.ts';
import type { LinkStatus } from '../state/link-status.ts';
import type { WatchedMapping } from '../state/mapping-status.ts';
import { type PipelineStatus, pipelineStatus } from '../state/status.ts';

/** How far these mappings of the project are, and what waits, without a value of a record. */
export async function statusOf(
  database: Database,
  {
    project,
    mappings,
    top,
  }: { readonly project: Project; readonly mappings: readonly Mapping[]; readonly top: number },
): Promise<PipelineStatus> {
  const status = await pipelineStatus(database, {
    mappings: mappings.map((mapping) => watched(mapping, project)),
    top,
  });
  return { ...status, mappings: status.mappings.map((mapping) => ({ ...mapping, links: mapping.links.map(masked) })) };
}

function masked<Link extends Pick<LinkStatus, 'most_wanted'>>(link: Link): Link {
  const wanted = link.most_wanted.map((parent) => ({ ...parent, parent_ref: shownReference(parent.parent_ref) }));
  return { ...link, most_wanted: wanted };
}

function watched(mapping: Mapping, { tables, database: { schema } }: Project): WatchedMapping {
  const phases = mapping.phases.map(({ phase }) => phase);
  const reading = phases[0] ?? '';
  const links = describeLinks(mapping, { tables, schema }).map((link) => {
    const later = mapping.phases.find(({ links: names }) => names.includes(link.link));
    return { link: link.link, valueOf: link.valueOf, giveUpAfter: mapping.giveUpAfter, phase: later?.phase ?? reading };
  });
  return { name: mapping.name, phases, links };
}
