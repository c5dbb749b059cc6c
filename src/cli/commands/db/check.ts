import { ERRORS, EXIT } from '../../../errors/codes.ts';
import type { TableProblem } from '../../../tables/check.ts';
import { BaseCommand } from '../../base-command.ts';
import { counted } from '../../text.ts';

export default class DbCheck extends BaseCommand {
  static override summary = 'Check that every mapping can write to the tables as they are; change nothing.';
  static override description = 'Exits 1 when a load would fail or lose good rows to quarantine.';
  static override examples = ['<%= config.bin %> db check'];

  async run(): Promise<readonly TableProblem[]> {
    const { flags } = await this.parse(DbCheck);
    const app = await this.openApp(flags);
    const { checkTables } = await import('../../../tables/check.ts');
    const problems = await checkTables(await app.database(), app.project);
    for (const { severity, code, message, mappings } of problems) {
      this.print(`${severity} ${code}: ${message} (${mappings.join(', ')})\n`);
    }
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    if (errors === 0) this.tell('The tables take what the mappings write.');
    else {
      const { next } = ERRORS.DATABASE_SCHEMA_MISMATCH;
      const message = `${counted(errors, 'problem')} would make a load fail.`;
      const code = 'DATABASE_SCHEMA_MISMATCH';
      this.failWith({ exit: EXIT.dataFailure, code, message, actions: [next], details: null, place: [] });
      this.tell(`${message} Next: sluice db diff`);
    }
    return problems;
  }
}
