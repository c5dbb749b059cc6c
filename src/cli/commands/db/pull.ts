import path from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { SyncError } from '../../../errors/sync-error.ts';
import type { PulledFile } from '../../../tables/pull/pull-tables.ts';
import type { PullWarning } from '../../../tables/pull/pulled.ts';
import { BaseCommand } from '../../base-command.ts';
import { tableText } from '../../rows.ts';
import { counted, nextStepsText, paint } from '../../text.ts';

interface PullReport {
  readonly schema: string;
  readonly written: boolean;
  readonly files: readonly (Omit<PulledFile, 'file'> & { readonly path: string })[];
  /** What no table file can say. */
  readonly not_said: readonly PullWarning[];
}

export default class DbPull extends BaseCommand {
  static override summary = 'Write a table file for each table of an existing database.';
  static override description =
    'Reads the catalogue of the database, and no row: columns, types, keys, references, indexes, checks, enums, ' +
    'defaults, comments. What a table file cannot say is listed with what to do about it. Columns whose names look ' +
    'personal are marked so: look through them. A table file that is there stays as it is; with --force it is written ' +
    'anew, and descriptions, owner, pii, touch and x- keys are kept. The database is not changed.';
  static override examples = [
    '<%= config.bin %> db pull',
    '<%= config.bin %> db pull contact school --dry-run',
    '<%= config.bin %> db pull --schema crm --output mappings/tables --force',
  ];
  static override args = {
    tables: Args.string({
      multiple: true,
      description: 'Only these tables, spelled as in the database. Default: all of the app.',
    }),
  };
  static override flags = {
    schema: Flags.string({ summary: 'The schema to read. Default: database.schema of the project.' }),
    output: Flags.string({ summary: "The folder for the files. Default: the project's mappings/tables." }),
    force: Flags.boolean({ summary: 'Write files anew that are there; what only a person knows is kept.' }),
    'dry-run': Flags.boolean({ summary: 'Print the files and write nothing.' }),
  };

  async run(): Promise<PullReport> {
    const { args, flags } = await this.parse(DbPull);
    const app = await this.openApp(flags, { settingsOnly: true });
    const { readTableFiles } = await import('../../../config/load-settings.ts');
    const { pullTables } = await import('../../../tables/pull/pull-tables.ts');
    const { writePulled } = await import('../../../tables/pull/write-files.ts');
    const { folder: project, database } = app.project;
    const schema = flags.schema ?? database.schema;
    if (schema === STATE_SCHEMA) {
      throw new SyncError('USAGE_INVALID', `The schema "${STATE_SCHEMA}" is Sluice's own state: no import writes it.`);
    }
    const folder = flags.output === undefined ? path.join(project, 'mappings/tables') : path.resolve(flags.output);
    const { files, warnings } = await pullTables(await app.database(), {
      tables: args.tables ?? [],
      schema,
      files: await readTableFiles(folder),
      force: flags.force,
      schemaPath: posix(path.relative(folder, path.join(project, 'schemas/table.schema.json'))),
    });
    const dryRun = flags['dry-run'];
    if (!dryRun) await writePulled(files, folder);
    const shown = files.map(({ file, ...rest }) => ({ path: shownPath(project, path.join(folder, file)), ...rest }));
    this.print(dryRun ? shown.map((file) => `# ${file.path}\n${file.text}`).join('\n') : summaryText(shown));
    for (const warning of warnings) this.tell(warningText(warning));
    this.tell(nextStepsText(nextSteps(shown, schema === database.schema, dryRun)));
    return { schema, written: !dryRun, files: shown, not_said: warnings };
  }
}

const STATE_SCHEMA = 'sluice';

function posix(file: string): string {
  return file.split(path.sep).join('/');
}

/** Relative to the project where it lies in it. */
function shownPath(project: string, file: string): string {
  const inside = path.relative(project, file);
  return inside.startsWith('..') ? file : posix(inside);
}

function summaryText(files: PullReport['files']): string {
  if (files.length === 0) return '';
  const rows = files.map((file) => [file.path, counted(file.columns, 'column'), file.action]);
  return tableText(['file', '', ''], rows);
}

function warningText({ table, column, message, next }: PullWarning): string {
  return `${paint('yellow', column === null ? table : `${table}.${column}`)}: ${message}\n    ${next}`;
}

function nextSteps(files: PullReport['files'], isProjectSchema: boolean, dryRun: boolean): string[] {
  const kept = files.filter(({ action }) => action === 'kept').length;
  if (dryRun) return [];
  return [
    ...(files.length === 0 ? ['No table could be pulled: see what is said above, or check the schema.'] : []),
    ...(kept === 0 ? [] : [`${counted(kept, 'file')} kept. With --force they are written anew, but for your remarks.`]),
    ...(isProjectSchema ? [] : ['Set database.schema in sync.config.yaml to this schema: imports write only there.']),
    ...(kept === files.length
      ? []
      : ["Look through the files: which columns are personal (pii), which are the app's own (owner: local)."]),
    'sluice db diff     tells how files and database differ',
  ];
}
