import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Credentials } from './auth/credentials.ts';

import { Faults, type FaultHandle, type RequestRule } from './faults.ts';
import { answer } from './http/answer.ts';
import { sendReply } from './http/send.ts';
import type { ApiLimit } from './limits.ts';
import { openState, type StateOptions } from './open-state.ts';
import type { Timeouts } from './timeouts.ts';
import { resetState, type OrgState } from './org-state.ts';
import type { Records } from './records.ts';
import type { OrgSchema } from './schema/org-schema.ts';

export interface OrgOptions extends StateOptions {
  /** 0, unless told: any free port of the loopback address. */
  readonly port?: number;
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
  let state: OrgState;
  try {
    state = openState(`http://127.0.0.1:${String(port)}`, faults, options);
  } catch (error) {
    server.close();
    throw error;
  }

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
      resetState(state);
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

/** Answers one request; what goes wrong in the org itself is an answer too, as in a real one. */
async function serve(message: IncomingMessage, response: ServerResponse, state: OrgState): Promise<void> {
  try {
    const { request, reply } = await answer(message, state);
    response.setHeader('date', state.now().toUTCString());
    const acceptsGzip = state.gzip && message.headers['accept-encoding']?.includes('gzip') === true;
    await sendReply(response, reply, { acceptsGzip, strikes: request?.strikes ?? [], cache: state.bodies });
  } catch (error) {
    // A status cannot be taken back once it is out: the client must see a broken answer, not a longer one.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const text = error instanceof Error ? error.message : 'unknown';
    response.statusCode = 500;
    response.setHeader('date', state.now().toUTCString());
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ message: `the simulated org failed: ${text}`, errorCode: 'UNKNOWN_EXCEPTION' }]));
  }
}
