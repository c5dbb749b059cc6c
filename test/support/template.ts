import { createHash } from 'node:crypto';
import type { Database } from '../../src/database/database.ts';

/** What a database holds from the start, where many tests want the same: it is made once and copied for each. */
export interface Template {
  /** The same for all that make the same. */
  readonly key: string;
  readonly fill: (database: Database) => Promise<void>;
}

/** The server on which templates are made. */
export interface TemplateServer {
  /** One connection, so that it can hold a lock; to the server's own database. */
  readonly admin: Database;
  readonly open: (name: string) => Promise<Database>;
}

/** Half the work of writing the copy to the log page by page, where nothing waits for the disk. */
export const COPY_FILES = 'STRATEGY file_copy';

const made = new Map<string, Promise<string>>();

/** @returns the name of a database that holds what the template says; made by whichever process asks first */
export function templateDatabase(template: Template, server: TemplateServer): Promise<string> {
  const known = made.get(template.key) ?? makeOnce(template, server);
  made.set(template.key, known);
  return known;
}

async function makeOnce({ key, fill }: Template, { admin, open }: TemplateServer): Promise<string> {
  const name = `template_${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
  const { rows } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rows.length === 0) {
    const half = `half_${name}`;
    await admin.query(`DROP DATABASE IF EXISTS ${half}`);
    await admin.query(`CREATE DATABASE ${half} ${COPY_FILES}`);
    const database = await open(half);
    try {
      await fill(database);
    } finally {
      await database.close();
    }
    // By its name, everybody else knows that it is whole.
    await admin.query(`ALTER DATABASE ${half} RENAME TO ${name}`);
  }
  await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
  return name;
}
