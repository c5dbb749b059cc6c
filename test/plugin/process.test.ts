import { describe, expect, it } from '@jest/globals';
import { startSluice } from '../support/cli.ts';
import { type Files, projectFolder, SOUND } from '../support/project-folder.ts';

/** Lints a project in a process of its own: how Node.js loads a file cannot be seen from within a test. */
async function lint(files: Files) {
  const project = {
    ...SOUND,
    'sync.config.yaml': `${SOUND['sync.config.yaml']}plugins: [${Object.keys(files)
      .filter((file) => file.startsWith('plugins/'))
      .map((file) => `./${file}`)
      .join(', ')}]\n`,
    ...files,
  };
  return startSluice(['lint', '--json', '--config', projectFolder(project)]).ended;
}

describe('a project anywhere on the disk', () => {
  it('has its plugins loaded without a build step, whatever package.json says, and may import sluice/plugin', async () => {
    const { stdout, stderr, exitCode } = await lint({
      'package.json': '{ "name": "village", "type": "commonjs" }',
      'plugins/village.ts': `import { definePlugin } from 'sluice/plugin';
import { louder } from './louder.ts';
export default definePlugin({ name: 'village', transforms: { shout: {
  what: 'Louder.',
  args: { type: 'object', required: ['times'], properties: { times: { type: 'integer' } } },
  run: (value: string | null, { times }) => louder(value, times) } } });`,
      'plugins/louder.ts': `export default { name: 'louder' };
export const louder = (value: string | null, times: number): string | null => value && value + '!'.repeat(times);`,
      'mappings/houses.yaml': (SOUND['mappings/houses.yaml'] ?? '').replace(
        'transform: [trim]',
        'transform: [trim, { village.shout: { times: 2 } }]',
      ),
    });

    expect(JSON.parse(stdout)).toMatchObject({ status: 0, result: { problems: [] } });
    expect(stderr).not.toContain('Warning');
    expect(exitCode).toBe(0);
  });

  it.each<readonly [string, Files, string, string]>([
    [
      'TypeScript that is more than types',
      { 'plugins/village.ts': `export default { name: 'village' };\n\nenum Color { Red }\n` },
      'The plugin ./plugins/village.ts cannot be loaded without a build step: TypeScript enum is not supported in strip-only mode (./plugins/village.ts:3).',
      'Write an object with `as const` for an enum',
    ],
    [
      'TypeScript that does not parse',
      { 'plugins/village.ts': `export default { name: 'village', ;\n` },
      'The plugin ./plugins/village.ts does not parse',
      '',
    ],
    [
      'an ES module that Node.js takes for another kind',
      { 'plugins/village.js': `export default { name: 'village' };`, 'package.json': '{ "type": "commonjs" }' },
      'The plugin ./plugins/village.js does not parse',
      'name it .mjs or .ts',
    ],
    [
      'a package that is not installed',
      { 'plugins/village.ts': `import x from 'no-such-package';\nexport default { name: 'village', x };` },
      "The plugin ./plugins/village.ts imports something that is not there: Cannot find package 'no-such-package'",
      'Install the package in the project',
    ],
  ])('is told of %s at the place that names the plugin', async (_what, files, message, suggestion) => {
    const { stdout, exitCode } = await lint(files);
    const { result } = JSON.parse(stdout) as {
      result: {
        problems: { file: string; line: number; column: number; message: string; suggestion: string | null }[];
      };
    };

    expect(exitCode).toBe(1);
    expect(result.problems).toMatchObject([{ file: 'sync.config.yaml', line: 4, column: 11 }]);
    expect(result.problems[0]?.message).toContain(message);
    expect(result.problems[0]?.suggestion ?? '').toContain(suggestion);
  });
});
