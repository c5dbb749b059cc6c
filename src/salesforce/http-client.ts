import type { Agent as HttpAgent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SyncError } from '../errors/sync-error.ts';
import { isMap } from '../config/is-record.ts';
import type { Deadlines } from './settings.ts';

const unzip = promisify(gunzip);

/**
 * Not imported: to make an ES module of it Node.js looks at each of its exports, and one of them loads a browser's `fetch`
 * and WebSocket, 13 MB and 40 ms that nobody here uses.
 */
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** For messages: `describe Contact`. */
  readonly what: string;
}

/** An answer whose body has been read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpClient {
  /** Resolves at the end of the headers; the caller reads the body, or destroys the answer. */
  open(request: HttpRequest): Promise<IncomingMessage>;
  /** Reads what is left of an answer, within the deadline. */
  finish(answer: IncomingMessage, request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/**
 * HTTP on kept-alive connections, where every wait has a deadline: jsforce's own transport waits for ever when a
 * connection is lost inside a body.
 * @param proxyEnv  HTTP_PROXY, HTTPS_PROXY and NO_PROXY; loopback addresses never go through a proxy
 */
export function httpClient(deadlines: Deadlines, proxyEnv: Readonly<Record<string, string | undefined>>): HttpClient {
  const options = { keepAlive: true, proxyEnv: withoutLoopback(proxyEnv) };
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  return {
    open: async (request) => openAnswer(request, agents, deadlines.headersMs),
    finish: async (answer, request) => finishAnswer(answer, request, deadlines.answerMs),
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

type Agents = Readonly<{ 'http:': HttpAgent; 'https:': HttpsAgent }>;

async function openAnswer(request: HttpRequest, agents: Agents, deadlineMs: number): Promise<IncomingMessage> {
  const { method, url, signal, body } = request;
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') throw new SyncError('CONFIG_INVALID', `${url.protocol} is not HTTP`);
  const headers = body === undefined ? request.headers : { ...request.headers, 'content-length': byteLength(body) };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), deadlineMs);
    const settle = (): void => {
      clearTimeout(timer);
    };
    const call = secure ? https.request : http.request;
    const sent = call(url, { method, headers, signal, agent: agents[secure ? 'https:' : 'http:'] });
    sent.once('response', (answer) => {
      settle();
      resolve(answer);
    });
    sent.once('error', (error) => {
      settle();
      reject(lost(error, request));
    });
    sent.end(body);
  });
}

async function finishAnswer(answer: IncomingMessage, request: HttpRequest, deadlineMs: number): Promise<HttpAnswer> {
  const timer = setTimeout(() => answer.destroy(new Error('the answer did not end in time')), deadlineMs);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bytesOf(answer)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const text = answer.headers['content-encoding'] === 'gzip' && bytes.length > 0 ? await unzip(bytes) : bytes;
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: text.toString('utf8') };
  } catch (error) {
    throw lost(error, request);
  } finally {
    clearTimeout(timer);
  }
}

/** A stream without an encoding gives buffers, which its type does not say. */
export function bytesOf(stream: Readable): AsyncIterable<Buffer> {
  return stream;
}

/** The connection failed or ended early; a stop that we asked for is thrown on as it is. */
function lost(error: unknown, { what, url, signal }: Pick<HttpRequest, 'what' | 'url' | 'signal'>): unknown {
  if (signal.aborted) return signal.reason;
  const { code, message } = isMap(error) ? error : {};
  const why = typeof code === 'string' ? code : String(message);
  return new SyncError('ORG_UNREACHABLE', `${what}: no answer from ${url.host} (${why})`, {
    cause: error,
    details: { transient: true },
  });
}

function withoutLoopback(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const bypass = ['localhost', '127.0.0.1', '::1'].join(',');
  const given = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return { ...env, no_proxy: given === '' ? bypass : `${given},${bypass}` };
}

function byteLength(text: string): string {
  return String(Buffer.byteLength(text));
}
