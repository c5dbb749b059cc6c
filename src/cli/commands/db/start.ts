import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';

export default class DbStart extends BaseCommand {
  static override summary = 'Keep the embedded database running, to look at the data with psql or another program.';
  static override description = 'Runs until Ctrl-C. Other commands may be used meanwhile: they share the server.';
  static override examples = ['<%= config.bin %> db start'];

  async run(): Promise<void> {
    const { flags } = await this.parse(DbStart);
    const app = await this.openApp(flags);
    if (app.project.database.url !== 'embedded') {
      throw new SyncError('USAGE_INVALID', 'This project uses a database server of its own, which runs already.', {
        actions: ['Connect with the URL in DATABASE_URL.'],
      });
    }
    const url = await app.embeddedUrl();
    if (this.jsonEnabled()) this.logJson(this.toSuccessJson({ url }));
    else this.print(`${url}\n`);
    this.tell(`Look at the data with: psql "${url}"\nStop with Ctrl-C.`);
    await app.untilStopped();
  }
}
