import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { http, HttpResponse } from 'msw';
import { dockFor, settingsFor } from '../support/dock.ts';
import { network } from '../support/network.ts';

const ORG = 'https://school.my.salesforce.com';

beforeAll(() => network.enable());
afterEach(() => network.resetHandlers());
afterAll(() => network.disable());

it('uses the newest refresh token where the org hands out a new one each time', async () => {
  const used: (string | null)[] = [];
  network.use(
    http.post(`${ORG}/services/oauth2/token`, async ({ request }) => {
      used.push(new URLSearchParams(await request.text()).get('refresh_token'));
      const name = `token-${String(used.length + 1)}`;
      return HttpResponse.json({ access_token: name, refresh_token: name, instance_url: ORG, id: `${ORG}/id/00D/005` });
    }),
    http.get(`${ORG}/services/data/v62.0/limits`, ({ request }) =>
      request.headers.get('authorization') === 'Bearer token-3'
        ? HttpResponse.json({})
        : HttpResponse.json([{ errorCode: 'INVALID_SESSION_ID', message: 'expired' }], { status: 401 }),
    ),
  );
  const credentials = { clientId: 'id', refreshToken: 'token-1' };
  const { salesforce, signal } = await dockFor({
    ...settingsFor({ url: ORG, credentials: {} as never }),
    auth: 'refresh_token',
    credentials,
  });

  await salesforce.limits(signal);

  expect(used).toEqual(['token-1', 'token-2']);
});
