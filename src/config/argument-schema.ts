import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { ArgumentProblem } from './functions.ts';
import { isRecord } from './is-record.ts';
import { didYouMean } from './nearest.ts';
import { pointerSteps } from './shape-problems.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** The arguments that one function takes. */
export interface ArgumentShape {
  readonly names: readonly string[];
  /** What is wrong with these: one sentence each. */
  readonly problems: (args: Arguments) => readonly ArgumentProblem[];
  /** The same arguments with the schema's defaults, of their own. */
  readonly filled: (args: Arguments) => Arguments;
}

/** Of a function without a schema. */
const NO_ARGUMENTS: ArgumentShape = {
  names: [],
  filled: (args) => ({ ...args }),
  problems: (args) => Object.keys(args).map((name) => unknownArgument(null, [name], [])),
};

/**
 * Compiles the JSON Schema of a function's arguments. Arguments that it does not name are refused.
 * @param schema  undefined for none
 * @returns what is wrong with the schema, when it is none
 */
export function compileArguments(schema: unknown): ArgumentShape | string {
  if (schema === undefined) return NO_ARGUMENTS;
  const properties = isRecord(schema) && schema['type'] === 'object' ? schema['properties'] : null;
  if (!isRecord(schema) || !isRecord(properties) || !Object.values(properties).every(isPart)) {
    return 'must be a JSON Schema with `type: "object"` and `properties`';
  }
  return compiled(schema, properties);
}

function compiled(
  schema: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
): ArgumentShape | string {
  const { Ajv2020: AjvClass } = loadAjv();
  // Strict, because a misspelt keyword would let every argument pass.
  const ajv = new AjvClass({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    strict: true,
    // Compiling finds what is no schema, too, without first compiling the schema of schemas, which takes longer than all else.
    validateSchema: false,
    meta: false,
    strictTypes: false,
    strictRequired: false,
    logger: false,
  });
  let validate: ValidateFunction;
  try {
    validate = ajv.compile({ additionalProperties: false, ...schema });
  } catch (error) {
    return `is no JSON Schema: ${error instanceof Error ? error.message : 'it does not compile'}`;
  }
  const filled = (args: Arguments): Arguments => {
    const own = structuredClone(args);
    validate(own);
    return own;
  };
  return {
    names: Object.keys(properties),
    filled,
    problems: (args) => (validate(structuredClone(args)) ? [] : problemsOf(validate.errors ?? [])),
  };
}

/** In place: a project without plugins does not need it. */
function loadAjv(): { readonly Ajv2020: typeof Ajv2020 } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the package says of itself
  return createRequire(import.meta.url)('ajv/dist/2020.js') as { readonly Ajv2020: typeof Ajv2020 };
}

function isPart(part: unknown): boolean {
  return isRecord(part) || typeof part === 'boolean';
}

/** A misspelt argument is told once, not a second time as one that is missing. */
function problemsOf(errors: readonly ErrorObject[]): readonly ArgumentProblem[] {
  const unknown = errors.filter(
    ({ keyword, instancePath }) => keyword === 'additionalProperties' && instancePath === '',
  );
  return (unknown.length > 0 ? unknown : errors).map(problemOf);
}

function problemOf(error: ErrorObject): ArgumentProblem {
  const { keyword, instancePath, params } = error;
  const path = pointerSteps(instancePath);
  const argument = path[0] ?? null;
  const schema: unknown = error.parentSchema;
  const part = isRecord(schema) ? schema : {};
  if (keyword === 'additionalProperties') {
    const known = isRecord(part['properties']) ? Object.keys(part['properties']) : [];
    return unknownArgument(argument, [...path, String(params['additionalProperty'])], known);
  }
  if (keyword === 'required') {
    const name = String(params['missingProperty']);
    return { argument, message: `The function needs the argument "${[...path, name].join('.')}".`, suggestion: null };
  }
  return { argument, message: `"${path.join('.')}" must be ${wantedBy(error, part)}.`, suggestion: null };
}

/** @param argument  that holds the unknown one; null for one that is none itself */
function unknownArgument(argument: string | null, path: readonly string[], known: readonly string[]): ArgumentProblem {
  const name = path.at(-1) ?? '';
  const message = `The function takes no argument "${path.join('.')}".`;
  return { argument: argument ?? name, message, suggestion: didYouMean(name, known) };
}

/** What the schema wants, in the words of its `title` where it has one. */
function wantedBy({ keyword, params, message = 'of another kind' }: ErrorObject, part: Arguments): string {
  if (typeof part['title'] === 'string') return part['title'];
  if (keyword === 'enum' && Array.isArray(params['allowedValues'])) {
    return `one of ${params['allowedValues'].map(String).join(', ')}`;
  }
  if (keyword === 'type') return [params['type']].flat().map(typeInWords).join(' or ');
  return message.replace(/^must (be )?/u, '');
}

function typeInWords(type: unknown): string {
  return TYPES[String(type)] ?? String(type);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
};
