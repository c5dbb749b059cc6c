import { Problem } from '../http/problem.ts';

/** A refused query, with the place shown as Salesforce shows it: the line, a caret, row and column from 1. */
export function queryProblem(code: string, message: string, where: { soql: string; offset: number }): Problem {
  const before = where.soql.slice(0, where.offset).split('\n');
  const line = where.soql.split('\n')[before.length - 1] ?? '';
  const column = (before.at(-1)?.length ?? 0) + 1;
  const from = Math.max(0, column - 60);
  const shown = `${line.slice(from, column + 40)}\n${' '.repeat(column - 1 - from)}^`;
  return new Problem(
    400,
    code,
    `\n${shown}\nERROR at Row:${String(before.length)}:Column:${String(column)}\n${message}`,
  );
}
