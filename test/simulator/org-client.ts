import type { Org } from '../../src/simulator/org.ts';

/** A client that takes everything as it comes: it signs in, and asks. */
export interface OrgClient {
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly send: (method: string, path: string, body?: unknown) => Promise<Response>;
  readonly query: (soql: string) => Promise<QueryBody>;
  readonly queryAll: (soql: string) => Promise<QueryBody>;
  /** Creates a Bulk job and polls it until it is done. */
  readonly job: (query: string, more?: Record<string, string>) => Promise<Record<string, unknown>>;
  readonly page: (jobId: string, options?: { maxRecords?: number; locator?: string }) => Promise<Response>;
}

export interface QueryBody {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: Record<string, unknown>[];
}

export const API = '/services/data/v62.0';

export async function signIn(org: Org): Promise<OrgClient> {
  const { clientId, clientSecret } = org.credentials;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const { access_token: token } = (await (await askToken(org, form)).json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };

  const get: OrgClient['get'] = async (path, more = {}) => fetch(org.url + path, { headers: { ...headers, ...more } });
  const send: OrgClient['send'] = async (method, path, body) =>
    fetch(org.url + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ask = async (resource: string, soql: string): Promise<QueryBody> =>
    (await (await get(`${API}/${resource}?q=${encodeURIComponent(soql)}`)).json()) as QueryBody;
  const job: OrgClient['job'] = async (query, more = {}) => {
    const created = await send('POST', `${API}/jobs/query`, { operation: 'query', query, ...more });
    const { id } = (await created.json()) as { id: string };
    for (let polls = 0; polls < 20; polls += 1) {
      const info = (await (await get(`${API}/jobs/query/${id}`)).json()) as Record<string, unknown>;
      if (info['state'] !== 'UploadComplete' && info['state'] !== 'InProgress') return info;
    }
    throw new Error('the job never ended');
  };
  const page: OrgClient['page'] = async (jobId, { maxRecords, locator } = {}) => {
    const wishes = new URLSearchParams();
    if (maxRecords !== undefined) wishes.set('maxRecords', String(maxRecords));
    if (locator !== undefined) wishes.set('locator', locator);
    return get(`${API}/jobs/query/${jobId}/results?${wishes.toString()}`);
  };
  return {
    get,
    send,
    query: async (soql) => ask('query', soql),
    queryAll: async (soql) => ask('queryAll', soql),
    job,
    page,
  };
}

export async function askToken(
  org: Org,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${org.url}/services/oauth2/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
}

/** The one error of a refused call. */
export async function errorOf(response: Response): Promise<{ status: number; errorCode: string; message: string }> {
  const [error] = (await response.json()) as { errorCode: string; message: string }[];
  return { status: response.status, errorCode: error?.errorCode ?? '', message: error?.message ?? '' };
}
