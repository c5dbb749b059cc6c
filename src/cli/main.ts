import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { flush } from '@oclif/core/flush';
import type * as Interfaces from '@oclif/core/interfaces';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { didYouMean } from '../config/nearest.ts';
import { COMMAND_IDS, COMMANDS, loadCommands, TOPICS } from './commands.ts';
import { EXIT } from '../errors/codes.ts';
import { type Failure, failureOf, plainExit } from './failure.ts';
import { failureText } from './text.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isBuilt = import.meta.url.endsWith('.js');

/**
 * Runs one command line to its end: sets the exit code, prints what went wrong, and leaves nothing that could keep the
 * process alive.
 */
export async function main(argv: readonly string[]): Promise<void> {
  // Node itself would print the message and the line of code, and they may quote a record.
  process.on('uncaughtException', (error) => {
    printFailure(failureOf(error), argv);
    process.exit(EXIT.dataFailure);
  });
  const code = await runCommandLine(argv);
  await flush();
  // A socket that an answer has left open must not hold a finished command.
  process.exit(code);
}

/** Runs one command line in this process. @returns the exit code */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  settings.enableAutoTranspile = false;
  try {
    const words = commandWords(argv);
    await loadCommands(commandsFor(words));
    await run(words, { root, pjson: packageJson(), ignoreManifest: true });
    return exitCode();
  } catch (error) {
    const exit = plainExit(error);
    if (exit !== null) return exit;
    const failure = withHint(failureOf(error), argv);
    printFailure(failure, argv);
    return failure.exit;
  }
}

/** `sluice help run` is what people type for `sluice run --help`. */
function commandWords(argv: readonly string[]): string[] {
  const [first, ...others] = argv;
  return first === 'help' ? [...others, '--help'] : [...argv];
}

/** The one that is asked for. Where that is not clear, as in help about a topic, all of them. */
function commandsFor([first = '', second = '']: readonly string[]): readonly string[] {
  const id = [`${first}:${second}`, first].find((name) => COMMAND_IDS.includes(name));
  return id === undefined ? COMMAND_IDS : [id];
}

/** As the command has set it. */
function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

/** For a command that does not exist, the nearest one that does; for a name that it does not take, the flag that does. */
function withHint(failure: Failure, argv: readonly string[]): Failure {
  if (!/^command .+ not found$/.test(failure.message)) return failure;
  const flag = argv.findIndex((word) => word.startsWith('-'));
  const given = flag === -1 ? argv : argv.slice(0, flag);
  const known = [given.slice(0, 2), given.slice(0, 1)].find((some) => COMMAND_IDS.includes(some.join(':')));
  if (known !== undefined) return withoutNames(failure, known, given.slice(known.length));
  const words = given.slice(0, 2);
  const names = COMMAND_IDS.map((id) => id.replace(':', ' '));
  const hint = didYouMean(words.join(' '), names);
  return hint === null ? failure : { ...failure, actions: [hint, ...failure.actions] };
}

/** oclif takes `run students` for a command of that name. */
function withoutNames(failure: Failure, command: readonly string[], names: readonly string[]): Failure {
  const line = `sluice ${command.join(' ')}`;
  // Not set where a command has none, whatever the type says.
  const flags = { ...COMMANDS[command.join(':')]?.flags };
  return {
    ...failure,
    message: `\`${line}\` does not take "${names.join(' ')}".`,
    actions:
      flags['select'] !== undefined
        ? [`Did you mean \`${line} --select ${names.join(',')}\`?`, ...failure.actions]
        : failure.actions,
  };
}

function printFailure(failure: Failure, argv: readonly string[]): void {
  if (!asksForJson(argv)) {
    process.stderr.write(failureText(failure));
    return;
  }
  const { exit, code, message, actions, place } = failure;
  const details = failure.details ?? (place.length === 0 ? null : { at: place });
  process.stdout.write(`${JSON.stringify({ status: exit, code, message, actions, details }, null, 2)}\n`);
}

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** Our package.json with oclif's settings pointed at the files that run: dist/ when built, else src/. */
function packageJson(): Interfaces.PJSON {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file, read at its door
  const pjson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Interfaces.PJSON;
  const target = isBuilt ? './dist/cli/commands.js' : './src/cli/commands.ts';
  return {
    ...pjson,
    oclif: {
      ...pjson.oclif,
      bin: 'sluice',
      dirname: 'sluice',
      topicSeparator: ' ',
      topics: TOPICS,
      commands: { strategy: 'explicit', target, identifier: 'COMMANDS' },
    },
  };
}
