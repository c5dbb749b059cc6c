import type { ErrorObject } from 'ajv/dist/2020.js';
import { isRecord } from './is-record.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import { isRestOfType, typeHint } from './type-hint.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

/** Ajv's errors as problems, one a place: a text that is no number does not also need to be told that it is too small. */
export function reportShape(errors: readonly ErrorObject[], yaml: YamlFile, sink: ProblemSink): void {
  const seen = new Set<string>();
  for (const error of errors) {
    const place = `${error.instancePath} ${namedKey(error) ?? ''}`;
    // Ajv adds one more error for the key itself when its name is wrong.
    if (seen.has(place) || error.keyword === 'propertyNames' || isRestOfType(error, errors)) continue;
    seen.add(place);
    reportOne(error, yaml, sink);
  }
}

/** The steps of a JSON pointer. */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function reportOne(error: ErrorObject, yaml: YamlFile, sink: ProblemSink): void {
  const path = pointerSteps(error.instancePath);
  const schema: unknown = error.parentSchema;
  const part = isRecord(schema) ? schema : {};
  const key = namedKey(error);
  const title = typeof part['title'] === 'string' ? part['title'] : 'another value';
  const here = path.length === 0 ? 'The file' : `"${path.at(-1) ?? ''}"`;
  if (error.keyword === 'additionalProperties' && key !== null) {
    const known = isRecord(part['properties']) ? Object.keys(part['properties']) : [];
    sink.report(
      'unknown-key',
      yaml.keyAt([...path, key]),
      `The key "${key}" is not known here.`,
      didYouMean(key, known),
    );
  } else if (error.keyword === 'required' && key !== null) {
    sink.report('missing-key', path.length === 0 ? yaml.at([]) : yaml.keyAt(path), `${here} needs the key "${key}".`);
  } else if (error.propertyName !== undefined) {
    sink.report('wrong-value', yaml.keyAt([...path, error.propertyName]), `The key must be ${title}.`);
  } else if (error.keyword === 'type') {
    sink.report('wrong-type', yaml.at(path), `${here} must be ${title}.`, quotesHint(error, path));
  } else if (error.keyword === 'uniqueItems') {
    sink.report('wrong-value', yaml.at([...path, Number(error.params['i'])]), `${here} has the same entry twice.`);
  } else {
    sink.report('wrong-value', yaml.at(path), `${here} must be ${title}.`, typeHint(error) ?? nearestWord(error));
  }
}

/** The key that an error names beside the place, where it does. */
function namedKey(error: ErrorObject): string | null {
  const key: unknown = error.params['additionalProperty'] ?? error.params['missingProperty'] ?? error.propertyName;
  return typeof key === 'string' ? key : null;
}

function nearestWord({ keyword, params, data }: ErrorObject): string | null {
  const words: unknown = params['allowedValues'];
  if (keyword !== 'enum' || typeof data !== 'string' || !Array.isArray(words)) return null;
  return didYouMean(
    data,
    words.filter((word) => typeof word === 'string'),
  );
}

function quotesHint({ data, params }: ErrorObject, path: YamlPath): string | null {
  if (typeof data !== 'number' || ![params['type']].flat().includes('string')) return null;
  return `Write it in quotes: ${String(path.at(-1))}: "${data}".`;
}
