import { SyncError } from '../errors/sync-error.ts';
import { errorOf } from './classify.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import type { Carry, Jsforce } from './jsforce.ts';
import { isMap } from '../config/is-record.ts';
import { parseJson } from './json.ts';
import type { Grant } from './session.ts';

export interface OAuthApp {
  readonly loginUrl: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface OAuthDeps {
  readonly http: HttpClient;
  readonly jsforce: Jsforce;
}

export interface OAuthGrant extends Grant {
  /** The refresh token to use from now on, where the org hands out a new one with each use. */
  readonly refreshToken: string | null;
}

/**
 * Asks the token endpoint for a session.
 * @throws SyncError AUTH_FAILED when the org says no, else by what went wrong on the way
 */
export async function requestGrant(
  form: { readonly grant_type: string; readonly [field: string]: string },
  app: OAuthApp,
  { http, jsforce }: OAuthDeps,
  signal: AbortSignal,
): Promise<OAuthGrant> {
  const answer = await jsforce.oauth2(app, carryLogin(http, signal)).requestToken(form);
  const { access_token: accessToken, instance_url: instanceUrl, refresh_token: refreshToken, id } = answer;
  // jsforce gives what came as JSON, or what came and is none.
  if (typeof accessToken !== 'string' || typeof instanceUrl !== 'string' || typeof id !== 'string') {
    throw new SyncError('ORG_UNEXPECTED_ANSWER', `login at ${new URL(app.loginUrl).host}: the answer holds no session`);
  }
  const [orgId = null, userId = null] = id.split('/').slice(-2);
  return { accessToken, instanceUrl, orgId, userId, refreshToken: refreshToken ?? null };
}

/** Secrets travel in the body only, and of a refusal only Salesforce's own error is told. */
function carryLogin(http: HttpClient, signal: AbortSignal): Carry {
  return async ({ method, url, headers = {}, body }) => {
    const target = new URL(url);
    const what = `login at ${target.host}`;
    const request = { method, url: target, headers, body: String(body), signal, what };
    const answer = await http.finish(await http.open(request), request);
    if (answer.status !== 200) throw loginError(answer, what);
    // jsforce takes a web page or an empty answer apart as if it were a session.
    if (!isMap(parseJson(answer.body))) throw errorOf(answer, what);
    return answer;
  };
}

/** A login that was refused is never tried again: users get locked. */
function loginError(answer: HttpAnswer, what: string): SyncError {
  const error = errorOf(answer, what);
  const isRefusal = [400, 401, 403].includes(answer.status) && error.details?.['errorCode'] !== '';
  if (!isRefusal) return error;
  return new SyncError('AUTH_FAILED', error.message, { details: { ...error.details, transient: false } });
}
