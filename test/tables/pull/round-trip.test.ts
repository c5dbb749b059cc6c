import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadProject } from '../../../src/config/load-project.ts';
import type { Project } from '../../../src/config/project.ts';
import { lintProject } from '../../../src/lint/lint-project.ts';
import { checkTables } from '../../../src/tables/check.ts';
import { diffTables } from '../../../src/tables/diff.ts';
import type { Pulled } from '../../../src/tables/pull/pull-tables.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { asProjectFiles, madeBy, pull, TOOLS } from '../../support/existing-database.ts';
import { projectFolder } from '../../support/project-folder.ts';

const SETTINGS = { 'sync.config.yaml': 'version: 1\nproject: existing\ndatabase: { manage: false }\n' };

describe.each(TOOLS)('the tables that %s made', (tool) => {
  let test: TestDatabase;
  let pulled: Pulled;
  let config: string;
  let project: Project;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.query(madeBy(tool));
    pulled = await pull(test.database);
    if (process.env['SHOW']) {
      process.stdout.write(pulled.files.map((f) => `# ${f.file}\n${f.text}`).join('\n'));
      process.stdout.write(
        pulled.warnings.map((w) => `${w.code} ${w.table}.${w.column}: ${w.message} | ${w.next}`).join('\n') + '\n',
      );
    }
    config = projectFolder({ ...SETTINGS, ...asProjectFiles(pulled.files) });
    const loaded = await loadProject({ file: config, environment: {} });
    if (loaded.project === null)
      throw new Error(loaded.problems.map(({ message, file }) => `${file}: ${message}`).join('\n'));
    project = loaded.project;
  });

  afterAll(() => test.drop());

  it('have files that lint accepts as they stand', async () => {
    const { problems } = await lintProject({ file: config, environment: {} });

    expect(problems.filter(({ rule }) => rule !== 'unused-table')).toEqual([]);
  });

  it('do not differ from their files', async () => {
    const changes = await diffTables(test.database, [...project.tables.values()]);

    expect(changes.filter(({ kind }) => kind !== 'extra_table')).toEqual([]);
  });

  it('pass the check', async () => {
    expect(await checkTables(test.database, project)).toEqual([]);
  });
});
