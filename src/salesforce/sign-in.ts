import { readFile } from 'node:fs/promises';
import { SyncError } from '../errors/sync-error.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { errorOf } from './classify.ts';
import type { Carry, Jsforce } from './jsforce.ts';
import { jwtAssertion } from './jwt.ts';
import type { Grant, SignIn } from './session.ts';
import { type ConnectSettings, CREDENTIAL_VARIABLES, type Credentials } from './settings.ts';
import { grantFromSfCli } from './sf-cli.ts';

export interface SignInDeps {
  readonly http: HttpClient;
  readonly jsforce: Jsforce;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sfCommand: string;
  readonly now: () => Date;
}

/**
 * How this project signs in.
 * @throws SyncError AUTH_INCOMPLETE when a credential is missing that this kind of login needs
 */
export function signInFor(settings: ConnectSettings, deps: SignInDeps): SignIn {
  const { auth, loginUrl, credentials } = settings;
  switch (auth) {
    case 'demo':
    case 'client_credentials': {
      const { clientId, clientSecret } = needed(settings, ['clientId', 'clientSecret']);
      return oauth({ grant_type: 'client_credentials' }, { loginUrl, clientId, clientSecret }, deps);
    }
    case 'password': {
      const given = needed(settings, ['clientId', 'clientSecret', 'username', 'password']);
      const password = given.password + (credentials.securityToken ?? '');
      return oauth({ grant_type: 'password', username: given.username, password }, { loginUrl, ...given }, deps);
    }
    case 'refresh_token':
      return refreshing(settings, deps);
    case 'jwt':
      return jwt(settings, deps);
    case 'access_token':
      return once(needed(settings, ['accessToken', 'instanceUrl']));
    case 'sf_cli':
      return async (signal) =>
        await grantFromSfCli({ command: deps.sfCommand, env: deps.env, targetOrg: credentials.targetOrg }, signal);
  }
}

function needed<Name extends keyof Credentials>(
  { auth, credentials }: ConnectSettings,
  names: readonly Name[],
): Record<Name, string> {
  const missing = names.filter((name) => (credentials[name] ?? '') === '');
  if (missing.length > 0) {
    const variables = missing.map((name) => CREDENTIAL_VARIABLES[name]).join(', ');
    throw new SyncError('AUTH_INCOMPLETE', `salesforce.auth is ${auth}, which needs ${variables}`);
  }
  return Object.fromEntries(names.map((name) => [name, credentials[name]])) as Record<Name, string>;
}

function jwt(settings: ConnectSettings, deps: SignInDeps): SignIn {
  const { clientId, username, privateKeyFile } = needed(settings, ['clientId', 'username', 'privateKeyFile']);
  const { loginUrl } = settings;
  return async (signal) => {
    const privateKey = await readKey(privateKeyFile);
    const assertion = jwtAssertion({ clientId, username, loginUrl, privateKey, now: deps.now() });
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return await oauth(form, { loginUrl }, deps)(signal);
  };
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SyncError('AUTH_FAILED', 'the file that SF_PRIVATE_KEY_FILE names cannot be read', { cause });
  }
}

/** The org may hand out a new refresh token with each use and void the old one. */
function refreshing(settings: ConnectSettings, deps: SignInDeps): SignIn {
  const { clientId, refreshToken } = needed(settings, ['clientId', 'refreshToken']);
  const { clientSecret } = settings.credentials;
  const app = { loginUrl: settings.loginUrl, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
  let newest = refreshToken;
  return async (signal) => {
    const keep = (token: string): void => {
      newest = token;
    };
    return await oauth({ grant_type: 'refresh_token', refresh_token: newest }, app, deps, keep)(signal);
  };
}

/** A session that was handed to us cannot be renewed. */
function once({ accessToken, instanceUrl }: { accessToken: string; instanceUrl: string }): SignIn {
  let used = false;
  // eslint-disable-next-line typescript/require-await -- a login is asynchronous, also where this one is not
  return async () => {
    if (used) {
      throw new SyncError('AUTH_FAILED', 'the org refuses the access token: it has expired or was revoked', {
        actions: ['Set SF_ACCESS_TOKEN to a new one, or choose a kind of login that renews itself.'],
      });
    }
    used = true;
    const orgId = /^(00D\w{12,15})!/.exec(accessToken)?.[1] ?? null;
    return { accessToken, instanceUrl, orgId, userId: null };
  };
}

interface App {
  readonly loginUrl: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

function oauth(
  form: { grant_type: string; [field: string]: string },
  app: App,
  deps: SignInDeps,
  onRefreshToken: (token: string) => void = () => undefined,
): SignIn {
  const { loginUrl, clientId, clientSecret } = app;
  const options = {
    loginUrl: usableUrl(loginUrl),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
  return async (signal) => {
    const answer = await deps.jsforce.oauth2(options, carryLogin(deps.http, signal)).requestToken(form);
    if (typeof answer.access_token !== 'string' || typeof answer.instance_url !== 'string') {
      throw new SyncError('ORG_UNEXPECTED_ANSWER', `login at ${new URL(loginUrl).host}: the answer holds no session`);
    }
    if (typeof answer.refresh_token === 'string') onRefreshToken(answer.refresh_token);
    const [orgId, userId] = String(answer.id).split('/').slice(-2);
    return {
      accessToken: answer.access_token,
      instanceUrl: answer.instance_url,
      orgId: orgId ?? null,
      userId: userId ?? null,
    };
  };
}

function usableUrl(loginUrl: string): string {
  if (/\.lightning\.force\.com/i.test(loginUrl)) {
    throw new SyncError('CONFIG_INVALID', 'salesforce.login_url is a lightning.force.com address', {
      actions: ['Use the address of My Domain: https://NAME.my.salesforce.com.'],
    });
  }
  return loginUrl;
}

/** Secrets travel in the body only, and an answer's text is told only where it is Salesforce's own error. */
function carryLogin(http: HttpClient, signal: AbortSignal): Carry {
  return async ({ method, url, headers = {}, body }) => {
    const target = new URL(url);
    const what = `login at ${target.host}`;
    const request = { method, url: target, headers, body: String(body), signal, what };
    const answer = await http.finish(await http.open(request), request);
    if (answer.status !== 200) throw loginError(answer, what);
    return answer;
  };
}

function loginError(answer: HttpAnswer, what: string): SyncError {
  const error = errorOf(answer, what);
  const refused = [400, 401, 403].includes(answer.status) && error.details?.['errorCode'] !== '';
  if (!refused) return error;
  return new SyncError('AUTH_FAILED', error.message, { details: { ...error.details, transient: false } });
}
