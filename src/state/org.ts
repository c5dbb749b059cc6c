import type { Queryable } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';

/** The org that a project's rows come from. */
export interface KnownOrg {
  /** With 18 characters. */
  readonly orgId: string;
  readonly instanceUrl: string;
}

/** @returns null before the first run that read from an org */
export async function knownOrg(database: Queryable, project: string): Promise<KnownOrg | null> {
  const { rows } = await database.query<{ org_id: string; instance_url: string }>(
    'SELECT org_id, instance_url FROM sluice.org WHERE project = $1',
    [project],
  );
  const row = rows[0];
  return row === undefined ? null : { orgId: row.org_id, instanceUrl: row.instance_url };
}

/** Who answers, as far as the login tells. */
interface FoundOrg {
  readonly orgId: string | null;
  readonly instanceUrl: string;
}

/**
 * Makes sure that the rows here come from this org, and remembers it where none is known. A login that does not tell
 * the org's id is taken as it is.
 * @throws SyncError ORG_CHANGED when they come from another one
 */
export async function holdOrg(database: Queryable, project: string, found: FoundOrg): Promise<void> {
  await refuseOtherOrg(database, project, found);
  const orgId = idOf(found);
  if (orgId === null) return;
  await database.query(
    'INSERT INTO sluice.org (project, org_id, instance_url) VALUES ($1, $2, $3) ON CONFLICT (project) DO NOTHING',
    [project, orgId, found.instanceUrl],
  );
}

function idOf({ orgId }: FoundOrg): string | null {
  return orgId === null ? null : toSalesforceId(orgId);
}

/** @throws SyncError ORG_CHANGED when the rows here come from another org */
export async function refuseOtherOrg(database: Queryable, project: string, identity: FoundOrg): Promise<void> {
  const known = await knownOrg(database, project);
  const orgId = idOf(identity);
  if (known === null || orgId === null || known.orgId === orgId) return;
  throw new SyncError(
    'ORG_CHANGED',
    `The rows here come from the org ${known.orgId} (${known.instanceUrl}), and this login leads to ${orgId} (${identity.instanceUrl}).`,
    { details: { known: known.orgId, found: orgId } },
  );
}

/**
 * Forgets which org the rows come from: the next run takes the one that it finds.
 * @returns whether one was known
 */
export async function forgetOrg(database: Queryable, project: string): Promise<boolean> {
  const { rowCount } = await database.query('DELETE FROM sluice.org WHERE project = $1', [project]);
  return rowCount > 0;
}
