import type { Queryable } from '../database/database.ts';
import { type MappingStatus, mappingStatus, type WatchedMapping } from './mapping-status.ts';
import { quarantineCounts } from './quarantine-entries.ts';
import { type Recommendation, recommend } from './recommend.ts';

export interface StatusRequest {
  readonly mappings: readonly WatchedMapping[];
  /** How many missing parents are named for each link. */
  readonly top: number;
}

export interface PipelineStatus {
  readonly mappings: readonly MappingStatus[];
  readonly recommendations: readonly Recommendation[];
}

/** How far every mapping is, what waits and for what, and what to do next. */
export async function pipelineStatus(database: Queryable, request: StatusRequest): Promise<PipelineStatus> {
  const counts = await quarantineCounts(database);
  const mappings: MappingStatus[] = [];
  for (const mapping of request.mappings) {
    const quarantine = counts.filter((count) => count.mapping === mapping.name);
    mappings.push(await mappingStatus(database, mapping, { quarantine, top: request.top }));
  }
  return { mappings, recommendations: recommend(mappings) };
}
