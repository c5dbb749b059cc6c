import type { Run } from './compiled.ts';
import { ExpressionFailure } from './problem.ts';

/**
 * `a && b` of three values, as in SQL: false when either is false, else null when either is null. As in CEL, a side
 * that fails does not matter when the other side decides, whichever stands first.
 */
export function kleeneAnd(left: Run, right: Run): Run {
  return combine(left, right, false);
}

/** `a || b`: true when either is true, else null when either is null. */
export function kleeneOr(left: Run, right: Run): Run {
  return combine(left, right, true);
}

/** @param decides  the value that decides, whatever the other side is */
function combine(left: Run, right: Run, decides: boolean): Run {
  return (values, locals) => {
    let first;
    try {
      first = left(values, locals);
    } catch (error) {
      if (error instanceof ExpressionFailure && right(values, locals) === decides) return decides;
      throw error;
    }
    if (first === decides) return decides;
    const second = right(values, locals);
    if (second === decides) return decides;
    return first === null || second === null ? null : !decides;
  };
}
