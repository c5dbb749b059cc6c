import * as Flags from '@oclif/core/flags';
import type * as Interfaces from '@oclif/core/interfaces';
import type { App } from '../../app.ts';
import type { Problem } from '../../config/problem.ts';
import { ERRORS, EXIT } from '../../errors/codes.ts';
import type { LintRequest } from '../../lint/lint-project.ts';
import { BaseCommand } from '../base-command.ts';
import { counted, paint } from '../text.ts';

interface LintReport {
  readonly files: number;
  readonly problems: readonly Problem[];
}

const LINT_FLAGS = {
  org: Flags.boolean({ summary: 'Also hold the mappings against the fields that the org shows.' }),
  db: Flags.boolean({ summary: 'Also hold the mappings against the tables in the database.' }),
};

type LintFlags = Interfaces.InferredFlags<typeof BaseCommand.baseFlags & typeof LINT_FLAGS>;

export default class Lint extends BaseCommand {
  static override summary = "Check the project's YAML; with --org and --db, also against what is there.";
  static override description =
    'Tells every problem with file, line and column: unknown keys, SOQL that does not parse, fields that are not ' +
    'selected, columns that do not exist, links that lead nowhere, secrets in the files. Needs neither org nor database; ' +
    'with --org it signs in and looks for fields that are not there, or that do not fit their columns; with --db it ' +
    'looks at the tables. Exits 1 when any problem is an error.';
  static override examples = [
    '<%= config.bin %> lint',
    '<%= config.bin %> lint --org --db',
    '<%= config.bin %> lint --json',
  ];
  static override flags = LINT_FLAGS;

  async run(): Promise<LintReport> {
    const { flags } = await this.parse(Lint);
    const { locateProject } = await import('../../app.ts');
    const { lintProject } = await import('../../lint/lint-project.ts');
    const located = await locateProject(flags.config ?? null);
    const { files, problems } = await lintProject({ ...located, ...this.outside(flags) });
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

  /** Who looks at what is beside the YAML. A mapping that is wrong must not keep the others from being compared. */
  private outside({ org, db, ...flags }: LintFlags): Pick<LintRequest, 'org' | 'database'> {
    let opening: Promise<App> | null = null;
    const app = async (): Promise<App> => (opening ??= this.openApp(flags, { settingsOnly: true }));
    return {
      ...(org
        ? {
            org: async (mappings) => {
              const { orgView } = await import('../../app/org-view.ts');
              const opened = await app();
              return orgView(mappings, await opened.salesforce(), opened.signal);
            },
          }
        : {}),
      ...(db
        ? {
            database: async (project) => {
              const { checkTables } = await import('../../tables/check.ts');
              return checkTables(await (await app()).database(), project);
            },
          }
        : {}),
    };
  }
}

/** `mappings/students.yaml:12:7 error unselected-field: ...`: editors make a link of the place. */
function problemText({ file, line, column, severity, rule, message, suggestion }: Problem): string {
  const head = `${file}:${line}:${column} ${paint(severity === 'error' ? 'red' : 'yellow', severity)} ${rule}: ${message}`;
  return suggestion === null ? `${head}\n` : `${head}\n    ${suggestion}\n`;
}
