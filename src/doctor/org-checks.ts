import type { Project } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { SourceObject } from '../flow/source-object.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { refuseOtherOrg } from '../state/org.ts';
import { type Check, fail, failed, look, ok, skipped, warn } from './check.ts';
import { knownObjects } from '../state/source-objects.ts';
import type { ExamineDeps } from './examine-deps.ts';
import { mappingChecks } from './mapping-checks.ts';

type OrgDeps = Pick<ExamineDeps, 'salesforce' | 'orgView' | 'database' | 'now' | 'signal'>;

/** A clock that is off by more makes a JWT login fail and windows overlap or miss. */
const MOST_SKEW_MS = 120_000;
/** Below this share of the day's calls, a run may stop in the middle. */
const FEW_CALLS = 0.1;

/** Does the login work, are there calls left, do the clocks agree, can every mapping's fields be read? */
export async function orgChecks(project: Project, deps: OrgDeps): Promise<readonly Check[]> {
  const asking = project.mappings.filter(({ source }) => source.file === null);
  let org: Salesforce;
  try {
    org = await deps.salesforce();
  } catch (error) {
    const rest = ['API calls', 'clock', ...asking.map(({ name }) => `mapping ${name}`)];
    return [failed('org', error), ...rest.map((name) => skipped(name, 'the org cannot be reached'))];
  }
  const before = await lastDescribed(deps);
  const mappings = await look('mappings', async () => mappingChecks(asking, await deps.orgView(asking, org), before));
  const { auth } = project.salesforce;
  const kind = auth === 'demo' ? 'the simulated org' : auth;
  return [
    await sameOrgCheck(org, project, kind, deps),
    ...(await look('API calls', () => callsCheck(org, project, deps))),
    ...(await look('clock', () => clockCheck(org, deps))),
    ...mappings,
  ];
}

/** Records of two orgs must not be mixed; where nothing is known yet, or no database answers, any org is the right one. */
async function sameOrgCheck(
  { identity }: Salesforce,
  { name }: Project,
  kind: string,
  { database }: OrgDeps,
): Promise<Check> {
  try {
    const opened = await database();
    const { rows } = await opened.query<{ there: boolean }>(`SELECT to_regclass('sluice.org') IS NOT NULL AS there`);
    if (rows[0]?.there === true) await refuseOtherOrg(opened, name, identity);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'ORG_CHANGED') return failed('org', error);
  }
  return ok('org', `${identity.instanceUrl} (${kind})`);
}

/** The objects as they were in the last run; none where there was none, or no database answers. */
async function lastDescribed({ database }: OrgDeps): Promise<readonly SourceObject[]> {
  try {
    const opened = await database();
    const { rows } = await opened.query<{ there: boolean }>(
      `SELECT to_regclass('sluice.source_object') IS NOT NULL AS there`,
    );
    return rows[0]?.there === true ? await knownObjects(opened) : [];
  } catch {
    return [];
  }
}

async function callsCheck(org: Salesforce, project: Project, { signal }: OrgDeps): Promise<Check> {
  const calls = (await org.limits(signal)).get('DailyApiRequests');
  if (calls === undefined) return warn('API calls', 'The org tells no limit.', 'Watch the limits in Setup instead.');
  const message = `${calls.remaining} of ${calls.max} left in this rolling day`;
  const share = calls.max === 0 ? 0 : calls.remaining / calls.max;
  const { keepFree } = project.salesforce.apiBudget;
  if (share <= keepFree) {
    return fail('API calls', message, 'A run would stop at once: wait, or lower salesforce.api_budget.keep_free.');
  }
  return share < keepFree + FEW_CALLS
    ? warn('API calls', message, 'Run later, when the quota has recovered.')
    : ok('API calls', message);
}

async function clockCheck(org: Salesforce, { now, signal }: OrgDeps): Promise<Check> {
  const skew = Math.abs((await org.serverNow(signal)).getTime() - now().getTime());
  const message = `${Math.round(skew / 1000)} s between the org's clock and ours`;
  return skew > MOST_SKEW_MS
    ? warn('clock', message, 'Set this machine’s clock (NTP): a JWT login needs it.')
    : ok('clock', message);
}
