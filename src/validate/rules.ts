import { bindExpression } from '../config/bind-expression.ts';
import { type ExpressionNames, expressionScope } from '../config/cells.ts';
import type { Rule } from '../config/mapping.ts';
import { compileExpression } from '../expression/expression.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { RecordView } from '../plugin/define-plugin.ts';
import type { ValidateContext } from './validate-context.ts';

/** Judges the record at hand by the mapping's rules, after its cells are checked. */
export type JudgeRecord = (report: CellReport) => void;

/** @returns null when the mapping has no rules */
export function compileRules(context: ValidateContext): JudgeRecord | null {
  const { rules } = context.mapping;
  if (rules.length === 0) return null;
  const names = expressionScope(context.mapping);
  const judges = rules.map((rule) => compileRule(rule, names, context));
  return (report) => {
    for (const judge of judges) judge(report);
  };
}

/**
 * `when` acts on true only, and `check`, like a constraint in SQL, refuses on false only: what cannot be said because a
 * value is null is no fault of the record. A rule that cannot be computed is told as such, by its own severity.
 */
function compileRule(rule: Rule, names: ExpressionNames, context: ValidateContext): JudgeRecord {
  const { name, severity } = rule;
  const applies = rule.when === null ? null : compileTest(rule.when, names, context);
  const holds = rule.check === null ? compileUse(rule, names, context) : compileTest(rule.check, names, context);
  const tell = (code: 'RULE_FAILED' | 'TRANSFORM_FAILED', report: CellReport): void =>
    severity === 'warn' ? report.warn(code, name) : report.reject(code, null, null, name);
  return (report) => {
    try {
      if (applies !== null && applies() !== true) return;
      if (holds() === false) tell('RULE_FAILED', report);
    } catch {
      tell('TRANSFORM_FAILED', report);
    }
  };
}

function compileTest(text: string, names: ExpressionNames, { at }: ValidateContext): () => boolean | null {
  const expression = compileExpression(text, names, 'boolean');
  const values = bindExpression(expression, names, at, false);
  return () => expression.test(values);
}

function compileUse({ name, use }: Rule, names: ExpressionNames, { functions, at }: ValidateContext): () => boolean {
  if (use === null || functions === null) throw new RangeError(`the rule ${name} passed lint and checks nothing`);
  const check = functions.recordCheck(use);
  const view: RecordView = {
    column: (column) => {
      const cell = names.cells.get(column);
      if (cell === undefined) throw new RangeError(`the mapping has no column ${column}`);
      const value = at.cells[cell.place];
      return typeof value === 'string' ? value : null;
    },
    field: (path) => {
      const place = names.fields.indexOf(path);
      if (place < 0) throw new RangeError(`the source has no field ${path}`);
      return at.values[place] || null;
    },
  };
  return () => check(view) === true;
}
