import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DEMO_CREDENTIALS, type Credentials } from './auth/credentials.ts';
import { Sessions } from './auth/sessions.ts';
import { Jobs, type JobPace } from './bulk/jobs.ts';
import { generateObjects } from './data/generate.ts';
import { OrgData } from './data/org-data.ts';
import { sizesOf, type SizeOptions } from './data/sizes.ts';
import { BodyCache } from './http/body-cache.ts';
import { Faults, type FaultHandle, type RequestRule } from './faults.ts';
import { answer } from './http/answer.ts';
import { sendReply } from './http/send.ts';
import { ApiLimit } from './limits.ts';
import { orgIdOf } from './org-id.ts';
import type { Timeouts } from './timeouts.ts';
import type { OrgState } from './org-state.ts';
import { OpenQueries } from './query/open-queries.ts';
import { Records } from './records.ts';
import { OrgSchema } from './schema/org-schema.ts';

export interface OrgOptions extends SizeOptions {
  /** The same seed gives the same data. */
  readonly seed?: number;
  /** 0, unless told: any free port of the loopback address. */
  readonly port?: number;
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
  /** Objects and fields that the user may not see, such as `Class__c` and `Contact.Class__c`; they are as if not there. */
  readonly hidden?: readonly string[];
  /** Bytes of result pages kept as they went out; 0 keeps none. */
  readonly cacheBytes?: number;
}

/** A request that came in, without its query string, which can hold values. */
export interface RequestEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface Org {
  readonly url: string;
  /** Of 18 characters; the same for equal seeds and sizes. */
  readonly id: string;
  readonly credentials: Credentials;
  readonly faults: Faults;
  readonly records: Records;
  /** Fields hidden, renamed, retyped and shortened while the org runs. */
  readonly schema: OrgSchema;
  readonly limit: ApiLimit;
  readonly timeouts: Timeouts;
  /** Does something right before a request is answered; the request waits for it. */
  readonly onRequest: (rule: RequestRule, run: () => void | Promise<void>) => FaultHandle;
  /** Takes away a Bulk job and its results, or all of them. */
  readonly expireJob: (id?: string) => void;
  /** Undoes every change of rows and of the schema, and forgets faults, jobs, open queries and what was used. */
  readonly reset: () => void;
  /** The last requests, oldest first. */
  readonly requests: readonly RequestEntry[];
  /** Lets every access token die. */
  readonly expireSessions: () => void;
  readonly close: () => Promise<void>;
}

const REQUESTS_KEPT = 10_000;

/** Starts a simulated org on the loopback address. It answers as Salesforce does and serves invented data. */
export async function startOrg(options: OrgOptions = {}): Promise<Org> {
  const requests: RequestEntry[] = [];
  const faults = new Faults();
  const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 60_000 });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const state = orgState(`http://127.0.0.1:${String(port)}`, faults, options);

  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    response.once('close', () => {
      const path = (message.url ?? '').split('?')[0] ?? '';
      requests.push({ method: message.method ?? '', path, status: response.statusCode });
      if (requests.length > REQUESTS_KEPT) requests.shift();
    });
    void serve(message, response, state);
  });

  return {
    url: state.url,
    id: state.orgId,
    credentials: state.credentials,
    faults,
    records: state.records,
    schema: state.schema,
    limit: state.limit,
    timeouts: state.timeouts,
    requests,
    onRequest: (rule, run) => faults.onRequest(rule, run),
    expireJob: (jobId) => {
      state.jobs.expire(jobId);
    },
    reset: () => {
      reset(state);
      requests.length = 0;
    },
    expireSessions: () => {
      state.sessions.expireAll();
    },
    close: async () => {
      faults.clear();
      server.closeAllConnections();
      await new Promise<void>((done) => {
        server.close(() => {
          done();
        });
      });
    },
  };
}

function orgState(url: string, faults: Faults, options: OrgOptions): OrgState {
  const sizes = sizesOf(options);
  const seed = options.seed ?? 20_261_122;
  const orgId = orgIdOf(sizes, seed);
  const data = new OrgData(generateObjects(sizes, seed));
  const now = options.now ?? (() => new Date());
  const schema = new OrgSchema(data, { now, hidden: options.hidden ?? [], onChange: () => undefined });
  return {
    url,
    orgId,
    credentials: { ...DEMO_CREDENTIALS, ...options.credentials },
    jwtPublicKey: options.jwtPublicKey ?? null,
    data,
    records: new Records(data, { now, onChange: () => undefined }),
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

/** Sessions go on: the one who is signed in notices nothing. */
function reset(org: OrgState): void {
  org.faults.clear();
  org.schema.reset();
  org.records.reset();
  org.jobs.expire();
  org.queries.expire();
  org.limit.used = 0;
}

/** Answers one request; what goes wrong in the org itself is an answer too, as in a real one. */
async function serve(message: IncomingMessage, response: ServerResponse, state: OrgState): Promise<void> {
  response.setHeader('date', state.now().toUTCString());
  try {
    const { request, reply } = await answer(message, state);
    const acceptsGzip = message.headers['accept-encoding']?.includes('gzip') === true;
    await sendReply(response, reply, { acceptsGzip, strikes: request?.strikes ?? [], cache: state.bodies });
  } catch (error) {
    // A status cannot be taken back once it is out: the client must see a broken answer, not a longer one.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const text = error instanceof Error ? error.message : 'unknown';
    response.statusCode = 500;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ message: `the simulated org failed: ${text}`, errorCode: 'UNKNOWN_EXCEPTION' }]));
  }
}
