import { sign } from 'node:crypto';
import { SyncError } from '../errors/sync-error.ts';

/** Three minutes is the usual advice: longer ones are refused when the clocks differ. */
const LIFETIME_SECONDS = 180;

export interface JwtClaims {
  /** The connected app's consumer key. */
  readonly clientId: string;
  readonly username: string;
  readonly loginUrl: string;
  /** PEM. */
  readonly privateKey: string;
  readonly now: Date;
}

/**
 * The signed assertion of the JWT bearer flow.
 * @throws SyncError AUTH_FAILED when the key cannot sign
 */
export function jwtAssertion({ clientId, username, loginUrl, privateKey, now }: JwtClaims): string {
  const claims = {
    iss: clientId,
    sub: username,
    // The login host and not the token's address: the org compares it as text.
    aud: new URL(loginUrl).origin,
    exp: Math.floor(now.getTime() / 1000) + LIFETIME_SECONDS,
  };
  const payload = `${base64({ alg: 'RS256', typ: 'JWT' })}.${base64(claims)}`;
  try {
    return `${payload}.${sign('RSA-SHA256', Buffer.from(payload), privateKey).toString('base64url')}`;
  } catch (cause) {
    throw new SyncError('AUTH_FAILED', 'the file that SF_PRIVATE_KEY_FILE names holds no RSA private key in PEM form', {
      cause,
    });
  }
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
