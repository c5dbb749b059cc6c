import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as Flags from '@oclif/core/flags';
import type { App } from '../../app.ts';
import { SyncError } from '../../errors/sync-error.ts';
import type { Project } from '../../config/project.ts';
import type { RunReport } from '../../flow/run-events.ts';
import { EVERYTHING, type RunRequest } from '../../flow/run-request.ts';
import { BaseCommand, LOW_MEMORY_FLAG } from '../base-command.ts';
import { carryOut, type CarriedOut } from '../carry-out.ts';
import { linkedText, nothingChangedText, lookAtTheDataText } from '../demo-text.ts';
import { nextStepsText, paint } from '../text.ts';

/** Tag of the mappings that the demo runs, with what they need: enough to see what Sluice does, in a minute. */
const STORY = 'demo';

/** In an org of another size the ids of one demo stand for other people: a teacher is where a student was. */
const START_ANEW = 'sluice demo --fresh       starts anew, without what an earlier demo of another size has left';

interface DemoReport {
  readonly first: RunReport;
  readonly second: RunReport | null;
}

export default class Demo extends BaseCommand {
  static override summary = 'Import from the simulated org into an embedded database, twice.';
  static override description =
    'No account and no database are needed: the org is simulated and its people are invented. The second run shows that ' +
    'nothing changes when nothing has changed. Runs the mappings with the tag "demo" and what they need, or every mapping ' +
    'of a project that has none. With DATABASE_URL set, that server is used instead of the embedded one.';
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --students 5000',
    '<%= config.bin %> demo --all',
  ];
  static override flags = {
    all: Flags.boolean({ summary: 'Run every mapping of the project.' }),
    students: Flags.integer({ min: 1, summary: 'How many students; everything else shrinks with them.' }),
    fresh: Flags.boolean({ summary: 'First throw away everything that the embedded database holds.' }),
    keep: Flags.boolean({
      summary: 'Afterwards keep the embedded database running until Ctrl-C, to look at the data.',
    }),
    ...LOW_MEMORY_FLAG,
  };

  async run(): Promise<DemoReport> {
    const { flags } = await this.parse(Demo);
    const app = await this.openApp(flags, {
      configPath: await projectFile(flags.config),
      simulatedOrg: { students: flags.students ?? null, bad: null },
      adjust: (project) => ({ ...project, salesforce: { ...project.salesforce, auth: 'demo' } }),
    });
    await this.askBefore(app, flags);
    const request = flags.all ? EVERYTHING : storyOf(app.project);
    const first = await this.importAll(app, request, 'First run: reads the org and fills the tables.');
    if (first.failure !== null) return { first: first.report, second: null };
    if (isNothingNew(first.report))
      this.tell('An earlier demo has filled the tables; `sluice demo --fresh` starts anew.');
    for (const line of linkedText(await app.status(0), app.project, first.report)) this.print(`${line}\n`);
    const second = await this.importAll(app, request, 'Second run: nothing has changed in the org.');
    if (second.failure === null) {
      this.print(`${nothingChangedText(second.report)}\n`);
      const more = app.project.mappings.length > mappingsOf(second.report);
      this.tell(lookAtTheDataText(isEmbedded(app), more));
    }
    if (flags.keep && isEmbedded(app)) await this.keepDatabase(app);
    return { first: first.report, second: second.report };
  }

  /** The demo writes invented people: not over anybody's work without a word. */
  private async askBefore(app: App, flags: { fresh: boolean; 'no-prompt': boolean }): Promise<void> {
    if (flags.fresh && !isEmbedded(app)) {
      throw new SyncError('USAGE_INVALID', '--fresh empties only the embedded database, and DATABASE_URL is set.');
    }
    const question = flags.fresh
      ? 'Throw away everything in the embedded database?'
      : 'The demo writes invented people to the server of DATABASE_URL. Go on?';
    if ((flags.fresh || !isEmbedded(app)) && !(await this.confirm(question, flags))) {
      throw new SyncError('USAGE_INVALID', 'Nothing was done.', {
        actions: ['Unset DATABASE_URL for a demo beside it.'],
      });
    }
    if (flags.fresh) await app.emptyEmbedded();
  }

  private async keepDatabase(app: App): Promise<void> {
    this.tell(`\nThe database is running: psql "${await app.embeddedUrl()}"\nStop it with Ctrl-C.`);
    await app.untilStopped();
  }

  private async importAll(app: App, request: RunRequest, title: string): Promise<CarriedOut> {
    this.tell(`\n${paint('bold', title)}`);
    const outcome = await carryOut(app, { kind: 'run', request });
    this.print(`\n${outcome.summary}\n`);
    if (outcome.failure !== null) {
      // What is right for an org of somebody's own would lead astray here.
      const isOtherSize = isEmbedded(app) && outcome.failure.code === 'ORG_CHANGED';
      const next = isOtherSize ? [] : outcome.nextSteps;
      this.tell(nextStepsText([...next, ...(isEmbedded(app) ? [START_ANEW] : [])]));
      this.failWith(outcome.failure);
    }
    return outcome;
  }
}

function storyOf({ mappings }: Project): RunRequest {
  const isTold = mappings.some(({ tags }) => tags.includes(STORY));
  return isTold ? { ...EVERYTHING, select: [`+tag:${STORY}`] } : EVERYTHING;
}

function mappingsOf({ steps }: RunReport): number {
  return new Set(steps.map(({ mapping }) => mapping)).size;
}

/** The nearest project, else the one that this package is: a demo must not need a project first. */
async function projectFile(named: string | undefined): Promise<string> {
  const { locateProject } = await import('../../app.ts');
  try {
    return (await locateProject(named ?? null)).file;
  } catch (error) {
    const own = fileURLToPath(new URL('../../../sync.config.yaml', import.meta.url));
    if (existsSync(own)) return own;
    throw error;
  }
}

function isEmbedded({ project }: App): boolean {
  return project.database.url === 'embedded';
}

function isNothingNew({ steps }: RunReport): boolean {
  return steps.every(({ counts }) => counts.inserted === 0);
}
