/**
 * Writes docs/commands.md from the command classes, docs/errors.md and the functions in docs/expressions.md from their
 * tables, and docs/order.svg from the mappings.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { format, resolveConfig } from 'prettier';
import { BaseCommand } from '../src/cli/base-command.ts';
import { COMMANDS, loadCommands, TOPICS } from '../src/cli/commands.ts';
import { diagramOf } from '../src/cli/graph/diagram.ts';
import { graphSvg } from '../src/cli/graph/graph-svg.ts';
import { loadProject } from '../src/config/load-project.ts';
import { ERRORS, EXIT } from '../src/errors/codes.ts';
import { ROW_CODES } from '../src/errors/row-codes.ts';
import { planRun } from '../src/plan/plan-run.ts';
import { EXPRESSION_FUNCTIONS } from '../src/expression/functions.ts';

const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'Done. Warnings, quarantined records and waiting links are told, and are no failure.',
  dataFailure: 'A step failed, a limit was passed, or lint found errors.',
  wrongUse: 'Wrong use or configuration; nothing was run.',
  environment: 'Login, network, database or org failed. What was committed is kept; safe to run again.',
  apiBudget: 'Stopped at the API budget; the place is saved.',
  locked: 'Another run of this project is at work.',
  stalePlan: 'The saved plan is stale; nothing was written.',
  interrupted: 'Interrupted by Ctrl-C or SIGTERM; what was committed is kept.',
};

mkdirSync('docs', { recursive: true });
await loadCommands();
await write('docs/commands.md', commandsPage());
await write('docs/errors.md', errorsPage());
await write('docs/expressions.md', expressionsPage(readFileSync('docs/expressions.md', 'utf8')));
// Last, because it needs a project that can be read.
writeFileSync('docs/order.svg', await orderPicture());

/** The picture of this repository's own project, as `sluice mapping graph` draws it. */
async function orderPicture(): Promise<string> {
  const { project, problems } = await loadProject({ file: 'sync.config.yaml', environment: {} });
  if (project === null) throw new Error(`the project cannot be read: ${problems[0]?.message ?? ''}`);
  const plan = planRun(project, { select: [], exclude: [], phase: null });
  return graphSvg(diagramOf(plan), `${project.name}: the order of its imports`);
}

function commandsPage(): string {
  const ids = Object.keys(COMMANDS).toSorted();
  return [
    generated('the command classes in src/cli/commands'),
    '# Commands',
    'Results go to standard output, everything for people (progress, warnings, next steps) to standard error.',
    'With `--json` a command prints one object: `{ "status": 0, "result": ..., "warnings": [] }`, or when it fails ' +
      '`{ "status": 2, "code": "...", "message": "...", "actions": [...], "details": ... }`; where there is a result ' +
      'all the same, as for a run with a failed step, the object holds both.',
    '## Flags of every command',
    flagTable({ ...BaseCommand.baseFlags, json: Flags.boolean({ summary: 'Print one object for programs.' }) }),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.entries(EXIT).map(([name, code]) => [`${code}`, EXITS[name as keyof typeof EXIT]]),
    ),
    ...ids.map((id) => commandSection(id, COMMANDS[id] as unknown as Command.Class)),
  ].join('\n\n');
}

function commandSection(id: string, command: Command.Class): string {
  // Not set where a command has none, whatever the type says.
  const flags = { ...command.flags };
  const [topic] = id.split(':');
  const first =
    Object.keys(COMMANDS)
      .toSorted()
      .find((other) => other.startsWith(`${topic}:`)) === id;
  const usage = [
    'sluice',
    ...id.split(':'),
    ...Object.entries(command.args).map(([name, { required }]) => {
      const names = command.strict ? name : `${name}...`;
      return required ? `<${names}>` : `[${names}]`;
    }),
  ];
  const examples = (command.examples ?? []).flatMap((example) =>
    typeof example === 'string' ? [example.replaceAll('<%= config.bin %>', 'sluice')] : [],
  );
  return [
    ...(first ? [`## ${topic}`, TOPICS[topic ?? '']?.description ?? ''] : []),
    `${id.includes(':') ? '###' : '##'} ${usage.slice(0, 1 + id.split(':').length).join(' ')}`,
    ...usageOf(command, usage),
    command.summary ?? '',
    command.description ?? '',
    ...argumentTable(command),
    ...(Object.keys(flags).length === 0 ? [] : [flagTable(flags)]),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``]),
  ].join('\n\n');
}

/** As the command says it itself, where it takes any number of names. */
function usageOf({ usage: own, args }: Command.Class, usage: readonly string[]): string[] {
  if (typeof own === 'string') return [`\`sluice ${own}\``];
  return Object.keys(args).length === 0 ? [] : [`\`${usage.join(' ')} [flags]\``];
}

function argumentTable({ args }: Command.Class): string[] {
  const rows = Object.entries(args).map(([name, { description }]) => [`\`${name}\``, description ?? '']);
  return rows.length === 0 ? [] : [table(['argument', ''], rows)];
}

function flagTable(flags: Command.Class['flags']): string {
  const rows = Object.entries(flags).map(([name, flag]) => [`\`${flagText(name, flag)}\``, flag.summary ?? '']);
  return table(['flag', ''], rows);
}

function flagText(name: string, flag: Command.Class['flags'][string]): string {
  const short = flag.char === undefined ? '' : `-${flag.char}, `;
  if (flag.type === 'boolean') return `${short}--${name}`;
  const value = flag.options === undefined ? '<value>' : flag.options.join(' or ');
  return `${short}--${name} ${value}`;
}

function errorsPage(): string {
  const errors = Object.entries(ERRORS).map(([code, { exit, retryable, next }]) => [
    `\`${code}\``,
    String(exit),
    retryable ? 'yes' : 'no',
    next,
  ]);
  return [
    generated('src/errors'),
    '# Errors',
    'Every trouble has a code that keeps its meaning. What stops a step, a run or a command ends the process with the ' +
      'exit code shown; "again" says whether the same command may succeed when repeated.',
    table(['code', 'exit', 'again', 'next step'], errors),
    '## Records',
    'What is wrong with one record, or one value of it, never stops its neighbours. Quarantine, warnings and reports ' +
      'carry these codes.',
    table(
      ['code', 'meaning and next step'],
      Object.entries(ROW_CODES).map(([code, text]) => [`\`${code}\``, text]),
    ),
  ].join('\n\n');
}

/** The page with its table of functions written anew; the rest is a person's. */
function expressionsPage(page: string): string {
  const rows = Object.entries(EXPRESSION_FUNCTIONS).map(([, { signature, what, example }]) => [
    `\`${signature}\``,
    what,
    `\`${example.expression}\` is \`${example.gives ?? 'null'}\``,
  ]);
  const written = [generated('src/expression'), table(['function', 'gives', 'example'], rows), '<!-- end -->'];
  return page.replace(/<!-- Written by[\s\S]*?<!-- end -->/u, () => written.join('\n\n'));
}

function generated(from: string): string {
  return `<!-- Written by scripts/generate-docs.ts from ${from}: change those and run \`npm run docs\`. -->`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableLine(headings), tableLine(headings.map(() => '---')), ...rows.map(tableLine)].join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

async function write(file: string, text: string): Promise<void> {
  const options = (await resolveConfig(file)) ?? {};
  writeFileSync(file, await format(text, { ...options, filepath: file }));
}
