import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenReply } from '../auth/token-endpoint.ts';
import { atMost, strikeOf, type Fault } from '../faults.ts';
import type { OrgState } from '../org-state.ts';
import { compositeRoutes } from './composite-routes.ts';
import { controlReply } from './control-routes.ts';
import { JOB_ROUTES } from './job-routes.ts';
import { readBody, refuseLongHead, type OrgRequest } from './org-request.ts';
import { notFound, Problem } from './problem.ts';
import { QUERY_ROUTES } from './query-routes.ts';
import { emptyReply, jsonReply, type Reply } from './reply.ts';
import { REPLICATION_ROUTES } from './replication-routes.ts';
import type { Route } from './route.ts';
import { SOBJECT_ROUTES } from './sobject-routes.ts';

const ROUTES: readonly Route[] = [
  ...QUERY_ROUTES,
  ...JOB_ROUTES,
  ...REPLICATION_ROUTES,
  ...SOBJECT_ROUTES,
  ...compositeRoutes(routed),
];

const OLDEST_VERSION = 31;
const NEWEST_VERSION = 68;

export interface Answer {
  readonly request: OrgRequest | null;
  readonly reply: Reply;
}

/** Everything from a request to its answer; refusals become answers here. */
export async function answer(message: IncomingMessage, org: OrgState): Promise<Answer> {
  const method = message.method ?? 'GET';
  const url = new URL(message.url ?? '/', org.url);
  const isControl = url.pathname.startsWith('/simulator/');
  const strikes = isControl ? [] : org.faults.strike(method, message.url ?? '/');
  const isToken = url.pathname === '/services/oauth2/token';
  let request: OrgRequest | null = null;
  try {
    refuseLongHead(message);
    request = { method, url, headers: message.headers, body: await readBody(message), strikes };
    if (isControl) return { request, reply: controlReply(request, org) };
    await strikeDown(request, org);
    if (strikeOf(strikes, 'drop')?.fault.before === true) return { request, reply: emptyReply() };
    return { request, reply: isToken ? token(request, org) : api(request, org) };
  } catch (error) {
    if (error instanceof Problem) return { request, reply: refusalReply(error, isToken) };
    throw error;
  }
}

/** Faults that come before the request is looked at. */
async function strikeDown({ strikes }: OrgRequest, org: OrgState): Promise<void> {
  const delay = strikeOf(strikes, 'delay');
  if (delay !== undefined) await Promise.race([sleep(delay.fault.ms, undefined, { ref: false }), delay.released]);
  const hold = strikeOf(strikes, 'hold');
  if (hold !== undefined) await atMost(hold.released, hold.fault.forMs);
  for (const { fault } of strikes) if (fault.kind === 'run') await fault.run();
  if (strikeOf(strikes, 'expire-session') !== undefined) org.sessions.expireAll();
  if (strikeOf(strikes, 'spent-limit') !== undefined) org.limit.spend();
  const status = strikeOf(strikes, 'status')?.fault;
  if (status !== undefined) throw statusProblem(status);
}

function token(request: OrgRequest, org: OrgState): Reply {
  if (request.method !== 'POST') throw new Problem(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed');
  const { credentials, jwtPublicKey, sessions, orgId, url } = org;
  const deps = { credentials, jwtPublicKey, sessions, orgId, url, now: org.now() };
  return tokenReply(new URLSearchParams(request.body), request.headers.authorization, deps);
}

function api(request: OrgRequest, org: OrgState): Reply {
  const { pathname } = request.url;
  if (pathname === '/services/oauth2/revoke') return emptyReply(200);
  if (/^\/services\/data\/?$/.test(pathname)) return jsonReply(versions());
  versionOf(pathname);
  org.sessions.check(request.headers.authorization);
  org.limit.use();
  const usage = /^\/services\/data\/[^/]+\/jobs\//.test(pathname) && !org.bulkLimitInfo ? {} : org.limit.header();
  try {
    const reply = routed(request, org);
    return { ...reply, headers: { ...reply.headers, ...usage } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.status, error.code, error.message, { ...error.headers, ...usage });
  }
}

/** What is left of a path is the route's. @throws Problem 404 and 410 for versions that are not there */
function versionOf(pathname: string): { apiPath: string; apiVersion: string; rest: string } {
  const found = /^(\/services\/data\/v(\d+\.\d))(\/.*)?$/.exec(pathname);
  const [, apiPath = '', apiVersion = '', rest = ''] = found ?? [];
  if (found === null || Number(apiVersion) > NEWEST_VERSION) throw notFound();
  if (Number(apiVersion) < OLDEST_VERSION) throw new Problem(410, 'GONE', 'This API version has been retired');
  return { apiPath, apiVersion, rest };
}

/** Answers a request that is already counted and let in. */
function routed(request: OrgRequest, org: OrgState): Reply {
  const { apiPath, apiVersion, rest } = versionOf(request.url.pathname);
  const matching = ROUTES.filter((candidate) => candidate.path.test(rest));
  const route = matching.find((candidate) => candidate.method === request.method);
  if (route === undefined) {
    throw matching.length === 0
      ? notFound()
      : new Problem(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed`);
  }
  const params = (route.path.exec(rest) ?? []).slice(1).map((part) => decodeURIComponent(part ?? ''));
  return route.handle({ request, org, params, apiPath, apiVersion });
}

function refusalReply(problem: Problem, isToken: boolean): Reply {
  const { status, code, message, headers } = problem;
  if (code === 'HTML') return { status, headers: { 'content-type': 'text/html', ...headers }, body: message };
  const body = isToken ? { error: code, error_description: message } : [{ message, errorCode: code }];
  return jsonReply(body, status, headers);
}

function statusProblem(fault: Extract<Fault, { kind: 'status' }>): Problem {
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  const message = fault.message ?? `made to answer ${String(fault.status)}`;
  if (fault.html !== true) return new Problem(fault.status, fault.code ?? codeOf(fault.status), message, headers);
  const page = `<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body><h1>${message}</h1></body></html>`;
  return new Problem(fault.status, 'HTML', page, headers);
}

function codeOf(status: number): string {
  if (status === 401) return 'INVALID_SESSION_ID';
  if (status === 404) return 'NOT_FOUND';
  return status === 503 ? 'SERVER_UNAVAILABLE' : 'UNKNOWN_EXCEPTION';
}

function versions(): { label: string; url: string; version: string }[] {
  const all = Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, at) => OLDEST_VERSION + at);
  return all.map((version) => {
    const season = ['Spring', 'Summer', 'Winter'][(version + 1) % 3] ?? '';
    return {
      label: `${season} API ${String(version)}`,
      url: `/services/data/v${String(version)}.0`,
      version: `${String(version)}.0`,
    };
  });
}
