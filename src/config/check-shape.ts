import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { isRecord } from './is-record.ts';
import type { ProblemSink } from './rules.ts';
import { publishedSchema } from './schema/published.ts';
import { pointerSteps, reportShape } from './shape-problems.ts';
import type { YamlFile } from './yaml-file.ts';

/** A schema and the type that it stands for. */
export interface Shape<T> {
  compiled(): Promise<ValidateFunction<T>>;
}

/** Compiled when first asked for: Ajv takes a while to load, and only who reads a project needs it. */
export function shape<T>(schema: object): Shape<T> {
  let compiling: Promise<ValidateFunction<T>> | null = null;
  const compile = async (): Promise<ValidateFunction<T>> => (await compiler()).compile<T>(publishedSchema(schema));
  return { compiled: () => (compiling ??= compile()) };
}

let loading: Promise<Ajv2020> | null = null;

function compiler(): Promise<Ajv2020> {
  return (loading ??= loadCompiler());
}

async function loadCompiler(): Promise<Ajv2020> {
  const ajv = await import('ajv/dist/2020.js');
  // The schemas are ours and held against the standard by a test: to do that at every start would only cost time.
  const checks = { strict: false, validateSchema: false, meta: false } as const;
  // Making the generated code shorter takes longer than a few dozen files gain by it.
  const code = { optimize: false };
  return new ajv.Ajv2020({ allErrors: true, useDefaults: true, verbose: true, code, ...checks });
}

export interface Given {
  readonly yaml: YamlFile;
  /** The value to check; defaults are filled in here, in place. */
  readonly value: unknown;
  /** Pointers of texts from the environment: these may stand for a number or a boolean. */
  readonly filled: ReadonlySet<string>;
}

/**
 * @returns the value as the schema types it, without keys that it does not know; null when it does not fit. What is
 *   wrong is reported
 */
export async function checkShape<T>(
  wanted: Shape<T>,
  { yaml, value, filled }: Given,
  sink: ProblemSink,
): Promise<T | null> {
  const validate = await wanted.compiled();
  if (validate(value)) return value;
  if (fillTyped(value, validate.errors ?? [], filled) && validate(value)) return value;
  const errors = validate.errors ?? [];
  reportShape(errors, yaml, sink);
  // A misspelt key has been told; the rest of the file is looked at all the same.
  return dropUnknown(value, errors) && validate(value) ? value : null;
}

/** Removes the keys that no schema knows. @returns false when that is not all that is wrong */
function dropUnknown(value: unknown, errors: readonly ErrorObject[]): boolean {
  for (const { keyword, instancePath, params } of errors) {
    const holder = partAt(value, pointerSteps(instancePath));
    const key: unknown = params['additionalProperty'];
    if (keyword !== 'additionalProperties' || !isRecord(holder) || typeof key !== 'string') return false;
    delete holder[key];
  }
  return true;
}

function partAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at, step) => (isRecord(at) ? at[step] : undefined), value);
}

/** Texts from the environment become a number or a boolean where the schema wants one. */
function fillTyped(value: unknown, errors: readonly ErrorObject[], filled: ReadonlySet<string>): boolean {
  let changed = false;
  for (const { keyword, instancePath, params, data } of errors) {
    if (keyword !== 'type' || !filled.has(instancePath) || typeof data !== 'string') continue;
    const typed = asType(data, new Set<unknown>([params['type']].flat()));
    const path = pointerSteps(instancePath);
    const holder = partAt(value, path.slice(0, -1));
    if (typed === null || !isRecord(holder)) continue;
    holder[path.at(-1) ?? ''] = typed;
    changed = true;
  }
  return changed;
}

function asType(text: string, types: ReadonlySet<unknown>): number | boolean | null {
  if (types.has('boolean') && /^(?:true|false)$/u.test(text)) return text === 'true';
  return (types.has('integer') || types.has('number')) && /^[0-9]+$/u.test(text) ? Number(text) : null;
}
