import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareTables } from '../../src/app/prepare-tables.ts';
import { loadProject } from '../../src/config/load-project.ts';
import type { Project } from '../../src/config/project.ts';
import type { Database, Session } from '../../src/database/database.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { createTestDatabase } from '../support/database.ts';

/** What all seeds share: a database with the project's tables, and the project in each of its forms. */
export interface World {
  readonly url: string;
  readonly database: Database;
  readonly forms: ReadonlyMap<string, Project>;
  /** Tables of the project, and all rows of the state that a seed leaves. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The project as it is, and as somebody has changed it: a transform, a filter. */
const FORMS: Readonly<Record<string, readonly [file: string, from: string, to: string] | null>> = {
  plain: null,
  loud: ['mappings/students.yaml', 'from: Title, transform: [trim]', 'from: Title, transform: [trim, upper]'],
  wide: ['mappings/students.yaml', "= 'Student'", "IN ('Student', 'Teacher')"],
};

export async function openWorld(): Promise<World> {
  const { database, url, drop } = await createTestDatabase();
  const forms = await readForms();
  const [project] = forms.values();
  if (project === undefined) throw new Error('the fixture has no form');
  await prepareState(database);
  await prepareTables(database, project);
  const empty = await emptying(database);
  const keeper = await database.session();
  let resets = 0;
  return {
    url,
    database: { ...database, session: async () => Promise.resolve(kept(keeper)) },
    forms,
    reset: async () => {
      // Deleting is quicker for few rows, but nothing cleans up behind it: the server has no autovacuum.
      await database.query(resets % 50 === 0 ? empty.truncate : empty.remove);
      resets += 1;
    },
    close: async () => {
      await keeper.close();
      await drop();
    },
  };
}

/** One session for the locks of all runs that end by themselves: to open one takes as long as twenty statements. */
function kept(session: Session): Session {
  return {
    ...session,
    close: async () => {
      await session.query('SELECT pg_advisory_unlock_all()');
    },
  };
}

async function emptying(database: Database): Promise<{ readonly truncate: string; readonly remove: string }> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'sluice') AND c.relname NOT IN ('migration', 'mapping')`,
  );
  const names = rows.map(({ name }) => name);
  return {
    truncate: `TRUNCATE ${names.join(', ')}`,
    remove: `SET session_replication_role = replica; ${names.map((name) => `DELETE FROM ${name}`).join('; ')}; SET session_replication_role = origin`,
  };
}

async function readForms(): Promise<ReadonlyMap<string, Project>> {
  const fixture = fileURLToPath(new URL('../fixtures/torture', import.meta.url));
  const forms = new Map<string, Project>();
  for (const [form, change] of Object.entries(FORMS)) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-torture-'));
    cpSync(fixture, folder, { recursive: true });
    if (change !== null) {
      const [file, from, to] = change;
      const text = readFileSync(join(folder, file), 'utf8');
      if (!text.includes(from)) throw new RangeError(`${file} has no ${from}`);
      writeFileSync(join(folder, file), text.replace(from, to));
    }
    const { project, problems } = await loadProject({ file: join(folder, 'sync.config.yaml'), environment: {} });
    rmSync(folder, { recursive: true });
    if (project === null) throw new Error(problems.map(({ message }) => message).join('\n'));
    forms.set(form, project);
  }
  return forms;
}
