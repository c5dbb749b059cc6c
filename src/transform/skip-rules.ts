import { bindExpression } from '../config/bind-expression.ts';
import { expressionScope } from '../config/cells.ts';
import type { SkipRule } from '../config/mapping.ts';
import { compileExpression } from '../expression/expression.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { TransformContext } from './compile-input.ts';

/** Name of the first rule that leaves out the record at hand; null when none does. */
export type SkipTest = (report: CellReport) => string | null;

/** The rules of `skip_when`, those apart that need nothing but the record as it came: its cells are not read at all. */
export interface SkipTests {
  readonly early: SkipTest | null;
  readonly late: SkipTest | null;
}

export function compileSkipTests(context: TransformContext): SkipTests {
  const rules = context.mapping.skipWhen.map((rule) => compileRule(rule, context));
  return {
    early: testOf(rules.filter(({ ofRecord }) => ofRecord)),
    late: testOf(rules.filter(({ ofRecord }) => !ofRecord)),
  };
}

function testOf(rules: readonly CompiledRule[]): SkipTest | null {
  return rules.length === 0 ? null : (report) => rules.find(({ holds }) => holds(report))?.name ?? null;
}

interface CompiledRule {
  readonly name: string;
  readonly ofRecord: boolean;
  readonly holds: (report: CellReport) => boolean;
}

/** A record that a rule cannot be computed for is refused: nobody knows whether it should be left out. */
function compileRule({ name, when }: SkipRule, { mapping, at }: TransformContext): CompiledRule {
  const names = expressionScope(mapping);
  const expression = compileExpression(when, names, 'boolean');
  const values = bindExpression(expression, names, at, true);
  return {
    name,
    ofRecord: expression.columns.length === 0,
    holds: (report) => {
      try {
        return expression.test(values) === true;
      } catch {
        report.reject('TRANSFORM_FAILED', null, null, name);
        return false;
      }
    },
  };
}
