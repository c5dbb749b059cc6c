import { verify } from 'node:crypto';
import type { Credentials } from './credentials.ts';

export interface AssertionDeps {
  readonly credentials: Credentials;
  readonly jwtPublicKey: string | null;
  readonly url: string;
  readonly now: Date;
}

interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

/** Salesforce takes an expiry a few minutes ahead and no more. */
const LONGEST_SECONDS = 5 * 60;
const LOGIN_HOSTS = new Set(['https://login.salesforce.com', 'https://test.salesforce.com']);

/** Why a signed assertion is refused; null where it signs somebody in. */
export function assertionProblem(assertion: string, deps: AssertionDeps): Refusal | null {
  const [head = '', body = '', signature = '', ...more] = assertion.split('.');
  const claims = jsonOf(body);
  if (more.length > 0 || claims === null || jsonOf(head)?.['alg'] !== 'RS256') return invalid('invalid assertion');
  if (claims['iss'] !== deps.credentials.clientId) {
    return { error: 'invalid_client_id', error_description: 'client identifier invalid' };
  }
  if (deps.jwtPublicKey === null) return invalid("user hasn't approved this consumer");
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, deps.jwtPublicKey, Buffer.from(signature, 'base64url'))) {
    return invalid('invalid assertion');
  }
  if (claims['aud'] !== deps.url && !LOGIN_HOSTS.has(String(claims['aud']))) return invalid('audience is invalid');
  const left = Number(claims['exp']) - deps.now.getTime() / 1000;
  if (!(left > 0) || left > LONGEST_SECONDS) return invalid('expired authorization code');
  if (claims['sub'] !== deps.credentials.username) return invalid("user hasn't approved this consumer");
  return null;
}

function invalid(description: string): Refusal {
  return { error: 'invalid_grant', error_description: description };
}

function jsonOf(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
