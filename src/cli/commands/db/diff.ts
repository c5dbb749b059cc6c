import * as Flags from '@oclif/core/flags';
import type { TableChange } from '../../../tables/table-change.ts';
import { BaseCommand } from '../../base-command.ts';
import { changesText } from '../../changes-text.ts';

export default class DbDiff extends BaseCommand {
  static override summary = 'Show how the table files and the database differ, and the SQL that would mend it.';
  static override examples = ['<%= config.bin %> db diff', '<%= config.bin %> db diff --sql > changes.sql'];
  static override flags = { sql: Flags.boolean({ summary: 'Print only the statements.' }) };

  async run(): Promise<readonly TableChange[]> {
    const { flags } = await this.parse(DbDiff);
    const app = await this.openApp(flags);
    const { diffTables } = await import('../../../tables/diff.ts');
    const changes = await diffTables(await app.database(), [...app.project.tables.values()]);
    if (flags.sql) for (const { sql } of changes) this.print(sql === null ? '' : `${sql};\n`);
    else this.print(changesText(changes));
    if (changes.every(({ sql, safe }) => sql === null && safe)) this.tell('The tables fit their table files.');
    return changes;
  }
}
