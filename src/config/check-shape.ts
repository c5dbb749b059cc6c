import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import { publishedSchema } from './schema/published.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

interface SchemaPart {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

const compiled = new WeakMap<object, ValidateFunction>();

/** Ajv takes a while to load: only who reads a project pays for it. */
async function validator(schema: object): Promise<ValidateFunction> {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ allErrors: true, useDefaults: true, verbose: true, strict: false, validateSchema: false });
  const validate = ajv.compile(publishedSchema(schema));
  compiled.set(schema, validate);
  return validate;
}

/**
 * Holds a value against a schema and fills in defaults (in place).
 * @param filled  pointers of texts from the environment: these may stand for a number or a boolean
 * @returns the value as the schema types it, or null when it does not fit; what is wrong is reported
 */
export async function checkShape<T>(
  schema: object,
  yaml: YamlFile,
  value: unknown,
  sink: ProblemSink,
  filled: ReadonlySet<string> = new Set(),
): Promise<T | null> {
  const validate = await validator(schema);
  let valid = validate(value);
  if (!valid && coerceFilled(value, validate.errors ?? [], filled)) valid = validate(value);
  if (valid) return value as T;
  const seen = new Set<string>();
  for (const error of validate.errors ?? []) {
    // One place, one problem: a text that is no number does not also need to be told that it is too small.
    const once = `${error.instancePath} ${namedKey(error) ?? ''}`;
    if (seen.has(once) || error.keyword === 'propertyNames') continue;
    seen.add(once);
    reportShape(error, yaml, sink);
  }
  return null;
}

function reportShape(error: ErrorObject, yaml: YamlFile, sink: ProblemSink): void {
  const path = steps(error.instancePath);
  const part = (error.parentSchema ?? {}) as SchemaPart;
  const key = namedKey(error);
  const title = part.title ?? typeNames(part.type);
  const here = path.length === 0 ? 'The file' : `"${String(path.at(-1))}"`;
  if (error.keyword === 'additionalProperties' && key !== null) {
    const suggestion = didYouMean(key, Object.keys(part.properties ?? {}));
    sink.report('unknown-key', yaml.keyAt([...path, key]), `The key "${key}" is not known here.`, suggestion);
  } else if (error.keyword === 'required' && key !== null) {
    sink.report('missing-key', path.length === 0 ? yaml.at([]) : yaml.keyAt(path), `${here} needs the key "${key}".`);
  } else if (error.propertyName !== undefined) {
    sink.report('wrong-value', yaml.keyAt([...path, error.propertyName]), `The key must be ${title}.`);
  } else if (error.keyword === 'type') {
    sink.report('wrong-type', yaml.at(path), `${here} must be ${title}.`, typeHint(error, path));
  } else if (error.keyword === 'enum') {
    const known = (error.params['allowedValues'] as readonly unknown[]).filter((value) => typeof value === 'string');
    const given = typeof error.data === 'string' ? didYouMean(error.data, known) : null;
    sink.report('wrong-value', yaml.at(path), `${here} must be ${title}.`, given);
  } else if (error.keyword === 'uniqueItems') {
    sink.report('wrong-value', yaml.at([...path, Number(error.params['i'])]), `${here} has the same entry twice.`);
  } else {
    sink.report('wrong-value', yaml.at(path), `${here} must be ${title}.`);
  }
}

/** The key that an error names beside the place, where it does. */
function namedKey(error: ErrorObject): string | null {
  const key: unknown = error.params['additionalProperty'] ?? error.params['missingProperty'] ?? error.propertyName;
  return typeof key === 'string' ? key : null;
}

function typeHint({ data, params }: ErrorObject, path: YamlPath): string | null {
  if (typeof data === 'number' && [params['type']].flat().includes('string')) {
    return `Write it in quotes: ${String(path.at(-1))}: "${data}".`;
  }
  return null;
}

function typeNames(type: string | readonly string[] | undefined): string {
  return [type ?? 'another value'].flat().join(' or ');
}

/** Texts from the environment become a number or a boolean where the schema wants one. */
function coerceFilled(value: unknown, errors: readonly ErrorObject[], filled: ReadonlySet<string>): boolean {
  let changed = false;
  for (const { keyword, instancePath, params, data } of errors) {
    if (keyword !== 'type' || !filled.has(instancePath) || typeof data !== 'string') continue;
    const types = [params['type'] as string | string[]].flat();
    const path = steps(instancePath);
    const holder = path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value);
    const number = /^[0-9]+$/u.test(data) ? Number(data) : null;
    const replaced =
      types.includes('boolean') && /^(?:true|false)$/u.test(data)
        ? data === 'true'
        : types.includes('integer') || types.includes('number')
          ? number
          : null;
    if (replaced === null) continue;
    (holder as Record<string, unknown>)[String(path.at(-1))] = replaced;
    changed = true;
  }
  return changed;
}

function steps(instancePath: string): string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
