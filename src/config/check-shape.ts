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
  return new ajv.Ajv2020({ allErrors: true, useDefaults: true, verbose: true, ...checks });
}

export interface Given {
  readonly yaml: YamlFile;
  /** The value to check; defaults are filled in here, in place. */
  readonly value: unknown;
  /** Pointers of texts from the environment: these may stand for a number or a boolean. */
  readonly filled: ReadonlySet<string>;
}

/** @returns the value as the schema types it, or null when it does not fit; what is wrong is reported */
export async function checkShape<T>(
  wanted: Shape<T>,
  { yaml, value, filled }: Given,
  sink: ProblemSink,
): Promise<T | null> {
  const validate = await wanted.compiled();
  if (validate(value)) return value;
  if (fillTyped(value, validate.errors ?? [], filled) && validate(value)) return value;
  reportShape(validate.errors ?? [], yaml, sink);
  return null;
}

/** Texts from the environment become a number or a boolean where the schema wants one. */
function fillTyped(value: unknown, errors: readonly ErrorObject[], filled: ReadonlySet<string>): boolean {
  let changed = false;
  for (const { keyword, instancePath, params, data } of errors) {
    if (keyword !== 'type' || !filled.has(instancePath) || typeof data !== 'string') continue;
    const typed = asType(data, new Set<unknown>([params['type']].flat()));
    const path = pointerSteps(instancePath);
    const holder = path.slice(0, -1).reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), value);
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
