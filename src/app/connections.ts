import type { Logger } from 'pino';
import type { Environment } from '../config/interpolate.ts';
import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { RetryNotice } from '../salesforce/retry.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import type { ConnectSettings } from '../salesforce/settings.ts';
import type { Closing } from './closing.ts';
import type { SimulatedOrgSize } from './simulated-org.ts';
import { rememberedSize, rememberSize } from './simulated-size.ts';
import { stateFolder } from './state-folder.ts';

export interface ConnectionDeps {
  readonly project: Project;
  readonly environment: Environment;
  readonly log: Logger;
  readonly closing: Closing;
  readonly notice: (text: string) => void;
  readonly signal: AbortSignal;
  readonly onRetry: (retry: RetryNotice) => void;
}

/** Opens the target database; an embedded one is started, and stopped when nobody uses it any more. */
export async function connectDatabase({ project, log, closing }: ConnectionDeps): Promise<Database> {
  const { url, schema } = project.database;
  const { openDatabase } = await import('../database/open-database.ts');
  const address = url === 'embedded' ? await embeddedUrl(project, closing) : url;
  const database = await openDatabase({ url: address, schema });
  closing.add(() => database.close());
  log.info(
    { kind: url === 'embedded' ? 'embedded' : 'server', serverVersion: database.serverVersion },
    'database open',
  );
  return database;
}

/** Address of the embedded server, which is started when it does not run. */
export async function embeddedUrl(project: Project, closing: Closing): Promise<string> {
  const { startEmbedded } = await import('../database/embedded/start-embedded.ts');
  const embedded = await startEmbedded({ folder: stateFolder(project) });
  closing.add(() => embedded.release());
  return embedded.url;
}

/**
 * Throws away the target tables and our state.
 * @throws SyncError USAGE_INVALID for any database but the embedded one
 */
export async function emptyEmbedded(database: Database, project: Project): Promise<void> {
  if (project.database.url !== 'embedded')
    throw new SyncError('USAGE_INVALID', 'Only an embedded database is emptied.');
  const { quoteName } = await import('../database/quote.ts');
  const schema = quoteName(project.database.schema);
  await database.query(`DROP SCHEMA IF EXISTS sluice, ${schema} CASCADE; CREATE SCHEMA ${schema}`);
}

/**
 * Logs in to the org; with `auth: demo` to the simulated one, which is started for it.
 * @param size  of the simulated org, where a command sets it; null for the one that it had before
 */
export async function connectOrg(deps: ConnectionDeps, size: SimulatedOrgSize | null): Promise<Salesforce> {
  const { credentialsFrom } = await import('../salesforce/settings.ts');
  const { project, environment, log, closing, notice } = deps;
  if (project.salesforce.auth !== 'demo') {
    return signIn({ ...project.salesforce, credentials: credentialsFrom(environment) }, deps);
  }
  const { startSimulatedOrg } = await import('./simulated-org.ts');
  notice(SIMULATED);
  if (size !== null) await rememberSize(project, size);
  const simulated = await startSimulatedOrg(size ?? (await rememberedSize(project)));
  closing.add(() => simulated.close());
  log.info({ instanceUrl: simulated.url }, 'simulated org started');
  const settings = { ...project.salesforce, auth: 'client_credentials' as const, loginUrl: simulated.url };
  return signIn({ ...settings, credentials: credentialsFrom(simulated.environment) }, deps);
}

async function signIn(settings: ConnectSettings, deps: ConnectionDeps): Promise<Salesforce> {
  const { connect } = await import('../salesforce/connect.ts');
  const { environment: env, signal, onRetry, log, closing } = deps;
  const salesforce = await connect(settings, { env, signal, onRetry, now: () => new Date() });
  closing.add(async () => salesforce.close());
  log.info({ auth: settings.auth, instanceUrl: salesforce.identity.instanceUrl }, 'org connected');
  return salesforce;
}

/** Said in every output of a command that reads from it. */
const SIMULATED = 'This is the simulated org (auth: demo): its records are invented, and nothing leaves this machine.';
