import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { COMMANDS, loadCommands } from '../../src/cli/commands.ts';
import { ERRORS } from '../../src/errors/codes.ts';
import { ROW_CODES } from '../../src/errors/row-codes.ts';

await loadCommands();

const root = resolve(import.meta.dirname, '../..');
const pages = globSync(['README.md', 'CONTRIBUTING.md', 'docs/*.md'], { cwd: root });

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

/** What stands in backticks and in shell blocks, where commands stand. */
function codeIn(text: string): string[] {
  const blocks = Array.from(text.matchAll(/```sh\n([\s\S]*?)```/gu), ([, block = '']) => block.split('\n'));
  const spans = text.replaceAll(/```[\s\S]*?```/gu, '').matchAll(/`([^`\n]+)`/gu);
  return [...blocks.flat(), ...Array.from(spans, ([, span = '']) => span)];
}

/** The command lines in it: the words after `sluice`, up to where another command, a comment or a file begins. */
function linesIn(code: string): string[][] {
  const found = code.matchAll(/(?<![\w./-])sluice ((?:--)?[a-z][^#|&<>()]*)/gu);
  return Array.from(found, ([, line = '']) => line.trim().split(/\s+/u));
}

/** What is wrong with a command line; null where it can be typed. */
function wrongWith(words: readonly string[]): string | null {
  const [first = '', second = ''] = words.map((word) => word.replace(/:$/u, ''));
  const command = COMMANDS[`${first}:${second}`] ?? COMMANDS[first];
  if (command === undefined) {
    const isTopic = second === '' && Object.keys(COMMANDS).some((id) => id.startsWith(`${first}:`));
    return isTopic || first.startsWith('--') ? null : 'no such command';
  }
  const flags = { ...command.baseFlags, ...command.flags };
  const names = new Set([
    'help',
    ...(command.enableJsonFlag ? ['json'] : []),
    ...Object.entries(flags).flatMap(([name, flag]) => [name, ...(flag.aliases ?? [])]),
    ...Object.entries(flags).flatMap(([name, flag]) => ('allowNo' in flag && flag.allowNo ? [`no-${name}`] : [])),
  ]);
  const unknown = words.flatMap((word) => /^--([a-z-]+)/u.exec(word)?.[1] ?? []).filter((name) => !names.has(name));
  return unknown.length === 0 ? null : `no such flag: --${unknown.join(', --')}`;
}

describe('the commands that the pages tell people to type', () => {
  it.each(pages)('exist, with their flags, in %s', (page) => {
    const wrong = codeIn(textOf(page))
      .flatMap(linesIn)
      .flatMap((words) => {
        const trouble = wrongWith(words);
        return trouble === null ? [] : [`sluice ${words.join(' ')}: ${trouble}`];
      });

    expect(wrong).toEqual([]);
  });
});

describe('the codes at which the pages tell people what to do', () => {
  it('exist', () => {
    const codes = new Set([...Object.keys(ERRORS), ...Object.keys(ROW_CODES)]);
    const [, table = ''] = textOf('docs/nothing-is-lost.md').split('## Alarms');
    const named = Array.from(table.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/gu), ([, code = '']) => code);

    const unknown = named.filter(
      (code) => !codes.has(code) && !/^(SF|SLUICE|DATABASE)_(URL|LOGIN_URL|.*KEY)$/u.test(code),
    );

    expect(named.length).toBeGreaterThan(10);
    expect(unknown).toEqual([]);
  });
});
