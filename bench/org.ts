import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startSimulatedOrg } from '../src/app/simulated-org.ts';

/** The simulated org, as a process of its own. */
export interface Org {
  readonly url: string;
  /** Environment with which Sluice logs in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
  /** CPU seconds that it has used so far. */
  cpuSeconds(): Promise<number>;
  /** Gives this share of the students a new value and a new SystemModstamp. */
  change(share: number): Promise<void>;
  close(): Promise<void>;
}

export const API_VERSION = '62.0';
const PATH = `/services/data/v${API_VERSION}`;

/** @param bad  share of the students that no mapping can take; null for none beside the usual dirt */
export async function openOrg(students: number, bad: number | null): Promise<Org> {
  const started = await startSimulatedOrg({ port: 0, students, bad });
  const { url, credentials } = started;
  return {
    url,
    environment: { ...credentials, SF_AUTH: 'client_credentials', SF_LOGIN_URL: url },
    token: await login(url, credentials),
    cpuSeconds: async () => {
      const usage = (await (await fetch(`${url}/simulator/usage`)).json()) as { cpu: { user: number; system: number } };
      return (usage.cpu.user + usage.cpu.system) / 1e6;
    },
    change: async (share) => {
      await ok(await fetch(`${url}/simulator/change`, { method: 'POST', body: JSON.stringify({ share }) }));
    },
    close: () => started.close(),
  };
}

/** Asks by the Bulk API, as one does for so many records, and puts the result pages one behind the other. */
export async function downloadCsv(org: Org, soql: string, file: string): Promise<void> {
  const job = (await (
    await call(org, '/jobs/query', { method: 'POST', body: JSON.stringify({ operation: 'query', query: soql }) })
  ).json()) as { id: string };
  await untilDone(org, job.id);
  await pipeline(Readable.from(pages(org, job.id)), createWriteStream(file));
}

async function* pages(org: Org, job: string): AsyncGenerator<string> {
  let locator: string | null = null;
  do {
    const query: string = locator === null ? '' : `?locator=${locator}`;
    const answer = await call(org, `/jobs/query/${job}/results${query}`);
    const text = await answer.text();
    // Each page begins with the header; one is enough.
    yield locator === null ? text : text.slice(text.indexOf('\n') + 1);
    locator = answer.headers.get('sforce-locator');
  } while (locator !== null && locator !== 'null');
}

async function untilDone(org: Org, job: string): Promise<void> {
  const { state } = (await (await call(org, `/jobs/query/${job}`)).json()) as { state: string };
  if (state === 'JobComplete') return;
  if (state === 'Failed' || state === 'Aborted') throw new Error(`the org's job ended as ${state}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await untilDone(org, job);
}

async function login(url: string, credentials: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credentials['SF_CLIENT_ID'] ?? '',
    client_secret: credentials['SF_CLIENT_SECRET'] ?? '',
  });
  const answer = await ok(await fetch(`${url}/services/oauth2/token`, { method: 'POST', body }));
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function call(org: Org, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${org.token}`, 'content-type': 'application/json' };
  return ok(await fetch(`${org.url}${PATH}${path}`, { ...init, headers }));
}

async function ok(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return answer;
}
