import type { Type, Value } from './kinds.ts';
import type { ExpressionKind } from './scope.ts';

/**
 * What an argument may be.
 * `written`: anything but a list, handed over as text; `anything`: as it is; `list`: of whatever; `texts`: list of text.
 */
export type Accepts = readonly ExpressionKind[] | 'written' | 'anything' | 'list' | 'texts';

export interface Parameter {
  readonly name: string;
  readonly accepts: Accepts;
  /** The author writes the value out, so that it is judged once and not for every record. */
  readonly literal?: true;
}

/** `same`: the type that all arguments have in common. `item`: of the list that is the first argument. */
export type Result = Type | 'same' | 'item';

export interface FunctionSpec {
  readonly parameters: readonly Parameter[];
  /** How many of the parameters, from the last, may be left out. */
  readonly optional?: number;
  /** The last parameter may be given again and again. */
  readonly repeats?: true;
  readonly result: Result;
  /** `given`: a null argument makes the result null and nothing runs. `taken`: the function answers for null itself. */
  readonly nulls: 'given' | 'taken';
  readonly what: string;
  readonly example: Example;
  /**
   * Makes what runs for each record. It is handed the arguments that are written out, undefined for others.
   * @throws ExpressionFailure when what is written out will never do
   */
  readonly make: (written: readonly (Value | undefined)[]) => (...args: Value[]) => Value;
}

/** An expression without names, and what it gives in PostgreSQL's text form. */
export interface Example {
  readonly expression: string;
  readonly gives: string | null;
}

/** The commonest `make`: nothing to prepare. */
export function plain(run: (...args: Value[]) => Value): FunctionSpec['make'] {
  return () => run;
}

/** `years(from: date or timestamp, to: date or timestamp) -> integer` */
export function signatureOf(name: string, spec: FunctionSpec): string {
  const firstOptional = spec.parameters.length - (spec.optional ?? 0);
  const parameters = spec.parameters.map((parameter, index) => {
    const text = `${parameter.name}${index >= firstOptional ? '?' : ''}: ${acceptsText(parameter.accepts)}`;
    return spec.repeats && index === spec.parameters.length - 1 ? `${text}, ...` : text;
  });
  return `${name}(${parameters.join(', ')}) -> ${resultText(spec.result)}`;
}

export function acceptsText(accepts: Accepts): string {
  switch (accepts) {
    case 'written':
      return 'any value';
    case 'anything':
      return 'anything';
    case 'list':
      return 'list';
    case 'texts':
      return 'list of texts';
    default:
      return accepts.join(' or ');
  }
}

function resultText(result: Result): string {
  if (result === 'same') return 'the same';
  if (result === 'item') return 'an item';
  return typeof result === 'object' ? 'list of texts' : result;
}
