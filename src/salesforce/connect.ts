import PQueue from 'p-queue';
import { ApiUsage } from './api-usage.ts';
import { type HttpClient, httpClient } from './http-client.ts';
import { loadJsforce } from './jsforce.ts';
import { OrgClient } from './org-client.ts';
import { OrgClock } from './org-clock.ts';
import { OrgDock } from './org-dock.ts';
import { type RetryNotice, retryWith } from './retry.ts';
import type { Salesforce } from './salesforce.ts';
import { Session } from './session.ts';
import { type ConnectSettings, DEADLINES, type Deadlines, RETRIES, type RetrySettings } from './settings.ts';
import { signInFor } from './sign-in.ts';

export type { Salesforce } from './salesforce.ts';

export interface ConnectDeps {
  /** For the proxy variables, and for the sf CLI. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the login; every later call takes a signal of its own. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly onRetry: (notice: RetryNotice) => void;
  /** The Salesforce CLI, when it is not `sf` on the path. */
  readonly sfCommand?: string;
  readonly deadlines?: Partial<Deadlines>;
  readonly retries?: Partial<RetrySettings>;
}

/** Requests open at once; the org itself allows 25 that take longer than 20 seconds. */
const CONCURRENCY = 8;

/**
 * Signs in and gives the dock to the org.
 * @throws SyncError AUTH_INCOMPLETE before anything is sent; AUTH_FAILED, ORG_UNREACHABLE and the like from the login
 */
export async function connect(settings: ConnectSettings, deps: ConnectDeps): Promise<Salesforce> {
  const deadlines = { ...DEADLINES, ...deps.deadlines };
  const http = httpClient(deadlines, deps.env);
  try {
    return await connectOver(http, deadlines, settings, deps);
  } catch (error) {
    http.close();
    throw error;
  }
}

async function connectOver(
  http: HttpClient,
  deadlines: Deadlines,
  settings: ConnectSettings,
  deps: ConnectDeps,
): Promise<Salesforce> {
  const { env, now, signal, onRetry, sfCommand = 'sf' } = deps;
  const jsforce = await loadJsforce();
  const session = new Session(signInFor(settings, { http, jsforce, env, sfCommand, now }));
  const usage = new ApiUsage(settings.apiBudget);
  const clock = new OrgClock();
  const retry = retryWith({ ...RETRIES, ...deps.retries }, onRetry);
  const grant = await retry('login', async () => session.grant(signal), signal);
  const org = new OrgClient({ http, session, usage, clock, queue: new PQueue({ concurrency: CONCURRENCY }) });
  return new OrgDock({
    identity: { instanceUrl: grant.instanceUrl, orgId: grant.orgId, userId: grant.userId },
    apiVersion: settings.apiVersion,
    jsforce,
    org,
    usage,
    clock,
    retry,
    deadlines,
    close: () => {
      http.close();
    },
  });
}
