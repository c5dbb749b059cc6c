import { DATE_FUNCTIONS } from './date-functions.ts';
import { type Example, type FunctionSpec, signatureOf } from './function-spec.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { VALUE_FUNCTIONS } from './value-functions.ts';

/** Every function that an expression may call, in the order of the documentation. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map<string, FunctionSpec>(
  Object.entries({ ...VALUE_FUNCTIONS, ...DATE_FUNCTIONS, ...TEXT_FUNCTIONS, ...LIST_FUNCTIONS }),
);

/** What the documentation says of a function. */
export interface ExpressionFunction {
  readonly signature: string;
  readonly what: string;
  readonly example: Example;
}

export const EXPRESSION_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = Object.fromEntries(
  [...FUNCTIONS].map(([name, spec]) => [
    name,
    { signature: signatureOf(name, spec), what: spec.what, example: spec.example },
  ]),
);
