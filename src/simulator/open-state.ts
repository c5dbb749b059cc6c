import { DEMO_CREDENTIALS } from './auth/credentials.ts';
import { Sessions } from './auth/sessions.ts';
import { applyChange } from './apply-change.ts';
import { Jobs } from './bulk/jobs.ts';
import type { Change } from './changes.ts';
import { generateObjects } from './data/generate.ts';
import { OrgData } from './data/org-data.ts';
import { sizesOf } from './data/sizes.ts';
import type { Faults } from './faults.ts';
import { BodyCache } from './http/body-cache.ts';
import { Journal } from './journal.ts';
import { ApiLimit } from './limits.ts';
import { orgIdOf } from './org-id.ts';
import type { OrgState } from './org-state.ts';
import type { OrgOptions } from './org.ts';
import { OpenQueries } from './query/open-queries.ts';
import { Records } from './records.ts';
import { OrgSchema } from './schema/org-schema.ts';

/** The org with its rows, and with the changes that it keeps. */
export function openState(url: string, faults: Faults, options: OrgOptions): OrgState {
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
    bodies: new BodyCache(options.cacheBytes ?? 48_000_000),
    now,
    restPageSize: options.restPageSize ?? 2000,
    bulkPageSize: options.bulkPageSize ?? 250_000,
  };
}
