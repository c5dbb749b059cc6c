import type { App } from '../app.ts';
import type { Mapping } from '../config/mapping.ts';
import { findPending, type MissingParent } from '../pending/pending.ts';
import { knownOrg, refuseOtherOrg } from '../state/org.ts';

/** What waits for parents that are not here. @param offline  true to ask the org nothing */
export async function pendingOf(
  app: Pick<App, 'project' | 'state' | 'salesforce' | 'signal'>,
  mappings: readonly Mapping[],
  offline: boolean,
): Promise<readonly MissingParent[]> {
  const { project, signal } = app;
  const database = await app.state();
  const salesforce = offline ? null : await app.salesforce();
  if (salesforce !== null) await refuseOtherOrg(database, project.name, salesforce.identity);
  const instanceUrl = salesforce?.identity.instanceUrl ?? (await knownOrg(database, project.name))?.instanceUrl ?? null;
  return findPending(project, mappings, { database, salesforce, instanceUrl, signal, now: () => new Date() });
}
