import { SyncError } from '../../../errors/sync-error.ts';
import type { TableChange } from '../../../tables/table-change.ts';
import { BaseCommand } from '../../base-command.ts';
import { changesText } from '../../changes-text.ts';
import { counted } from '../../text.ts';

export default class DbMigrate extends BaseCommand {
  static override summary = 'Create missing tables and make every safe change, in one transaction.';
  static override description =
    'Changes that could lose or refuse rows are never made: then nothing is done, and they are listed. On a terminal ' +
    'the changes are shown and asked for first.';
  static override examples = ['<%= config.bin %> db migrate', '<%= config.bin %> db migrate --no-prompt'];

  async run(): Promise<readonly TableChange[]> {
    const { flags } = await this.parse(DbMigrate);
    const app = await this.openApp(flags);
    if (!app.project.database.manage) {
      throw new SyncError('USAGE_INVALID', 'database.manage is false: an app owns these tables.', {
        actions: ['Run `sluice db diff` to see what differs, and change the tables where they are made.'],
      });
    }
    const { diffTables } = await import('../../../tables/diff.ts');
    const { migrateTables } = await import('../../../tables/migrate.ts');
    const database = await app.database();
    const tables = [...app.project.tables.values()];
    const wanted = (await diffTables(database, tables)).filter(({ sql }) => sql !== null);
    this.print(changesText(wanted));
    if (wanted.length > 0 && !(await this.confirm(`Make ${counted(wanted.length, 'change')}?`, flags))) {
      this.tell('Nothing was changed.');
      return [];
    }
    const { made } = await migrateTables(database, tables);
    this.tell(made.length === 0 ? 'Nothing to change.' : `${counted(made.length, 'change')} made.`);
    return made;
  }
}
