import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeJwtKeys } from '../../src/simulator/auth/credentials.ts';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, askToken, errorOf, signIn } from './org-client.ts';

const keys = makeJwtKeys();
let org: Org;

beforeAll(async () => {
  org = await startOrg({ students: 10, schools: 2, jwtPublicKey: keys.publicKey });
});
afterAll(async () => {
  await org.close();
});

function assertion(claims: Record<string, unknown> = {}, key = keys.privateKey): string {
  const all = {
    iss: org.credentials.clientId,
    sub: org.credentials.username,
    aud: 'https://login.salesforce.com',
    exp: Math.floor(Date.now() / 1000) + 120,
    ...claims,
  };
  const text = [{ alg: 'RS256' }, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

async function tokenBody(form: Record<string, string>, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await askToken(org, form, headers);
  return { status: response.status, ...((await response.json()) as object) };
}

const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

describe('the token endpoint', () => {
  it('takes client credentials from the body or a Basic header', async () => {
    const { clientId, clientSecret } = org.credentials;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const inBody = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };

    const expected = {
      status: 200,
      access_token: expect.stringMatching(/^00D.*!/),
      instance_url: org.url,
      token_type: 'Bearer',
      issued_at: expect.stringMatching(/^\d{13}$/),
      signature: expect.any(String),
    };
    expect(await tokenBody(inBody)).toMatchObject(expected);
    expect(await tokenBody({ grant_type: 'client_credentials' }, { authorization: `Basic ${basic}` })).toMatchObject(
      expected,
    );
  });

  it('takes a password with the security token behind it, and a refresh token', async () => {
    const { clientId, clientSecret, username, password, securityToken, refreshToken } = org.credentials;
    const app = { client_id: clientId, client_secret: clientSecret };

    expect(
      await tokenBody({ grant_type: 'password', ...app, username, password: password + securityToken }),
    ).toMatchObject({ status: 200 });
    expect(
      await tokenBody({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken }),
    ).toMatchObject({ status: 200 });
    expect(await tokenBody({ grant_type: 'password', ...app, username, password })).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description: 'authentication failure',
    });
    expect(await tokenBody({ grant_type: 'refresh_token', ...app, refresh_token: 'old' })).toMatchObject({
      error: 'invalid_grant',
      error_description: 'expired access/refresh token',
    });
  });

  it('takes a signed assertion, and answers it without signature and issued_at', async () => {
    const body = await tokenBody({ grant_type: JWT, assertion: assertion() });

    expect(body).toMatchObject({ status: 200, instance_url: org.url });
    expect(body).not.toHaveProperty('issued_at');
  });

  it.each([
    ['another audience', { aud: 'https://login.salesforce.com/services/oauth2/token' }, 'audience is invalid'],
    ['another user', { sub: 'nobody@nowhere.example' }, "user hasn't approved this consumer"],
    ['a past expiry', { exp: Math.floor(Date.now() / 1000) - 5 }, 'expired authorization code'],
    ['a far expiry', { exp: Math.floor(Date.now() / 1000) + 3600 }, 'expired authorization code'],
  ])('refuses an assertion with %s', async (_what, claims, description) => {
    expect(await tokenBody({ grant_type: JWT, assertion: assertion(claims) })).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description: description,
    });
  });

  it('refuses an assertion that another key signed, and one that is none', async () => {
    const refused = { status: 400, error: 'invalid_grant', error_description: 'invalid assertion' };

    expect(await tokenBody({ grant_type: JWT, assertion: assertion({}, makeJwtKeys().privateKey) })).toEqual(refused);
    expect(await tokenBody({ grant_type: JWT, assertion: 'a.b.c' })).toEqual(refused);
  });

  it('names what is wrong with the app', async () => {
    const { clientId } = org.credentials;
    const grant = { grant_type: 'client_credentials' };

    expect(await tokenBody({ ...grant, client_id: 'x', client_secret: 'y' })).toMatchObject({
      status: 400,
      error: 'invalid_client_id',
    });
    expect(await tokenBody({ ...grant, client_id: clientId, client_secret: 'y' })).toMatchObject({
      error: 'invalid_client',
    });
    expect(await tokenBody({ grant_type: 'magic' })).toMatchObject({ error: 'unsupported_grant_type' });
  });
});

describe('a session', () => {
  it('is needed for all but the list of versions', async () => {
    const versions = (await (await fetch(`${org.url}/services/data`)).json()) as { version: string; url: string }[];
    const refused = await fetch(`${org.url}${API}/limits`, { headers: { authorization: 'Bearer 00Dwrong!token' } });

    expect(versions).toContainEqual(expect.objectContaining({ version: '62.0', url: API }));
    expect(await errorOf(refused)).toEqual({
      status: 401,
      errorCode: 'INVALID_SESSION_ID',
      message: 'Session expired or invalid',
    });
  });

  it('dies when it is told to, and a new one lives', async () => {
    const old = await signIn(org);
    org.expireSessions();
    const fresh = await signIn(org);

    expect((await old.get(`${API}/limits`)).status).toBe(401);
    expect((await fresh.get(`${API}/limits`)).status).toBe(200);
  });

  it('can be good for a few requests only', async () => {
    const brief = await startOrg({ students: 10, requestsPerToken: 2 });
    const client = await signIn(brief);

    const statuses = [];
    for (let request = 0; request < 3; request += 1) statuses.push((await client.get(`${API}/limits`)).status);
    await brief.close();

    expect(statuses).toEqual([200, 200, 401]);
  });
});

describe('the API', () => {
  it('refuses what a real org refuses', async () => {
    const client = await signIn(org);

    expect(await errorOf(await client.get(`${API}/nothing`))).toMatchObject({ status: 404, errorCode: 'NOT_FOUND' });
    expect((await client.get('/services/data/v99.0/limits')).status).toBe(404);
    expect((await client.get('/services/data/v20.0/limits')).status).toBe(410);
    expect((await client.send('PUT', `${API}/limits`)).status).toBe(405);
    const long = encodeURIComponent(`SELECT Id FROM Contact WHERE Id IN (${"'003000000000001',".repeat(1000)})`);
    expect((await client.get(`${API}/query?q=${long}`)).status).toBe(414);
  });

  it('counts requests against the daily limit, tells so in each answer, and refuses when it is spent', async () => {
    const small = await startOrg({ students: 10, dailyApiRequests: 2 });
    const client = await signIn(small);

    const first = await client.get(`${API}/limits`);
    const second = await client.get(`${API}/limits`);
    const third = await client.get(`${API}/limits`);
    await fetch(`${small.url}/simulator/usage`, { method: 'DELETE' });
    const newDay = await client.get(`${API}/limits`);
    await small.close();

    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/2');
    expect(await second.json()).toMatchObject({ DailyApiRequests: { Max: 2, Remaining: 0 } });
    expect(third.headers.get('sforce-limit-info')).toBe('api-usage=2/2');
    expect(await errorOf(third)).toMatchObject({ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED' });
    expect(newDay.headers.get('sforce-limit-info')).toBe('api-usage=1/2');
  });
});
