import { access, constants, statfs } from 'node:fs/promises';
import type { App } from '../app.ts';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { orgView } from './org-view.ts';
import { tableErrors } from './prepare-tables.ts';

/**
 * Looks at everything that a run needs.
 * @param open  opens the app; throws when the configuration cannot be read, which is a finding like others
 */
export function openDoctor(open: () => Promise<App>): AsyncGenerator<Check, void, undefined> {
  const signal = AbortSignal.timeout(EXAMINATION_MS);
  let app: App | null = null;
  const opened = async (): Promise<App> => (app ??= await open());
  return examine({
    project: async () => (await opened()).project,
    requireKey: async () => (await opened()).requireKey([]),
    plugins: async () => (await opened()).plugins,
    database: async () => (await opened()).database(),
    salesforce: async () => (await opened()).salesforce(),
    orgView: async (mappings, org) => orgView(mappings, org, signal),
    tableErrors: async (database) => tableErrors(database, (await opened()).project),
    now: () => new Date(),
    nodeVersion: process.versions.node,
    freeBytes,
    isReadable: (path) =>
      access(path, constants.R_OK).then(
        () => true,
        () => false,
      ),
    signal,
  });
}

/** Whoever asks what is wrong shall have an answer, also when the org never gives one. */
const EXAMINATION_MS = 120_000;

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
