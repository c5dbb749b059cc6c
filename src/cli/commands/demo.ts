import { Flags } from '@oclif/core';
import type { App } from '../../app.ts';
import type { RunReport } from '../../flow/run-events.ts';
import { BaseCommand, LOW_MEMORY_FLAG } from '../base-command.ts';
import { carryOut, type CarriedOut } from '../carry-out.ts';
import { linkedText, nothingChangedText, lookAtTheDataText } from '../demo-text.ts';
import { paint } from '../text.ts';

const EVERYTHING = { select: [], exclude: [], phase: null, limit: null, fullRefresh: false, failFast: false };

interface DemoReport {
  readonly first: RunReport;
  readonly second: RunReport | null;
}

export default class Demo extends BaseCommand {
  static override summary = 'Import everything from the simulated org into an embedded database, twice.';
  static override description =
    'No account and no database are needed: the org is simulated and its people are invented. The second run shows that ' +
    'nothing changes when nothing has changed. With DATABASE_URL set, that server is used instead of the embedded one.';
  static override examples = ['<%= config.bin %> demo', '<%= config.bin %> demo --students 5000'];
  static override flags = {
    students: Flags.integer({ min: 1, summary: 'How many students; everything else shrinks with them.' }),
    keep: Flags.boolean({ summary: 'Go on with what an earlier demo has loaded, instead of starting anew.' }),
    ...LOW_MEMORY_FLAG,
  };

  async run(): Promise<DemoReport> {
    const { flags } = await this.parse(Demo);
    const app = await this.openApp(flags, {
      simulatedOrg: { students: flags.students ?? null, bad: null },
      adjust: (project) => ({ ...project, salesforce: { ...project.salesforce, auth: 'demo' } }),
    });
    const first = await this.importAll(app, 'First run: everything is new.');
    if (first.failure !== null) return { first: first.report, second: null };
    for (const line of linkedText(await app.status(0), app.project)) this.print(`${line}\n`);
    const second = await this.importAll(app, 'Second run: nothing has changed in the org.');
    if (second.failure === null) {
      this.print(`${nothingChangedText(second.report)}\n`);
      this.tell(lookAtTheDataText(app.project.database.url === 'embedded'));
    }
    return { first: first.report, second: second.report };
  }

  private async importAll(app: App, title: string): Promise<CarriedOut> {
    this.tell(`\n${paint('bold', title)}`);
    const outcome = await carryOut(app, { kind: 'run', request: EVERYTHING });
    this.print(`\n${outcome.summary}\n`);
    if (outcome.failure !== null) this.failWith(outcome.failure);
    return outcome;
  }
}
