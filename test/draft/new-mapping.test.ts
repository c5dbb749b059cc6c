import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lintProject } from '../../src/lint/lint-project.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

interface Failed {
  readonly code: string;
  readonly message: string;
  readonly actions: readonly string[];
}

interface Ran {
  readonly result: { readonly steps: readonly { readonly mapping: string; readonly counts: Record<string, number> }[] };
}

let project: TestProject;

beforeAll(async () => {
  project = await openTestProject();
});

afterAll(() => project.close());

const read = (file: string): string => readFileSync(path.join(project.folder, file), 'utf8');

async function failed(...argv: string[]): Promise<Failed & { readonly exitCode: number }> {
  const printed = await project.run(...argv, '--json');
  return { ...printed.json<Failed>(), exitCode: printed.exitCode };
}

/** What became of the records of one mapping. */
async function ran(mapping: string, ...flags: string[]): Promise<Record<string, number>> {
  const { result } = (await project.run('run', '--select', mapping, '--json', ...flags)).json<Ran>();
  return result.steps.find((step) => step.mapping === mapping)?.counts ?? {};
}

describe('sluice mapping new', () => {
  it('shows the files first when asked, and writes nothing', async () => {
    const { stdout, exitCode } = await project.run('mapping', 'new', 'Campaign', '--dry-run');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# mappings\/campaigns\.yaml\n# yaml-language-server/u);
    expect(existsSync(path.join(project.folder, 'mappings/campaigns.yaml'))).toBe(false);
  });

  it('drafts imports that lint has nothing against and that run as they stand', async () => {
    const campaigns = await project.run('mapping', 'new', 'campaign', '--json');
    const members = await project.run('mapping', 'new', 'CampaignMember');
    const { problems } = await lintProject({ file: project.config[1], environment: project.environment });

    expect(campaigns.json()).toMatchObject({
      status: 0,
      result: {
        object: 'Campaign',
        mapping: 'campaigns',
        table: 'campaign',
        written: true,
        links: [{ column: 'parent_id', table: 'campaign' }],
        files: [
          { path: 'mappings/campaigns.yaml', action: 'created' },
          { path: 'mappings/tables/campaign.yaml', action: 'created' },
          { path: 'mappings/maps/campaign_type.yaml', action: 'created' },
          { path: 'mappings/maps/campaign_status.yaml', action: 'created' },
        ],
      },
    });
    expect(members.stdout).toContain('Linked: campaign_id to campaign, contact_id to contact.');
    expect(members.stderr).toContain('sluice run --select campaign-members');
    expect(problems).toEqual([]);

    const [first, firstMembers] = [await ran('campaigns'), await ran('campaign-members')];
    const second = await ran('campaigns', '--full-refresh');
    const secondMembers = await ran('campaign-members', '--full-refresh');

    expect(first['read']).toBeGreaterThan(0);
    expect(first).toMatchObject({ inserted: first['read'], quarantined: 0, deferred: 0 });
    expect(second).toMatchObject({ read: first['read'], unchanged: first['read'], updated: 0, inserted: 0 });
    expect(firstMembers['read']).toBeGreaterThan(0);
    expect(firstMembers).toMatchObject({ inserted: firstMembers['read'], quarantined: 0, deferred: 0 });
    expect(secondMembers).toMatchObject({ unchanged: firstMembers['read'], updated: 0, inserted: 0 });
  });

  it.each([['Account'], ['Task'], ['EmailMessage'], ['Case'], ['Session__c']])(
    'does so for %s, too',
    async (object) => {
      const name = `draft-${object.toLowerCase().replaceAll('_', '-')}`;
      const table = `draft_${object.toLowerCase().replace(/__c$/u, '')}`;
      await project.run('mapping', 'new', object, '--name', name, '--table', table);
      const { problems } = await lintProject({ file: project.config[1], environment: project.environment });
      const counts = await ran(name);

      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(problems.filter(({ file }) => file.includes('draft'))).toEqual([]);
      expect(counts['read']).toBeGreaterThan(0);
      expect(counts['inserted']).toBe((counts['read'] ?? 0) - (counts['quarantined'] ?? 0));
    },
  );

  it('writes over nothing that is there, unless asked to', async () => {
    project.edit('mappings/campaigns.yaml', (text) => `${text}# ours\n`);

    const refused = await failed('mapping', 'new', 'Campaign');

    expect(refused).toMatchObject({ exitCode: 2, code: 'USAGE_INVALID' });
    expect(refused.message).toContain('mappings/campaigns.yaml');
    expect(refused.actions.join()).toContain('--force');
    expect(read('mappings/campaigns.yaml')).toMatch(/# ours\n$/u);

    await project.run('mapping', 'new', 'Campaign', '--force');

    expect(read('mappings/campaigns.yaml')).not.toContain('# ours');
  });

  it('leaves alone a table that another import fills', async () => {
    const refused = await failed('mapping', 'new', 'Contact', '--table', 'contact', '--force');

    expect(refused).toMatchObject({ exitCode: 2, code: 'USAGE_INVALID' });
    expect(refused.actions[0]).toContain('--table salesforce_contact');
    expect(existsSync(path.join(project.folder, 'mappings/contacts.yaml'))).toBe(false);
  });

  it.each([
    ['Campain', 'Campaign'],
    ['campaign member', 'CampaignMember'],
    ['Class', 'Class__c'],
    ['sessions', 'Session__c'],
  ])('knows what is meant by %s', async (given, meant) => {
    const refused = await failed('mapping', 'new', given);

    expect(refused).toMatchObject({ exitCode: 2, code: 'ORG_OBJECT_MISSING' });
    expect(refused.actions[0]).toContain(`"${meant}"`);
  });

  it.each([
    ['a field that is not there', ['--fields', 'Name,Statsu'], 'ORG_FIELD_MISSING', 'Did you mean "Status"?'],
    ['a phase that is not there', ['--phase', 'activty'], 'USAGE_INVALID', 'Did you mean "activity"?'],
    ['a name that is none', ['--name', 'My Campaigns'], 'USAGE_INVALID', 'Give one with --name.'],
    ['a table that is none', ['--table', 'Campaign'], 'USAGE_INVALID', 'Give one with --table.'],
  ])('refuses %s', async (_what, flags, code, action) => {
    const refused = await failed('mapping', 'new', 'Campaign', ...flags);

    expect(refused).toMatchObject({ exitCode: 2, code });
    expect(refused.actions).toContain(action);
  });

  it('takes only the fields that are named', async () => {
    const { stdout } = await project.run('mapping', 'new', 'Campaign', '--fields', 'Name, startdate', '--dry-run');

    expect(stdout).toContain('SELECT Id, Name, StartDate, SystemModstamp\n');
  });
});

describe('sluice mapping schema', () => {
  it.each(readdirSync('schemas').map((file) => file.replace('.schema.json', '')))(
    'prints that of a %s',
    async (name) => {
      const { stdout } = await project.run('mapping', 'schema', name);

      expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8')));
    },
  );

  it('prints that of a mapping when not told which', async () => {
    const { result } = (await project.run('mapping', 'schema', '--json')).json<{ result: { $id: string } }>();

    expect(result.$id).toContain('mapping.schema.json');
  });

  it('writes them all for the editors of another project', async () => {
    const folder = path.join(project.folder, 'schemas');

    const { exitCode } = await project.run('mapping', 'schema', '--write', folder);

    expect(exitCode).toBe(0);
    expect(readdirSync(folder)).toEqual(readdirSync('schemas'));
  });
});
