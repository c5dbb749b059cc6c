import type { Logger } from 'pino';
import type { Project } from '../config/project.ts';
import type { Objects } from '../drift/find-field.ts';
import type { Org } from '../extract/extract.ts';
import type { RunRequest } from '../flow/run-request.ts';
import type { BoundFunctions } from '../plugin/bind-functions.ts';
import type { RecordKeeping } from '../state/quarantine.ts';
import type { CommitScope } from './commit-scope.ts';
import type { StepTally } from './step-tally.ts';

export type { Org };

/** What links are looked up in. */
export function linkContext({ tables, database }: Project): {
  readonly tables: Project['tables'];
  readonly schema: string;
} {
  return { tables, schema: database.schema };
}

/** What a step is handed: where to read, where to commit, whom to tell. */
export interface StepDeps {
  readonly project: Project;
  /** Of the project's plugins. */
  readonly functions: BoundFunctions;
  /** The day of the run in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  readonly scope: CommitScope;
  /** What is kept of a record in quarantine. */
  readonly keeping: RecordKeeping;
  readonly salesforce: () => Promise<Org>;
  /** The objects that the run reads, as the org described them before the first step. */
  readonly objects: Objects;
  /** Records that the reading means, where the org has said so already. */
  readonly counted: number | null;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly runId: string;
  /** Key of the step's row in `sluice.step`. */
  readonly stepId: string;
  readonly tally: StepTally;
  readonly request: RunRequest;
  readonly limit: number | null;
  readonly fullRefresh: boolean;
  /** Called after each commit, with the tally up to date. */
  readonly onProgress: () => void;
}
