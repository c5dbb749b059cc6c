import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import type * as Interfaces from '@oclif/core/interfaces';
import type { App, AppOptions } from '../app.ts';
import { EXIT } from '../errors/codes.ts';
import type { Failure } from './failure.ts';
import { paint } from './text.ts';

/** Levels of the log; the logger itself is loaded only by commands that work. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

const BASE_FLAGS = {
  config: Flags.string({
    char: 'c',
    summary: 'The project file. Default: the nearest sync.config.yaml, here or in a folder above.',
    helpGroup: 'GLOBAL',
  }),
  'log-level': Flags.option({
    options: LOG_LEVELS,
    default: 'info' as const,
    summary: 'How much the log tells.',
    helpGroup: 'GLOBAL',
  })(),
  'log-file': Flags.string({
    summary: 'Where the log goes; - for standard error. Default: .sluice/logs/sluice.log beside the project file.',
    helpGroup: 'GLOBAL',
  }),
  'no-prompt': Flags.boolean({ summary: 'Never ask: go on where a person would be asked.', helpGroup: 'GLOBAL' }),
};

/** Flag of the commands that move many records; `bin/run.js` acts on it before anything is loaded. */
export const LOW_MEMORY_FLAG = {
  'low-memory': Flags.boolean({ summary: 'Half the memory for somewhat more time: smaller batches, a tight heap.' }),
};

type GlobalFlags = Interfaces.InferredFlags<typeof BASE_FLAGS> & { 'low-memory'?: boolean };

/**
 * What all commands share: the global flags, the app and its end, warnings, and `--json` as one object on stdout.
 * People's text goes to stderr, results to stdout.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = BASE_FLAGS;

  /** Said on stderr as it happens, and again in `--json`. */
  private readonly notices: string[] = [];
  /** Set when a result is there although the command failed: a step failed, lint found errors. */
  private failure: Failure | null = null;
  private app: App | null = null;

  /** Opens the project with everything that the global flags say; it is closed when the command ends. */
  protected async openApp(flags: GlobalFlags, more: Partial<AppOptions> = {}): Promise<App> {
    const { openApp } = await import('../app.ts');
    this.app = await openApp({
      configPath: flags.config ?? null,
      logLevel: flags['log-level'],
      logFile: flags['log-file'] ?? null,
      lowMemory: flags['low-memory'] ?? false,
      notice: (text) => this.notice(text),
      tell: (text) => this.tell(text),
      ...more,
    });
    return this.app;
  }

  /** Tells a person; `--json` repeats it under `warnings`. */
  protected notice(text: string): void {
    this.notices.push(text);
    this.tell(paint('yellow', text));
  }

  /** Tells a person, whatever `--json` says: it goes to stderr. */
  protected tell(text: string): void {
    if (text === '') return;
    // A line of progress may stand there.
    const clear = process.stderr.isTTY ? '\r\u001B[2K' : '';
    process.stderr.write(`${clear}${text}\n`);
  }

  /** Prints a result for people and programs; nothing with `--json`, which prints what `run` returns. */
  protected print(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(text);
  }

  /** Ends the command with this failure after its result is printed. */
  protected failWith(failure: Failure): void {
    this.failure = failure;
    process.exitCode = failure.exit;
  }

  /** Asks on a terminal; elsewhere, and with `--no-prompt`, the answer is yes. */
  protected async confirm(question: string, flags: { 'no-prompt': boolean }): Promise<boolean> {
    const mayAsk = !flags['no-prompt'] && !this.jsonEnabled() && process.stdin.isTTY && process.stderr.isTTY;
    if (!mayAsk) return true;
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
    } finally {
      lines.close();
    }
  }

  /** Errors are printed by main, in one place. */
  protected override async catch(error: Error): Promise<never> {
    this.app?.log.error({ err: error }, 'command failed');
    throw this.app === null ? error : await this.app.inOurWords(error);
  }

  protected override async finally(): Promise<void> {
    await this.app?.close();
  }

  protected override toSuccessJson(result: unknown): unknown {
    if (this.failure === null) return { status: EXIT.done, result, warnings: this.notices };
    const { exit, code, message, actions, details } = this.failure;
    return { status: exit, code, message, actions, details, result, warnings: this.notices };
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }
}
