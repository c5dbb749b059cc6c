import { DEMO_CREDENTIALS, type Credentials } from './auth/credentials.ts';
import { Sessions } from './auth/sessions.ts';
import { applyChange } from './apply-change.ts';
import { Jobs, type JobPace } from './bulk/jobs.ts';
import type { Change } from './changes.ts';
import { generateObjects } from './data/generate.ts';
import { OrgData } from './data/org-data.ts';
import { sizesOf, type SizeOptions } from './data/sizes.ts';
import type { Faults } from './faults.ts';
import { BodyCache } from './http/body-cache.ts';
import { Journal } from './journal.ts';
import { ApiLimit } from './limits.ts';
import { orgIdOf } from './org-id.ts';
import type { OrgState } from './org-state.ts';
import { OpenQueries } from './query/open-queries.ts';
import { Records } from './records.ts';
import { OrgSchema } from './schema/org-schema.ts';

export interface StateOptions extends SizeOptions {
  /** The same seed gives the same data. */
  readonly seed?: number;
  /** Public key of the one who may sign in by JWT, in PEM. */
  readonly jwtPublicKey?: string;
  readonly credentials?: Partial<Credentials>;
  /** How many polls a Bulk job waits and runs; 0 and 1 unless told. */
  readonly jobPace?: Partial<JobPace>;
  /** Rows in a page at most, whatever the client asks for. */
  readonly restPageSize?: number;
  readonly bulkPageSize?: number;
  /** Requests a day, and requests that one access token is good for. */
  readonly dailyApiRequests?: number;
  readonly requestsPerToken?: number;
  /** The org's clock: stamps, and the Date header of every answer. */
  readonly now?: () => Date;
  /** A query that means more rows runs too long: a Bulk job fails, a REST query is refused. COUNT() never does. */
  readonly bulkTimeoutRows?: number;
  readonly restTimeoutRows?: number;
  /** false leaves Sforce-Limit-Info out of the answers of the Bulk API. */
  readonly bulkLimitInfo?: boolean;
  /** False to pack no answer: of thousands of small ones that is much of the work. */
  readonly gzip?: boolean;
  /** Objects and fields that the user may not see, such as `Class__c` and `Contact.Class__c`; they are as if not there. */
  readonly hidden?: readonly string[];
  /** A file that keeps what was changed: an org that was killed and is started again with it still has the changes. */
  readonly keep?: string;
  /** Bytes of result pages kept as they went out; 0 keeps none. */
  readonly cacheBytes?: number;
}

/** The org with its rows, and with the changes that it keeps. */
export function openState(url: string, faults: Faults, options: StateOptions): OrgState {
  const sizes = sizesOf(options);
  const seed = options.seed ?? 20_261_122;
  const orgId = orgIdOf(sizes, seed);
  const data = new OrgData(generateObjects(sizes, seed));
  const now = options.now ?? (() => new Date());
  const journal = options.keep === undefined ? null : new Journal(options.keep, orgId);
  let isReplay = true;
  const onChange = (change: Change): void => {
    if (!isReplay) journal?.add(change);
  };
  const schema = new OrgSchema(data, { now, hidden: options.hidden ?? [], onChange });
  const records = new Records(data, { now, onChange });
  for (const change of journal?.read() ?? []) applyChange(change, { records, schema });
  isReplay = false;
  return {
    url,
    orgId,
    credentials: { ...DEMO_CREDENTIALS, ...options.credentials },
    jwtPublicKey: options.jwtPublicKey ?? null,
    data,
    records,
    journal,
    schema,
    sessions: new Sessions(orgId, options.requestsPerToken ?? Infinity),
    jobs: new Jobs({ pollsQueued: 0, pollsRunning: 1, ...options.jobPace }),
    queries: new OpenQueries(),
    limit: new ApiLimit(options.dailyApiRequests ?? 100_000),
    timeouts: { bulkRows: options.bulkTimeoutRows ?? Infinity, restRows: options.restTimeoutRows ?? Infinity },
    faults,
    bulkLimitInfo: options.bulkLimitInfo ?? true,
    gzip: options.gzip ?? true,
    bodies: new BodyCache(options.cacheBytes ?? 48_000_000),
    now,
    restPageSize: options.restPageSize ?? 2000,
    bulkPageSize: options.bulkPageSize ?? 250_000,
  };
}
