import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Ask } from './map-records.ts';
import type { StepDeps } from './step-deps.ts';

/** Answers a mapping's questions: side queries by the org, the others by the plugins' functions. */
export function answering(mapping: Mapping, _deps: StepDeps): Ask {
  return async () => {
    throw new SyncError('INTERNAL', `${mapping.name} asks the org, which is not wired yet.`);
  };
}
