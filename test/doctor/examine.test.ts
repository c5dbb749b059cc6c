import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Check } from '../../src/doctor/check.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { ExamineDeps } from '../../src/doctor/examine-deps.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import { projectWithFunctions } from '../support/project.ts';

const refuse = () => Promise.reject(new Error('not asked for'));

/** Everything that the examination finds. */
async function found(changed: Partial<ExamineDeps>): Promise<Check[]> {
  const checks: Check[] = [];
  for await (const check of examine(deps(changed))) checks.push(check);
  return checks;
}

function throwing(reason: Error): () => Promise<never> {
  return async () => {
    throw reason;
  };
}

function deps(changed: Partial<ExamineDeps>): ExamineDeps {
  return {
    project: refuse,
    requireKey: refuse,
    plugins: async () => [],
    isReadable: refuse,
    database: refuse,
    salesforce: refuse,
    orgView: refuse,
    tableErrors: refuse,
    now: () => new Date(),
    nodeVersion: '24.21.0',
    freeBytes: async () => 5 * 1024 ** 3,
    signal: AbortSignal.timeout(1000),
    ...changed,
  };
}

describe('the examination', () => {
  it('tells that the configuration cannot be read, and does not guess at the rest', async () => {
    const project = throwing(new SyncError('CONFIG_INVALID', 'sync.config.yaml:3:1: broken'));

    const checks = await found({ project });

    expect(checks.map(({ name, status, code }) => [name, status, code])).toEqual([
      ['Node.js', 'ok', null],
      ['configuration', 'fail', 'CONFIG_INVALID'],
      ['disk', 'skipped', null],
      ['database', 'skipped', null],
      ['org', 'skipped', null],
    ]);
  });

  it('lists the plugins with what they offer, and looks for the files that mappings read', async () => {
    const { project } = await projectWithFunctions();
    const [mapping] = project.mappings;
    if (mapping === undefined) throw new Error('no mapping');
    const reading = (path: string, optional: boolean) => {
      const file = { path, id: ['Id'], delimiter: ',', optional };
      return { ...mapping, name: path, source: { ...mapping.source, file } };
    };
    const mappings = [reading('here.csv', false), reading('gone.csv', false), reading('maybe.csv', true)];
    const school = { name: 'school', file: './plugins/school.ts', functions: [], notifiers: [] };

    const checks = await found({
      project: async () => ({ ...project, mappings }),
      plugins: async () => [school],
      isReadable: async (path) => path === join(project.folder, 'here.csv'),
    });

    expect(checks.slice(2, 6).map(({ name, status, message }) => [name, status, message])).toEqual([
      ['plugin school', 'ok', './plugins/school.ts: no functions'],
      ['mapping here.csv', 'ok', 'here.csv can be read'],
      ['mapping gone.csv', 'fail', 'gone.csv is not there, or cannot be read.'],
      ['mapping maybe.csv', 'warn', 'maybe.csv is not there, or cannot be read.'],
    ]);
    expect(checks.filter(({ name }) => name.startsWith('mapping'))).toHaveLength(3);
  });

  it('looks for the key where records in quarantine are to be encrypted, before a run does', async () => {
    const { project } = await projectWithFunctions();
    const quarantine = { ...project.privacy.quarantine, record: 'encrypt' as const };
    const encrypting = { ...project, mappings: [], privacy: { ...project.privacy, quarantine } };
    const missing = throwing(new SyncError('QUARANTINE_KEY_MISSING', 'the key is not set'));
    const examined = async (requireKey: () => Promise<void>): Promise<readonly unknown[]> => {
      const checks = await found({ project: async () => encrypting, requireKey });
      return checks.filter(({ name }) => name === 'quarantine key').map(({ status, code }) => [status, code]);
    };

    expect(await examined(missing)).toEqual([['fail', 'QUARANTINE_KEY_MISSING']]);
    expect(await examined(async () => undefined)).toEqual([['ok', null]]);
  });

  it.each([
    ['22.18.0', 'fail'],
    ['22.19.0', 'ok'],
    ['24.0.0', 'ok'],
  ])('knows which Node.js will do: %s', async (nodeVersion, status) => {
    const [check] = await found({ nodeVersion });

    expect(check?.status).toBe(status);
  });

  it('never repeats what a foreign error says', async () => {
    const project = throwing(new Error('password=hunter2'));

    const checks = await found({ project });

    expect(JSON.stringify(checks)).not.toContain('hunter2');
  });
});
