/** What a problem may carry beside its words. */
interface Details {
  /** How many UTF-16 units the fault covers, from its offset. */
  readonly length?: number;
  /** What to write instead. */
  readonly suggestion?: string;
  /** The name that is not known, with those that are: whoever shows the problem may look for the nearest. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

/** A fault in the text of an expression. `offset` is where, in UTF-16 units from its start, 0 <= offset <= length. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';
  readonly offset: number;
  readonly length: number;
  readonly suggestion: string | null;
  readonly unknown: { readonly name: string; readonly known: readonly string[] } | null;

  constructor(message: string, offset: number, details: Details = {}) {
    super(message);
    this.offset = offset;
    this.length = details.length ?? 0;
    this.suggestion = details.suggestion ?? null;
    this.unknown = details.unknown ?? null;
  }
}

/** A record whose values an expression cannot be computed with. Its message names the place, never a value. */
export class ExpressionFailure extends Error {
  override readonly name = 'ExpressionFailure';
}
