import { PassThrough } from 'node:stream';
import type { Connection } from 'jsforce/lib/connection.js';
import type { QueryJobV2 } from 'jsforce/lib/api/bulk2.js';
import type { OAuth2 } from 'jsforce/lib/oauth2.js';
import type { Transport } from 'jsforce/lib/transport.js';
import type { HttpResponse, Schema } from 'jsforce/lib/types/index.js';
import type { HttpAnswer } from './http-client.ts';
import { withoutUndici } from './without-undici.ts';

/** A request as jsforce makes it. */
export interface JsforceRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Carries one request of jsforce to the org and back. Throws for every answer that is not a success. */
export type Carry = (request: JsforceRequest) => Promise<HttpAnswer>;

/** What we use of jsforce; it speaks, and our {@link Carry} carries. */
export interface Jsforce {
  connection(options: { instanceUrl: string; version: string }, carry: Carry): Connection;
  /** @param id  of a job that there is */
  job(connection: Connection, id: string): QueryJobV2<Schema>;
  newJob(connection: Connection, query: string, operation: 'query' | 'queryAll'): QueryJobV2<Schema>;
  oauth2(options: { loginUrl: string; clientId?: string; clientSecret?: string }, carry: Carry): OAuth2;
}

/**
 * Loads jsforce, which takes a tenth of a second: only when there is something to ask the org. Its modules are named
 * one by one, because the whole package takes three times as long.
 */
export async function loadJsforce(): Promise<Jsforce> {
  const [{ Connection: ConnectionClass }, { QueryJobV2: JobClass }, { OAuth2: OAuth2Class }] = await withoutUndici(
    async () =>
      Promise.all([
        import('jsforce/lib/connection.js'),
        import('jsforce/lib/api/bulk2.js'),
        import('jsforce/lib/oauth2.js'),
      ]),
  );
  const { StreamPromise } = await import('jsforce/lib/util/promise.js');

  // jsforce's own transport retries five times, waits half an hour for headers and for ever for a body, and takes any
  // proxy that the environment names. In its place stands ours.
  const transport = (carry: Carry): Transport => ({
    httpRequest: (request) =>
      // Nobody reads the stream: everything that we ask through jsforce comes as a whole.
      StreamPromise.create(() => ({ stream: new PassThrough(), promise: carry(request).then(asJsforceAnswer) })),
    getRequestStreamCreator: () => () => new PassThrough(),
  });

  return {
    connection: (options, carry) => {
      // jsforce would print whole answers when the environment sets LOG_LEVEL.
      const connection = new ConnectionClass({ ...options, logLevel: 'NONE' });
      return Object.assign(connection, { _transport: transport(carry) });
    },
    job: (connection, id) => new JobClass(connection, { id, pollingOptions: NO_POLLING }),
    newJob: (connection, query, operation) =>
      new JobClass(connection, {
        bodyParams: { query, operation, columnDelimiter: 'COMMA', lineEnding: 'LF' },
        pollingOptions: NO_POLLING,
      }),
    oauth2: (options, carry) => {
      return Object.assign(new OAuth2Class(options), { _transport: transport(carry) });
    },
  };
}

function asJsforceAnswer({ status, headers, body }: HttpAnswer): HttpResponse {
  const single = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)] as const));
  return { statusCode: status, headers: single, body };
}

/** We poll ourselves: jsforce's poll gives up at the first failure. */
const NO_POLLING = { pollInterval: 0, pollTimeout: 0 };
