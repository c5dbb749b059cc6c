import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

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

/** @param bad  share of the students that no mapping can take, beside the usual dirt */
export async function openOrg(students: number, bad = 0): Promise<Org> {
  const program = fileURLToPath(new URL('org-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, `--students=${students}`, `--bad=${bad}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the simulated org ended');
    return JSON.parse(value) as T;
  };
  const { url, clientId, clientSecret } = await answer<{ url: string; clientId: string; clientSecret: string }>();
  return {
    url,
    environment: {
      SF_AUTH: 'client_credentials',
      SF_LOGIN_URL: url,
      SF_CLIENT_ID: clientId,
      SF_CLIENT_SECRET: clientSecret,
    },
    token: await login(url, clientId, clientSecret),
    cpuSeconds: async () => {
      const usage = (await (await fetch(`${url}/simulator/usage`)).json()) as { cpu_ms: number };
      return usage.cpu_ms / 1000;
    },
    change: async (share) => {
      child.stdin.write(`change ${share}\n`);
      await answer();
    },
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** An org as far as one needs it to send requests. */
type Reached = Pick<Org, 'url' | 'token'>;

/** Asks by the Bulk API, as one does for so many records, and puts the result pages one behind the other. */
export async function downloadCsv(org: Reached, soql: string, file: string): Promise<void> {
  const job = (await (
    await call(org, '/jobs/query', { method: 'POST', body: JSON.stringify({ operation: 'query', query: soql }) })
  ).json()) as { id: string };
  await untilDone(org, job.id);
  await pipeline(Readable.from(pages(org, job.id)), createWriteStream(file));
}

async function* pages(org: Reached, job: string): AsyncGenerator<string> {
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

async function untilDone(org: Reached, job: string): Promise<void> {
  const { state } = (await (await call(org, `/jobs/query/${job}`)).json()) as { state: string };
  if (state === 'JobComplete') return;
  if (state === 'Failed' || state === 'Aborted') throw new Error(`the org's job ended as ${state}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await untilDone(org, job);
}

async function login(url: string, id: string, secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const answer = await ok(await fetch(`${url}/services/oauth2/token`, { method: 'POST', body }));
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function call(org: Reached, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${org.token}`, 'content-type': 'application/json' };
  return ok(await fetch(`${org.url}${PATH}${path}`, { ...init, headers }));
}

async function ok(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return answer;
}
