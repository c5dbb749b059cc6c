import { readFile } from 'node:fs/promises';
import type { AuthKind } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';
import { jwtAssertion } from './jwt.ts';
import { type OAuthDeps, requestGrant } from './oauth.ts';
import type { SignIn } from './session.ts';
import { type ConnectSettings, CREDENTIAL_VARIABLES, type Credentials } from './settings.ts';
import { grantFromSfCli } from './sf-cli.ts';

export interface SignInDeps extends OAuthDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sfCommand: string;
  readonly now: () => Date;
}

/** One kind of login. @throws SyncError AUTH_INCOMPLETE when a credential is missing that it needs */
type Login = (settings: ConnectSettings, deps: SignInDeps) => SignIn;

const clientCredentials: Login = (settings, deps) => {
  const app = { ...needed(settings, ['clientId', 'clientSecret']), loginUrl: loginUrlOf(settings) };
  return (signal) => requestGrant({ grant_type: 'client_credentials' }, app, deps, signal);
};

/** The old flow, which newer orgs have switched off. */
const password: Login = (settings, deps) => {
  const given = needed(settings, ['clientId', 'clientSecret', 'username', 'password']);
  const { clientId, clientSecret, username } = given;
  const app = { clientId, clientSecret, loginUrl: loginUrlOf(settings) };
  const secret = given.password + (settings.credentials.securityToken ?? '');
  return (signal) => requestGrant({ grant_type: 'password', username, password: secret }, app, deps, signal);
};

const refreshToken: Login = (settings, deps) => {
  const given = needed(settings, ['clientId', 'refreshToken']);
  const { clientSecret } = settings.credentials;
  const app = { clientId: given.clientId, loginUrl: loginUrlOf(settings) };
  let newest = given.refreshToken;
  return async (signal) => {
    const form = { grant_type: 'refresh_token', refresh_token: newest };
    const grant = await requestGrant(form, clientSecret === undefined ? app : { ...app, clientSecret }, deps, signal);
    newest = grant.refreshToken ?? newest;
    return grant;
  };
};

const jwt: Login = (settings, deps) => {
  const { clientId, username, privateKeyFile } = needed(settings, ['clientId', 'username', 'privateKeyFile']);
  const loginUrl = loginUrlOf(settings);
  return async (signal) => {
    const privateKey = await readKey(privateKeyFile);
    const assertion = jwtAssertion({ clientId, username, loginUrl, privateKey, now: deps.now() });
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return requestGrant(form, { loginUrl }, deps, signal);
  };
};

/** A session that was handed to us cannot be renewed: the second login is a refusal. */
const accessToken: Login = (settings) => {
  const given = needed(settings, ['accessToken', 'instanceUrl']);
  const instanceUrl = usableUrl(given.instanceUrl, CREDENTIAL_VARIABLES.instanceUrl);
  const orgId = /^(00D\w{12,15})!/.exec(given.accessToken)?.[1] ?? null;
  let isUsed = false;
  return () => {
    if (isUsed) return Promise.reject(tokenRefused());
    isUsed = true;
    return Promise.resolve({ accessToken: given.accessToken, instanceUrl, orgId, userId: null });
  };
};

const sfCli: Login = ({ credentials }, { sfCommand, env }) => {
  const cli = { command: sfCommand, env, targetOrg: credentials.targetOrg };
  return (signal) => grantFromSfCli(cli, signal);
};

const LOGINS: Readonly<Record<AuthKind, Login>> = {
  demo: clientCredentials,
  client_credentials: clientCredentials,
  password,
  refresh_token: refreshToken,
  jwt,
  access_token: accessToken,
  sf_cli: sfCli,
};

/**
 * How this project signs in.
 * @throws SyncError AUTH_INCOMPLETE, CONFIG_INVALID, before anything is sent
 */
export const signInFor: Login = (settings, deps) => LOGINS[settings.auth](settings, deps);

function needed<Name extends keyof Credentials>(
  { auth, credentials }: ConnectSettings,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => (credentials[name] ?? '') === '');
  if (missing.length > 0) {
    const variables = missing.map((name) => CREDENTIAL_VARIABLES[name]).join(', ');
    throw new SyncError('AUTH_INCOMPLETE', `salesforce.auth is ${auth}, which needs ${variables}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name is in it, and was just found to be set
  return Object.fromEntries(names.map((name) => [name, credentials[name]])) as Record<Name, string>;
}

function loginUrlOf({ loginUrl }: ConnectSettings): string {
  return usableUrl(loginUrl, 'salesforce.login_url');
}

function usableUrl(url: string, name: string): string {
  if (!URL.canParse(url)) throw new SyncError('CONFIG_INVALID', `${name} is not an address`);
  if (!/\.lightning\.force\.com$/i.test(new URL(url).hostname)) return url;
  throw new SyncError('CONFIG_INVALID', `${name} is a lightning.force.com address, which no API answers at`, {
    actions: ['Use the address of My Domain: https://NAME.my.salesforce.com.'],
  });
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SyncError('AUTH_FAILED', 'the file that SF_PRIVATE_KEY_FILE names cannot be read', { cause });
  }
}

function tokenRefused(): SyncError {
  return new SyncError('AUTH_FAILED', 'the org refuses the access token: it has expired or was revoked', {
    actions: ['Set SF_ACCESS_TOKEN to a new one, or choose a kind of login that renews itself.'],
  });
}
