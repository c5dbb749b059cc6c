import type { Type, Value } from './kinds.ts';
import type { ExpressionScope, ExpressionValues } from './scope.ts';
import type { Node } from './tree.ts';

/**
 * What an evaluation remembers while it goes through lists: how many items it has looked at, at 0; then the items at
 * hand, each at its slot. Shared and empty where an expression goes through none.
 */
export type Locals = Value[];

/** Gives a part's value for one record. @throws ExpressionFailure */
export type Run = (values: ExpressionValues, locals: Locals) => Value;

/** A part of an expression, ready to run. */
export interface Compiled {
  readonly type: Type;
  readonly run: Run;
  /** The same for every record. */
  readonly constant: boolean;
}

/** What is known and gathered while an expression is compiled. */
export interface Compiling {
  readonly text: string;
  readonly scope: ExpressionScope;
  /** Columns and fields that were named, each once. */
  readonly columns: string[];
  readonly fields: string[];
  /** Names for items of lists, where they hold. */
  readonly locals: ReadonlyMap<string, { readonly slot: number; readonly type: Type }>;
  /** Slots given out so far; `Locals` is one longer. */
  readonly slots: { count: number };
}

/** Compiles a part by way of its own parts; handed to those who know one kind of part. */
export type CompileNode = (node: Node, compiling: Compiling) => Compiled;

/**
 * A part made of others: where those are the same for every record it is computed here, once.
 * @throws ExpressionFailure when it cannot be
 */
export function constantOf(parts: readonly Compiled[], made: Pick<Compiled, 'type' | 'run'>): Compiled {
  if (!parts.every(({ constant }) => constant)) return { ...made, constant: false };
  const value = made.run(NOTHING, []);
  return { type: made.type, run: () => value, constant: true };
}

/** What a part is for every record; undefined when that depends on the record. */
export function constantValue({ constant, run }: Compiled): Value | undefined {
  return constant ? run(NOTHING, []) : undefined;
}

/** What a constant part is run with: it asks for nothing. */
const NOTHING: ExpressionValues = { column: () => null, field: () => null, today: '' };
