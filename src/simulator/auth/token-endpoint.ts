import { createHmac, timingSafeEqual } from 'node:crypto';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Credentials } from './credentials.ts';
import { assertionProblem } from './jwt.ts';
import type { Sessions } from './sessions.ts';

export interface TokenDeps {
  readonly credentials: Credentials;
  /** In PEM; null where nobody may sign in by JWT. */
  readonly jwtPublicKey: string | null;
  readonly sessions: Sessions;
  readonly orgId: string;
  /** Where the org is, as its answers tell it. */
  readonly url: string;
  readonly now: Date;
}

/** A refused sign-in: an object, not an array as all other errors. */
export interface TokenProblem {
  readonly error: string;
  readonly error_description: string;
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** POST /services/oauth2/token */
export function tokenReply(form: URLSearchParams, authorization: string | undefined, deps: TokenDeps): Reply {
  const grant = form.get('grant_type') ?? '';
  const problem = grantProblem(grant, withBasic(form, authorization), deps);
  if (problem !== null) return jsonReply(problem, 400);
  const issuedAt = String(deps.now.getTime());
  const id = `https://login.salesforce.com/id/${deps.orgId}/0055e000000000AAAQ`;
  const token = {
    access_token: deps.sessions.open(),
    scope: 'api refresh_token',
    instance_url: deps.url,
    id,
    token_type: 'Bearer',
  };
  if (grant === JWT_BEARER) return jsonReply(token);
  const signature = createHmac('sha256', deps.credentials.clientSecret)
    .update(id + issuedAt)
    .digest('base64');
  return jsonReply({ ...token, signature, issued_at: issuedAt });
}

function grantProblem(grant: string, form: URLSearchParams, deps: TokenDeps): TokenProblem | null {
  const { credentials } = deps;
  switch (grant) {
    case 'client_credentials':
      return clientProblem(form, credentials);
    case JWT_BEARER:
      return assertionProblem(form.get('assertion') ?? '', deps);
    case 'refresh_token':
      return (
        clientProblem(form, credentials, { secretNeeded: false }) ??
        (same(form.get('refresh_token'), credentials.refreshToken)
          ? null
          : refusal('invalid_grant', 'expired access/refresh token'))
      );
    case 'password': {
      const password = credentials.password + credentials.securityToken;
      const right = same(form.get('username'), credentials.username) && same(form.get('password'), password);
      return clientProblem(form, credentials) ?? (right ? null : refusal('invalid_grant', 'authentication failure'));
    }
    default:
      return refusal('unsupported_grant_type', 'grant type not supported');
  }
}

function clientProblem(
  form: URLSearchParams,
  credentials: Credentials,
  rule = { secretNeeded: true },
): TokenProblem | null {
  if (!same(form.get('client_id'), credentials.clientId))
    return refusal('invalid_client_id', 'client identifier invalid');
  const secret = form.get('client_secret');
  if (secret === null && !rule.secretNeeded) return null;
  return same(secret, credentials.clientSecret) ? null : refusal('invalid_client', 'invalid client credentials');
}

/** Client id and secret may come in a Basic header instead of the body. */
function withBasic(form: URLSearchParams, authorization: string | undefined): URLSearchParams {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return form;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const merged = new URLSearchParams(form);
  merged.set('client_id', id);
  merged.set('client_secret', secret.join(':'));
  return merged;
}

function same(given: string | null, right: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refusal(error: string, description: string): TokenProblem {
  return { error, error_description: description };
}
