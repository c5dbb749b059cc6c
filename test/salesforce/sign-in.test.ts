import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { credentialsFrom } from '../../src/salesforce/settings.ts';
import { makeJwtKeys } from '../../src/simulator/auth/credentials.ts';
import { dockFor, orgForTest, settingsFor } from '../support/dock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const folder = scratchFolder();

function fileWith(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A command that answers as `sf` does: the first word that fits tells which JSON is printed. */
function sfCommand(answers: Readonly<Record<string, unknown>>): string {
  const cases = Object.entries(answers).map(([word, json]) => `*"${word}"*) echo '${JSON.stringify(json)}';;`);
  const missing = '{"status":127,"name":"CommandNotFound"}';
  const file = fileWith(
    `sf-${String(Math.random()).slice(2)}`,
    `#!/bin/sh\ncase "$*" in ${cases.join(' ')} *) echo '${missing}'; exit 127;; esac\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

/** Asks something that needs a session. */
async function answersTo(dock: Awaited<ReturnType<typeof dockFor>>): Promise<boolean> {
  return (await dock.salesforce.limits(dock.signal)).has('DailyApiRequests');
}

describe('signing in', () => {
  it.each(['client_credentials', 'demo', 'password', 'refresh_token'] as const)('works by %s', async (auth) => {
    const org = await orgForTest();
    const dock = await dockFor(settingsFor(org, { auth }));

    expect(await answersTo(dock)).toBe(true);
    expect(dock.salesforce.identity).toEqual({
      instanceUrl: org.url,
      orgId: org.id,
      userId: '0055e000000000AAAQ',
    });
  });

  it('works by jwt, with a key from a file', async () => {
    const { publicKey, privateKey } = makeJwtKeys();
    const org = await orgForTest({ jwtPublicKey: publicKey });
    const credentials = { ...org.credentials, privateKeyFile: fileWith('key.pem', privateKey) };

    expect(await answersTo(await dockFor(settingsFor(org, { auth: 'jwt', credentials })))).toBe(true);
  });

  it('works by access_token', async () => {
    const org = await orgForTest();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: org.credentials.clientId,
      client_secret: org.credentials.clientSecret,
    });
    const given = (await (await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    const credentials = { accessToken: given.access_token, instanceUrl: org.url };

    const dock = await dockFor(settingsFor(org, { auth: 'access_token', credentials }));

    expect(await answersTo(dock)).toBe(true);
    expect(dock.salesforce.identity.orgId).toMatch(/^00D/);
  });

  describe('by the sf CLI', () => {
    const TOKEN = '00D5e000000Demo!AQ.token';

    it('takes the address and the token from their own commands', async () => {
      const org = await orgForTest();
      const command = sfCommand({
        'show-access-token --target-org school --json': { status: 0, result: { accessToken: TOKEN } },
        'org display --target-org school --json': {
          status: 0,
          result: { instanceUrl: org.url, id: '00D5e000000Demo', accessToken: '[REDACTED]' },
        },
      });

      const { salesforce } = await dockFor(settingsFor(org, { auth: 'sf_cli', credentials: { targetOrg: 'school' } }), {
        sfCommand: command,
      });

      expect(salesforce.identity).toEqual({ instanceUrl: org.url, orgId: '00D5e000000Demo', userId: null });
    });

    it('takes the token of an older CLI from `org display`', async () => {
      const org = await orgForTest();
      const command = sfCommand({
        'org display --json': { status: 0, result: { instanceUrl: org.url, accessToken: TOKEN } },
      });

      const { salesforce } = await dockFor(settingsFor(org, { auth: 'sf_cli', credentials: {} }), {
        sfCommand: command,
      });

      expect(salesforce.identity.instanceUrl).toBe(org.url);
    });

    it('fails when the CLI hides the token', async () => {
      const org = await orgForTest();
      const command = sfCommand({
        'org display': { status: 0, result: { instanceUrl: org.url, accessToken: '[REDACTED] Use' } },
      });

      await expect(dockFor(settingsFor(org, { auth: 'sf_cli' }), { sfCommand: command })).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        message: 'the sf CLI gives no access token',
      });
    });

    it('fails with the name that the CLI gives the trouble', async () => {
      const org = await orgForTest();
      const command = sfCommand({ 'org display': { status: 1, name: 'NoOrgFound', message: 'none' } });

      await expect(dockFor(settingsFor(org, { auth: 'sf_cli' }), { sfCommand: command })).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        message: '`sf org display` fails: NoOrgFound',
      });
    });

    it('fails when there is no CLI', async () => {
      const org = await orgForTest();
      const command = path.join(folder, 'nothing-here');

      await expect(dockFor(settingsFor(org, { auth: 'sf_cli' }), { sfCommand: command })).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        actions: [expect.stringContaining('sf org login web')],
      });
    });
  });
});

describe('a login that cannot work', () => {
  it.each([
    ['client_credentials', { clientSecret: 'wrong' }],
    ['password', { password: 'wrong' }],
    ['refresh_token', { refreshToken: 'wrong' }],
  ] as const)('is refused once and never tried again: %s', async (auth, wrong) => {
    const org = await orgForTest();
    const credentials = { ...org.credentials, ...wrong };

    await expect(dockFor(settingsFor(org, { auth, credentials }))).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    expect(org.requests.filter(({ path: requested }) => requested.endsWith('/token'))).toHaveLength(1);
  });

  it('tells neither the secret nor more than Salesforce says', async () => {
    const org = await orgForTest();
    const credentials = { ...org.credentials, clientSecret: 'very-secret' };

    const failure: unknown = await dockFor(settingsFor(org, { credentials })).catch((error: unknown) => error);

    expect(failure).toMatchObject({
      message: expect.stringMatching(/^login at 127\.0\.0\.1:\d+: HTTP 400, invalid_client/),
    });
    expect(JSON.stringify(failure)).not.toContain('very-secret');
  });

  it.each([
    ['client_credentials', 'SF_CLIENT_ID, SF_CLIENT_SECRET'],
    ['jwt', 'SF_CLIENT_ID, SF_USERNAME, SF_PRIVATE_KEY_FILE'],
    ['refresh_token', 'SF_CLIENT_ID, SF_REFRESH_TOKEN'],
    ['access_token', 'SF_ACCESS_TOKEN, SF_INSTANCE_URL'],
  ] as const)('names the variables that %s needs before it asks anybody', async (auth, names) => {
    const org = await orgForTest();

    await expect(dockFor(settingsFor(org, { auth, credentials: {} }))).rejects.toMatchObject({
      code: 'AUTH_INCOMPLETE',
      message: `salesforce.auth is ${auth}, which needs ${names}`,
    });
    expect(org.requests).toHaveLength(0);
  });

  it('names a lightning address', async () => {
    const org = await orgForTest();
    const loginUrl = 'https://school.lightning.force.com';

    await expect(dockFor(settingsFor(org, { loginUrl }))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('names a key file that cannot be read, and one that is no key', async () => {
    const org = await orgForTest();
    const missing = { ...org.credentials, privateKeyFile: path.join(folder, 'none.pem') };
    const broken = { ...org.credentials, privateKeyFile: fileWith('broken.pem', 'not a key') };

    await expect(dockFor(settingsFor(org, { auth: 'jwt', credentials: missing }))).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining('cannot be read'),
    });
    await expect(dockFor(settingsFor(org, { auth: 'jwt', credentials: broken }))).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining('no RSA private key'),
    });
  });

  it('tries an org again that cannot be reached, and then says so', async () => {
    const org = await orgForTest();
    await org.close();
    const retries: string[] = [];

    await expect(
      dockFor(settingsFor(org), { retries: { tries: 3, firstPauseMs: 1 }, onRetry: ({ code }) => retries.push(code) }),
    ).rejects.toMatchObject({ code: 'ORG_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') });
    expect(retries).toEqual(['ORG_UNREACHABLE', 'ORG_UNREACHABLE']);
  });

  it('tells a web page from an answer', async () => {
    const org = await orgForTest();
    org.faults.add({ fault: { kind: 'status', status: 404, html: true }, path: 'oauth2/token' });

    await expect(dockFor(settingsFor(org))).rejects.toMatchObject({
      message: expect.stringContaining('HTTP 404, a web page instead of an answer'),
    });
  });

  it('is tried again when the login host is busy', async () => {
    const org = await orgForTest();
    org.faults.add({ fault: { kind: 'status', status: 503, html: true }, path: 'oauth2/token', times: 2 });

    const { retries } = await dockFor(settingsFor(org));

    expect(retries).toEqual(['login: ORG_BUSY', 'login: ORG_BUSY']);
  });
});

describe('credentials', () => {
  it('come from their variables; one that is set to nothing is not set', () => {
    expect(credentialsFrom({ SF_CLIENT_ID: 'id', SF_CLIENT_SECRET: '', OTHER: 'x', SF_TARGET_ORG: 'school' })).toEqual({
      clientId: 'id',
      targetOrg: 'school',
    });
  });
});
