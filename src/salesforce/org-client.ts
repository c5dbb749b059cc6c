import type { IncomingMessage } from 'node:http';
import type PQueue from 'p-queue';
import { SyncError } from '../errors/sync-error.ts';
import { type ApiUsage, isCounted } from './api-usage.ts';
import { errorOf, isSessionExpired } from './classify.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.ts';
import type { OrgClock } from './org-clock.ts';
import type { Grant, Session } from './session.ts';

export interface OrgRequest {
  readonly method: string;
  /** Path with its query; the host is the session's. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** For messages: `describe Contact`. */
  readonly what: string;
  /** Made even when the API budget is spent: it tidies up after us. */
  readonly tidiesUp?: boolean;
}

export interface OrgClientDeps {
  readonly http: HttpClient;
  readonly session: Session;
  readonly usage: ApiUsage;
  readonly clock: OrgClock;
  /** Bounds how many requests are open at once. */
  readonly queue: PQueue;
}

/**
 * Every request that needs a session goes through here, result pages too: it is counted against the budget, given the
 * session, repeated once with a new one when the old has expired, and turned into an error unless it succeeded.
 */
export class OrgClient {
  readonly #deps: OrgClientDeps;

  constructor(deps: OrgClientDeps) {
    this.#deps = deps;
  }

  /** @throws SyncError by what the org answered; `details.transient` when the same request may succeed in a moment */
  async send(request: OrgRequest): Promise<HttpAnswer> {
    return this.#withSession(request, async (wire, answer) => this.#deps.http.finish(answer, wire));
  }

  /** The answer with its body still to come; only a success is given out. */
  async open(request: OrgRequest): Promise<IncomingMessage> {
    return this.#withSession(request, async (_wire, answer) => Promise.resolve(answer));
  }

  async #withSession<T>(request: OrgRequest, read: Reading<T>): Promise<T> {
    const { session } = this.#deps;
    const first = await session.grant(request.signal);
    const outcome = await this.#attempt(request, first, read);
    if (!('expired' in outcome)) return outcome.value;
    const fresh = await session.renew(first, request.signal);
    const second = await this.#attempt(request, fresh, read);
    if (!('expired' in second)) return second.value;
    throw new SyncError('ORG_SESSION_REFUSED', `${request.what}: the org refuses a session that it has just given out`);
  }

  async #attempt<T>(request: OrgRequest, grant: Grant, read: Reading<T>): Promise<Outcome<T>> {
    const { http, usage, clock, queue } = this.#deps;
    return queue.add(async () => {
      request.signal.throwIfAborted();
      if (request.tidiesUp === true) usage.takeAnyway();
      else usage.take();
      const wire = onTheWire(request, grant);
      const answer = await http.open(wire);
      usage.note(answer.headers);
      clock.note(answer.headers.date);
      if (answer.statusCode !== undefined && answer.statusCode >= 200 && answer.statusCode < 300) {
        return { value: await read(wire, answer) };
      }
      const failed = await http.finish(answer, wire);
      if (!isCounted(failed.status, failed.headers, failed.body)) usage.giveBack();
      if (isSessionExpired(failed)) return { expired: true };
      this.#easeOff(failed);
      throw errorOf(failed, request.what);
    });
  }

  /** An org that names concurrent requests is asked with half as many at once. */
  #easeOff({ status, body }: HttpAnswer): void {
    const { queue } = this.#deps;
    if (status === 403 && /concurrent/i.test(body)) queue.concurrency = Math.max(1, Math.floor(queue.concurrency / 2));
  }
}

type Reading<T> = (wire: HttpRequest, answer: IncomingMessage) => Promise<T>;
type Outcome<T> = { readonly value: T } | { readonly expired: true };

function onTheWire({ method, path, headers, body, signal, what }: OrgRequest, grant: Grant): HttpRequest {
  return {
    method,
    url: new URL(path, grant.instanceUrl),
    headers: {
      'accept-encoding': 'gzip',
      'sforce-call-options': 'client=sluice',
      ...headers,
      authorization: `Bearer ${grant.accessToken}`,
    },
    ...(body === undefined ? {} : { body }),
    signal,
    what,
  };
}
