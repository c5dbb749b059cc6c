import { execFile } from 'node:child_process';
import { SyncError } from '../errors/sync-error.ts';
import { isMap } from '../config/is-record.ts';
import { type JsonObject, parseJson } from './json.ts';
import type { Grant } from './session.ts';

/** Longest wait for the CLI, which itself may ask the org for a new token. */
const DEADLINE_MS = 120_000;

export interface SfCli {
  /** The command, `sf` or a path. */
  readonly command: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name or alias; undefined for the CLI's own default. */
  readonly targetOrg: string | undefined;
}

/**
 * Borrows the session of the Salesforce CLI.
 * @throws SyncError AUTH_FAILED when the CLI is not there, knows no such org or gives no token
 */
export async function grantFromSfCli(cli: SfCli, signal: AbortSignal): Promise<Grant> {
  const org = await ask(cli, ['org', 'display'], signal);
  const instanceUrl = org['instanceUrl'];
  if (typeof instanceUrl !== 'string') throw failed('`sf org display` gives no instanceUrl');
  const accessToken = await tokenOf(cli, org, signal);
  return { accessToken, instanceUrl, orgId: text(org['id']), userId: null };
}

/** Since May 2026 `org display` hides the token and another command shows it; older CLIs lack that command. */
async function tokenOf(cli: SfCli, org: JsonObject, signal: AbortSignal): Promise<string> {
  let shown: unknown;
  let cause: unknown;
  try {
    shown = (await ask(cli, ['org', 'auth', 'show-access-token'], signal))['accessToken'];
  } catch (error) {
    signal.throwIfAborted();
    cause = error;
  }
  for (const token of [shown, org['accessToken']])
    if (typeof token === 'string' && /^00D\w+!/.test(token)) return token;
  throw failed('the sf CLI gives no access token', cause);
}

async function ask(cli: SfCli, words: readonly string[], signal: AbortSignal): Promise<JsonObject> {
  const target = cli.targetOrg === undefined ? [] : ['--target-org', cli.targetOrg];
  const said = await output(cli, [...words, ...target, '--json'], signal);
  const what = `\`sf ${words.join(' ')}\``;
  signal.throwIfAborted();
  const answer = parseJson(said);
  if (!isMap(answer)) throw failed(`${what} prints no JSON`);
  const result = answer['result'];
  if (answer['status'] === 0 && isMap(result)) return result;
  throw failed(`${what} fails: ${text(answer['name']) ?? 'no reason given'}`);
}

/** A CLI that fails still prints JSON, so its exit code says nothing more. */
async function output(cli: SfCli, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // Without NO_COLOR the JSON can carry colour codes.
    const env = { ...cli.env, NO_COLOR: '1', FORCE_COLOR: '0' };
    execFile(cli.command, args, { env, signal, timeout: DEADLINE_MS, maxBuffer: 16_000_000 }, (error, stdout) => {
      if (error?.code === 'ENOENT') reject(failed(`there is no command ${cli.command}`, error));
      else resolve(stdout);
    });
  });
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function failed(message: string, cause?: unknown): SyncError {
  return new SyncError('AUTH_FAILED', message, {
    cause,
    actions: ['Sign in with `sf org login web`, then set SF_TARGET_ORG to its alias and run `sluice doctor`.'],
  });
}
