import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { App } from '../../../app.ts';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { chosenMappings } from '../../chosen-mappings.ts';
import { counted } from '../../text.ts';

export default class StateReset extends BaseCommand {
  static override summary = 'Forget how far mappings have been read: the next run reads everything again.';
  static override description =
    'No row is touched, and nothing is loaded twice: records that are here as they are in the org count as unchanged. ' +
    '--org is for after ORG_CHANGED, when you are sure that the login leads to the right org: what is read next is ' +
    'taken for the same records under the same ids. Then `sluice run --full-refresh`, so that older states count, too. ' +
    '--schema is for after SCHEMA_CHANGED, when the tables were moved to another schema of the same database. ' +
    '--import is for after IMPORT_CHANGED, when it is the same import: what the mapping reads or writes has changed.';
  static override examples = [
    '<%= config.bin %> state reset students',
    '<%= config.bin %> state reset --all',
    '<%= config.bin %> state reset --org',
    '<%= config.bin %> state reset --schema',
    '<%= config.bin %> state reset students --import',
  ];
  static override strict = false;
  static override args = { mapping: Args.string({ description: 'The mappings.' }) };
  static override flags = {
    all: Flags.boolean({ summary: 'All mappings.' }),
    org: Flags.boolean({
      summary: 'All mappings, and which org the rows come from: the next run takes the one it finds.',
    }),
    schema: Flags.boolean({
      summary: 'All mappings, and which schema their rows are in: the next run takes the one of the project.',
    }),
    import: Flags.boolean({
      summary: 'Also which imports the names of these mappings stand for: the next run takes those of the project.',
    }),
  };

  async run(): Promise<{ readonly reset: readonly string[] }> {
    const { argv, flags } = await this.parse(StateReset);
    const isForAll = flags.all || flags.org || flags.schema;
    if (argv.length > 0 && isForAll) {
      throw new SyncError('USAGE_INVALID', '--all, --org and --schema are for all mappings: name none with them.');
    }
    if (argv.length === 0 && !isForAll) {
      throw new SyncError('USAGE_INVALID', 'Name the mappings to reset, or say --all, --org or --schema.');
    }
    const app = await this.openApp(flags);
    if (flags.org) await this.forgetOrg(app);
    const reset = chosenMappings(app.project, argv.map(String)).map(({ name }) => name);
    if (flags.schema) await this.forgetSchema(app, reset);
    if (flags.import) await this.forgetImports(app, reset);
    const { forgetWatermarks } = await import('../../../state/watermarks.ts');
    const forgotten = await forgetWatermarks(await app.state(), reset);
    // Another org may hold older states of the same records, and only a full refresh takes those.
    this.tell(`${counted(forgotten, 'watermark')} forgotten. Next: sluice run${flags.org ? ' --full-refresh' : ''}`);
    return { reset };
  }

  private async forgetOrg(app: App): Promise<void> {
    const { forgetOrg } = await import('../../../state/org.ts');
    const wasKnown = await forgetOrg(await app.state(), app.project.name);
    this.tell(wasKnown ? 'The org is forgotten: the next run takes the one that it finds.' : 'No org was known.');
  }

  private async forgetSchema(app: App, mappings: readonly string[]): Promise<void> {
    const { forgetSchema } = await import('../../../state/hold-schema.ts');
    const known = await forgetSchema(await app.state(), mappings);
    this.tell(`${counted(known, 'mapping')} no longer tied to a schema.`);
  }

  private async forgetImports(app: App, mappings: readonly string[]): Promise<void> {
    const { forgetImports } = await import('../../../state/hold-imports.ts');
    const known = await forgetImports(await app.state(), mappings);
    this.tell(`${counted(known, 'mapping')} no longer tied to what it was.`);
  }
}
