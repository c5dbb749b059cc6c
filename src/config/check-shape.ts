import { existsSync } from 'node:fs';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { isRecord } from './is-record.ts';
import type { ProblemSink } from './rules.ts';
import { schemaCompiler, schemaDigest } from './schema-code.ts';
import { compactSchema } from './schema/compact.ts';
import { SCHEMAS, type SchemaName } from './schema/schemas.ts';
import { pointerSteps, reportShape } from './shape-problems.ts';
import type { YamlFile } from './yaml-file.ts';

/** A schema and the type that it stands for. */
export interface Shape<T> {
  compiled(): Promise<ValidateFunction<T>>;
}

/** Taken from what the build has compiled, else compiled when first asked for: that takes a while. */
export function shape<T>(name: SchemaName): Shape<T> {
  let compiling: Promise<ValidateFunction<T>> | null = null;
  return { compiled: () => (compiling ??= compile<T>(name)) };
}

async function compile<T>(name: SchemaName): Promise<ValidateFunction<T>> {
  const { digests, ...built } = await (building ??= builtValidators());
  const isFresh = isRecord(digests) && digests[name] === schemaDigest(SCHEMAS[name]);
  const validate = built[name];
  if (isFresh && isValidator<T>(validate)) return validate;
  return (await (compiler ??= schemaCompiler())).compile<T>(compactSchema(SCHEMAS[name]));
}

let building: Promise<Readonly<Record<string, unknown>>> | null = null;
let compiler: Promise<Ajv2020> | null = null;

/** What `npm run build` leaves beside this file: nothing where the sources run as they are. */
async function builtValidators(): Promise<Readonly<Record<string, unknown>>> {
  const file = new URL('schema/compiled.js', import.meta.url);
  const built: unknown = existsSync(file) ? await import(file.href) : null;
  return isRecord(built) ? built : {};
}

function isValidator<T>(value: unknown): value is ValidateFunction<T> {
  return typeof value === 'function';
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
