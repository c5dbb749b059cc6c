import type { Credentials } from './auth/credentials.ts';
import type { Sessions } from './auth/sessions.ts';
import type { Jobs } from './bulk/jobs.ts';
import type { OrgData } from './data/org-data.ts';
import type { BodyCache } from './http/body-cache.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { ApiLimit } from './limits.ts';
import type { OpenQueries } from './query/open-queries.ts';
import type { Records } from './records.ts';
import type { OrgSchema } from './schema/org-schema.ts';
import type { Timeouts } from './timeouts.ts';

/** Everything that an answer can depend on. */
export interface OrgState {
  /** Where the org listens, without a slash at the end. */
  readonly url: string;
  readonly orgId: string;
  readonly credentials: Credentials;
  readonly jwtPublicKey: string | null;
  readonly data: OrgData;
  readonly records: Records;
  readonly schema: OrgSchema;
  readonly journal: Journal | null;
  readonly sessions: Sessions;
  readonly jobs: Jobs;
  readonly queries: OpenQueries;
  readonly limit: ApiLimit;
  readonly timeouts: Timeouts;
  readonly faults: Faults;
  /** Whether answers of the Bulk API tell the use of the daily limit, too. */
  readonly bulkLimitInfo: boolean;
  /** Whether answers are packed for clients that take them so. */
  readonly gzip: boolean;
  readonly bodies: BodyCache;
  readonly now: () => Date;
  /** Rows in a REST page, and in a Bulk page, at most, whatever is asked for. */
  readonly restPageSize: number;
  readonly bulkPageSize: number;
}

/** Undoes every change and forgets faults, jobs and open queries. Sessions go on: the one who is signed in notices nothing. */
export function resetState(org: OrgState): void {
  org.faults.clear();
  org.schema.reset();
  org.records.reset();
  org.journal?.clear();
  org.jobs.expire();
  org.queries.expire();
  org.limit.used = 0;
}
