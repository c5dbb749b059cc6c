import * as Flags from '@oclif/core/flags';
import type { TestReport } from '../../cases/case-result.ts';
import { ERRORS, EXIT } from '../../errors/codes.ts';
import { BaseCommand } from '../base-command.ts';
import { testReportText, testSummary } from '../test-text.ts';

export default class Test extends BaseCommand {
  static override summary = 'Run the cases of mappings/tests, without org or database.';
  static override description =
    'Each case is a record and what is to become of it: rows, a reason to leave it out, a code of the quarantine, ' +
    'warnings. Exits 1 when any record becomes something else. See docs/testing-mappings.md.';
  static override examples = [
    '<%= config.bin %> test',
    '<%= config.bin %> test --select students',
    '<%= config.bin %> test --json',
  ];
  static override flags = {
    select: Flags.string({
      multiple: true,
      delimiter: ',',
      default: [],
      summary: 'Only these mappings: names, or tag:x.',
    }),
  };

  async run(): Promise<TestReport> {
    const { flags } = await this.parse(Test);
    const { locateProject } = await import('../../app.ts');
    const { testProject } = await import('../../cases/test-project.ts');
    const report = await testProject({ ...(await locateProject(flags.config ?? null)), select: flags.select });
    this.print(testReportText(report));
    const summary = testSummary(report);
    this.tell(summary);
    if (report.failed > 0) {
      this.failWith({
        exit: EXIT.dataFailure,
        code: 'TEST_FAILED',
        message: summary,
        actions: [ERRORS.TEST_FAILED.next],
        details: null,
        place: [],
      });
    }
    return report;
  }
}
