import type { Problem } from '../../config/problem.ts';
import { ERRORS, EXIT } from '../../errors/codes.ts';
import { BaseCommand } from '../base-command.ts';
import { counted, paint } from '../text.ts';

interface LintReport {
  readonly files: number;
  readonly problems: readonly Problem[];
}

export default class Lint extends BaseCommand {
  static override summary = "Check the project's YAML, without org or database.";
  static override description =
    'Tells every problem with file, line and column: unknown keys, SOQL that does not parse, fields that are not ' +
    'selected, columns that do not exist, links that lead nowhere, secrets in the files. Exits 1 when any is an error.';
  static override examples = ['<%= config.bin %> lint', '<%= config.bin %> lint --json'];

  async run(): Promise<LintReport> {
    const { flags } = await this.parse(Lint);
    const { locateProject } = await import('../../app.ts');
    const { lintProject } = await import('../../lint/lint-project.ts');
    const { files, problems } = await lintProject(await locateProject(flags.config ?? null));
    for (const problem of problems) this.print(problemText(problem));
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    const found = `${counted(files, 'file')}: ${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}.`;
    this.tell(found);
    if (errors > 0) {
      const { next } = ERRORS.LINT_FAILED;
      this.failWith({
        exit: EXIT.dataFailure,
        code: 'LINT_FAILED',
        message: found,
        actions: [next],
        details: null,
        place: [],
      });
    }
    return { files, problems };
  }
}

/** `mappings/students.yaml:12:7 error unselected-field: ...`: editors make a link of the place. */
function problemText({ file, line, column, severity, rule, message, suggestion }: Problem): string {
  const head = `${file}:${line}:${column} ${paint(severity === 'error' ? 'red' : 'yellow', severity)} ${rule}: ${message}`;
  return suggestion === null ? `${head}\n` : `${head}\n    ${suggestion}\n`;
}
