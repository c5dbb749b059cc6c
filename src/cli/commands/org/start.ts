import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { shareOf } from '../../share.ts';

export default class OrgStart extends BaseCommand {
  static override summary = 'Start the simulated org as a server of its own.';
  static override description =
    'Answers as Salesforce does, with invented records, until it is stopped by Ctrl-C. Nothing leaves this machine. ' +
    'Prints its address and the environment variables with which a project logs in.';
  static override examples = ['<%= config.bin %> org start --port 4180', '<%= config.bin %> org start --students 1000'];
  static override flags = {
    port: Flags.integer({ min: 0, max: 65_535, default: 4180, summary: 'Port on this machine; 0 for any free one.' }),
    students: Flags.integer({ min: 0, summary: 'How many students it holds; everything else grows with them.' }),
    bad: Flags.string({ summary: 'Share of the students that no mapping can take, for example 1%.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(OrgStart);
    const { serveSimulatedOrg } = await import('../../../app/simulated-org.ts');
    const size = { students: flags.students ?? null, bad: shareOf(flags.bad) };
    const { url, environment, stopped } = await serveSimulatedOrg(size, flags.port);
    if (this.jsonEnabled()) this.logJson(this.toSuccessJson({ url, environment }));
    else for (const [name, value] of Object.entries(environment)) process.stdout.write(`export ${name}=${value}\n`);
    this.tell(`The simulated org listens on ${url}. Its records are invented. Stop it with Ctrl-C.`);
    await stopped;
  }
}
