import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../../base-command.ts';
import { shareOf } from '../../share.ts';

export default class OrgStart extends BaseCommand {
  static override summary = 'Start the simulated org as a server of its own.';
  static override description =
    'Answers as Salesforce does, with invented records, until it is stopped by Ctrl-C. Nothing leaves this machine. ' +
    'Prints its address and the environment variables with which a project logs in. While it runs, its records, its ' +
    'schema and its faults are changed by POST to /simulator/changes and /simulator/faults, without signing in; ' +
    'docs/simulated-org.md has the requests. The same --students and --seed give the same records again; what was ' +
    'changed comes back only with --keep.';
  static override examples = [
    '<%= config.bin %> org start --port 4180',
    '<%= config.bin %> org start --students 1000 --keep org-changes.jsonl',
    `curl -d '{"kind":"remove","object":"Contact","id":"0035e000000000AAAQ"}' http://127.0.0.1:4180/simulator/changes`,
  ];
  static override flags = {
    port: Flags.integer({ min: 0, max: 65_535, default: 4180, summary: 'Port on this machine; 0 for any free one.' }),
    students: Flags.integer({ min: 0, summary: 'How many students it holds; everything else grows with them.' }),
    bad: Flags.string({ summary: 'Share of the students that no mapping can take, for example 1%.' }),
    seed: Flags.integer({ summary: 'Another number gives other people, and an org with another id.' }),
    'daily-limit': Flags.integer({ min: 1, summary: 'API requests a day; 100,000 unless told.' }),
    'timeout-rows': Flags.integer({
      min: 0,
      summary: 'A Bulk query that means more rows fails, as if it took too long.',
    }),
    keep: Flags.string({ summary: 'File that keeps what is changed, for an org that is started again after a crash.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(OrgStart);
    const { serveSimulatedOrg } = await import('../../../app/simulated-org.ts');
    const { url, environment, stopped } = await serveSimulatedOrg({
      port: flags.port,
      students: flags.students ?? null,
      bad: shareOf(flags.bad),
      seed: flags.seed ?? null,
      dailyLimit: flags['daily-limit'] ?? null,
      timeoutRows: flags['timeout-rows'] ?? null,
      keep: flags.keep ?? null,
    });
    if (this.jsonEnabled()) this.logJson(this.toSuccessJson({ url, environment }));
    else for (const [name, value] of Object.entries(environment)) process.stdout.write(`export ${name}=${value}\n`);
    this.tell(`The simulated org listens on ${url}. Its records are invented. Stop it with Ctrl-C.`);
    await stopped;
  }
}
