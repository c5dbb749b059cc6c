import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestProject, type TestProject } from '../support/cli.ts';

/** A plugin that stumbles over one district, and keeps the reports that its notifier is told. */
function watchPlugin(told: string): string {
  return `import { writeFileSync } from 'node:fs';
export default {
  name: 'watch',
  transforms: { fragile: { what: 'Stumbles.', run(value: string | null): string | null {
    if (value === 'Brittle') throw new Error('cannot bear ' + value);
    return value; } } },
  notifiers: {
    keep: { what: 'Keeps the report.', run: (report: object) => writeFileSync(${JSON.stringify(told)}, JSON.stringify(report)) },
    late: { what: 'Fails.', run: () => { throw new TypeError('no mail server'); } },
  },
};
`;
}

describe('the commands of a project with plugins', () => {
  let project: TestProject;
  let told: string;

  beforeAll(async () => {
    project = await openTestProject();
    told = path.join(project.folder, 'told.json');
    writeFileSync(path.join(project.folder, 'plugins/watch.ts'), watchPlugin(told));
    project.edit('sync.config.yaml', (text) =>
      text.replace(/^plugins: .*$/m, 'plugins: [./plugins/nonprofit.ts, ./plugins/watch.ts]'),
    );
    project.edit('mappings/districts.yaml', (text) =>
      text.replace(/^( +)name: .*$/m, '$1name: { from: Name, transform: [trim, watch.fragile] }'),
    );
    project.org.records.insert('Account', { Name: 'Brittle', Type: 'School District' });
  });

  afterAll(() => project.close());

  it('lint: knows the functions', async () => {
    const { exitCode, stdout } = await project.run('lint');

    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
  });

  it('lint: tells a function and an argument that do not exist', async () => {
    const undo = project.edit('mappings/districts.yaml', (text) =>
      text.replace('watch.fragile', 'watch.fragil, { nonprofit.us_address: { part: town } }'),
    );

    const { stdout } = await project.run('lint');
    undo();

    expect(stdout).toContain('watch.fragile');
    expect(stdout).toContain('"part" must be one of street, city, state, zip.');
  });

  it('doctor: lists the plugins with what they offer', async () => {
    const { stdout } = await project.run('doctor');

    expect(stdout).toMatch(/plugin nonprofit: \.\/plugins\/nonprofit\.ts: nonprofit\.us_address, /);
    expect(stdout).toContain('plugin watch: ./plugins/watch.ts: watch.fragile, watch.keep, watch.late');
  });

  it('plan: tells of a function that fails, and notifies nobody', async () => {
    const { stderr } = await project.run('plan', '--select', 'districts');

    expect(stderr).toContain('watch.fragile threw Error at ./plugins/watch.ts:5:');
    expect(stderr).not.toContain('watch.late');
    expect(existsSync(told)).toBe(false);
  });

  it('run: quarantines the record that a function fails for, tells where, and notifies at the end', async () => {
    const ran = await project.run('run', '--select', 'districts', '--json');
    const { result, warnings } = ran.json<{
      result: { run_id: string; status: string; steps: unknown[] };
      warnings: string[];
    }>();

    expect(ran.exitCode).toBe(0);
    expect(result.steps).toMatchObject([
      { counts: { quarantined: 1 }, quarantined: { 'TRANSFORM_FAILED district.name': 1 } },
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/^watch\.fragile threw Error at \.\/plugins\/watch\.ts:5:\d+\.$/),
      expect.stringMatching(/^watch\.late threw TypeError at \.\/plugins\/watch\.ts:\d+:\d+\.$/),
    ]);
    expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ run_id: result.run_id, status: result.status });
    expect(ran.stdout + ran.stderr).not.toContain('Brittle');
    expect(readFileSync(path.join(project.folder, '.sluice/logs/sluice.log'), 'utf8')).not.toContain('Brittle');
  });

  it('run: does nothing when a plugin cannot be loaded, and says where it is named', async () => {
    rmSync(told);
    writeFileSync(path.join(project.folder, 'plugins/broken.ts'), `export default { nam: 'broken' };`);
    const undo = project.edit('sync.config.yaml', (text) =>
      text.replace(/watch\.ts]/, 'watch.ts, ./plugins/broken.ts]'),
    );

    const { exitCode, stderr } = await project.run('run', '--select', 'districts');
    undo();

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /CONFIG_INVALID: sync\.config\.yaml:\d+:\d+: The plugin \.\/plugins\/broken\.ts has a key "nam"/,
    );
    expect(existsSync(told)).toBe(false);
  });
});
