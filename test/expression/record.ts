import { compileExpression } from '../../src/expression/expression.ts';
import { ExpressionProblem } from '../../src/expression/problem.ts';
import type { ExpressionScope, ExpressionValues } from '../../src/expression/scope.ts';

export const SCOPE: ExpressionScope = {
  columns: {
    birthdate: 'date',
    start_date: 'date',
    seen_at: 'timestamp',
    grade: 'integer',
    hours: 'number',
    active: 'boolean',
    details: 'json',
    name: 'text',
    type: 'text',
    primary: 'text',
    'contact.status': 'text',
    'email.status': 'text',
    package: 'text',
    in: 'text',
    'postal code': 'text',
  },
  fields: ['Id', 'Email', 'Account.Name', 'Hours__c', 'To__c', 'Notes__c'],
};

/** One invented record; whatever is not named is null. */
export function record(values: Readonly<Record<string, string>> = {}): ExpressionValues {
  return {
    column: (name) => values[name] ?? null,
    field: (path) => values[path] ?? null,
    today: '2026-05-05',
  };
}

/** What an expression gives for a record. */
export function gives(text: string, values: Readonly<Record<string, string>> = {}): string | null {
  return compileExpression(text, SCOPE, 'value').evaluate(record(values));
}

/** What a condition says of a record. */
export function says(text: string, values: Readonly<Record<string, string>> = {}): boolean | null {
  return compileExpression(text, SCOPE, 'boolean').test(record(values));
}

/** The problem that a text has. */
export function problemIn(text: string, wanted: 'boolean' | 'value' = 'value'): ExpressionProblem {
  try {
    compileExpression(text, SCOPE, wanted);
  } catch (error) {
    if (error instanceof ExpressionProblem) return error;
    throw error;
  }
  throw new Error(`no problem in: ${text}`);
}

/** The problem as a line: message, where, what to write. */
export function told(text: string, wanted: 'boolean' | 'value' = 'value'): string {
  const { message, offset, suggestion } = problemIn(text, wanted);
  return `${offset}: ${message}${suggestion === null ? '' : ` | ${suggestion}`}`;
}
