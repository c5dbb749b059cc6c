import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compileExpression } from '../../src/expression/expression.ts';
import { EXPRESSION_FUNCTIONS } from '../../src/expression/functions.ts';
import type { ExpressionScope } from '../../src/expression/scope.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/expressions.md'), 'utf8');

const SCOPE: ExpressionScope = {
  columns: {
    birthdate: 'date',
    last_contact: 'date',
    start_date: 'date',
    end_date: 'date',
    'contact.status': 'text',
    hours: 'number',
    name: 'text',
  },
  fields: 'any',
};

/** The expressions of the YAML on the page. */
function inYaml(): string[] {
  return [...page.matchAll(/(?:expr|when|check): (?:'([^']+)'|"([^"]+)")/g)].map((found) => found[1] ?? found[2] ?? '');
}

/** The expressions about lists, and those that the text recommends. */
function inText(): string[] {
  return [...page.matchAll(/`([^`\n]*source\.[^`\n]*\([^`\n]*\)[^`\n]*|coalesce\([^`\n]+\))`/g)].map(
    (found) => found[1] ?? '',
  );
}

describe('the page about expressions', () => {
  it.each([...inYaml(), ...inText()])('shows only what lint has nothing against: %s', (text) => {
    const made = () => compileExpression(text.endsWith(')') ? `blank(${text})` : text, SCOPE, 'value');

    expect(made).not.toThrow();
  });

  it('shows some', () => {
    expect(inYaml().length).toBeGreaterThan(5);
    expect(inText().length).toBeGreaterThan(5);
  });

  it('has a line for every function', () => {
    const missing = Object.values(EXPRESSION_FUNCTIONS).filter(({ signature }) => !page.includes(`\`${signature}\``));

    expect(missing).toEqual([]);
  });
});
