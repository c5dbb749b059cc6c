import { compileNode } from './compile-node.ts';
import type { Compiled, Locals } from './compiled.ts';
import { commonType, isList } from './kinds.ts';
import { parse } from './parse.ts';
import { ExpressionProblem } from './problem.ts';
import { textWriter } from './read-value.ts';
import { refuseType } from './refuse-type.ts';
import type { ExpressionKind, ExpressionScope, ExpressionValues } from './scope.ts';

/** A safe expression, checked and ready to run: it calls nothing, waits for nothing, and ends. */
export interface Expression {
  readonly kind: ExpressionKind | 'null';
  /** The columns and fields that it asks for, each once, as the scope names them. */
  readonly columns: readonly string[];
  readonly fields: readonly string[];
  /**
   * In PostgreSQL's text form: `true`, `12`, `2026-01-02`.
   * @throws ExpressionFailure when the record's values cannot be computed with
   */
  evaluate(values: ExpressionValues): string | null;
  /**
   * For conditions: null when it cannot be said, because a value that counts is null. A `when` acts on true only; a
   * `check`, like a constraint in SQL, refuses on false only.
   * @throws ExpressionFailure when the record's values cannot be computed with
   */
  test(values: ExpressionValues): boolean | null;
}

/**
 * Checks an expression against the names it may use, and makes it ready to run for each record.
 * @param wanted  `boolean` for a condition; `value` for anything that a column can hold
 * @throws ExpressionProblem with the place in the text
 */
export function compileExpression(text: string, scope: ExpressionScope, wanted: 'boolean' | 'value'): Expression {
  const node = parse(text);
  const names = { columns: [], fields: [] };
  const compiling = { text, scope, ...names, locals: new Map(), slots: { count: 0 } };
  const compiled = compileNode(node, compiling);
  if (wanted === 'boolean' && commonType(compiled.type, 'boolean') === null) {
    throw refuseType(node, compiled.type, { wanted: 'boolean', text });
  }
  return expressionOf(compiled, names, compiling.slots.count);
}

function expressionOf(
  { type, run }: Compiled,
  names: Pick<Expression, 'columns' | 'fields'>,
  slots: number,
): Expression {
  if (isList(type)) {
    throw new ExpressionProblem('a list is no value for a column', 0, {
      suggestion: 'Write join(list, ", ") or nth(list, 1).',
    });
  }
  const write = textWriter(type);
  const locals: () => Locals = slots === 0 ? () => NO_LOCALS : () => Array.from({ length: slots + 1 }, () => 0);
  return {
    kind: type,
    columns: names.columns,
    fields: names.fields,
    evaluate: (values) => write(run(values, locals())),
    test: (values) => {
      const result = run(values, locals());
      return typeof result === 'boolean' ? result : null;
    },
  };
}

const NO_LOCALS: Locals = [];
