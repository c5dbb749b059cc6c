import type { SalesforceSettings } from '../config/project.ts';

/** What a login may need; which of these, depends on its kind. */
export interface Credentials {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly username?: string;
  readonly password?: string;
  readonly securityToken?: string;
  /** Path of the PEM file with the private key. */
  readonly privateKeyFile?: string;
  readonly refreshToken?: string;
  readonly accessToken?: string;
  readonly instanceUrl?: string;
  /** Name or alias that the sf CLI knows; without it, the CLI's own default. */
  readonly targetOrg?: string;
}

export interface ConnectSettings extends SalesforceSettings {
  readonly credentials: Credentials;
}

/** Which environment variable gives what. */
export const CREDENTIAL_VARIABLES = {
  clientId: 'SF_CLIENT_ID',
  clientSecret: 'SF_CLIENT_SECRET',
  username: 'SF_USERNAME',
  password: 'SF_PASSWORD',
  securityToken: 'SF_SECURITY_TOKEN',
  privateKeyFile: 'SF_PRIVATE_KEY_FILE',
  refreshToken: 'SF_REFRESH_TOKEN',
  accessToken: 'SF_ACCESS_TOKEN',
  instanceUrl: 'SF_INSTANCE_URL',
  targetOrg: 'SF_TARGET_ORG',
} as const satisfies Record<keyof Credentials, string>;

/** A variable that is set to nothing counts as not set. */
export function credentialsFrom(env: Readonly<Record<string, string | undefined>>): Credentials {
  const set = Object.entries(CREDENTIAL_VARIABLES).filter(([, variable]) => (env[variable] ?? '') !== '');
  return Object.fromEntries(set.map(([name, variable]) => [name, env[variable]]));
}

/** How long to wait for the org, in milliseconds. */
export interface Deadlines {
  /** From the request to the end of the headers: the org itself gives a query two minutes. */
  readonly headersMs: number;
  /** From the request to the end of a body that is read whole. */
  readonly answerMs: number;
  /** Without a single byte while a result page is being read. */
  readonly idleMs: number;
  /** For one result page, times not counted in which we did not read. */
  readonly pageMs: number;
}

export const DEADLINES: Deadlines = { headersMs: 150_000, answerMs: 240_000, idleMs: 60_000, pageMs: 1_200_000 };

/** How often to try again, and how long to wait between. */
export interface RetrySettings {
  /** Tries of one request, the first included. */
  readonly tries: number;
  /** Pause before the second try; it doubles, times a random factor from 1 to 2. */
  readonly firstPauseMs: number;
  /** A pause is never longer; an org that asks for more (Retry-After) is given up. */
  readonly longestPauseMs: number;
  /** Second and later tries that one run may make, all requests together. */
  readonly budget: number;
}

export const RETRIES: RetrySettings = { tries: 6, firstPauseMs: 500, longestPauseMs: 120_000, budget: 100 };
