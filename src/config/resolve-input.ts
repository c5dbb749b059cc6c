import type { Alternative, Input } from './mapping.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import { functionCall, transformCall, type WrittenCall } from './resolve-call.ts';
import { constantInput, type MappingContext, sourceFields } from './resolve-context.ts';
import { resolveMap } from './resolve-map.ts';
import type { MappingFileAlternative } from './schema/column-mapping.ts';
import type { Column } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

type SimpleInput = Alternative['input'];

/** The keys that say where a value comes from. */
export const INPUT_KEYS = ['from', 'value', 'expr', 'use', 'lookup', 'first_of'] as const;

export interface WrittenInput {
  readonly from?: string | readonly string[];
  readonly join?: string;
  readonly value?: string | number | boolean | null;
  readonly expr?: string;
  readonly use?: WrittenCall;
  readonly lookup?: string;
  readonly first_of?: readonly MappingFileAlternative[];
}

/** Where an input stands. */
export interface InputPlace {
  readonly table: string;
  readonly column: string;
  /** The column, or the alternative. */
  readonly path: YamlPath;
  readonly pathOf: (key: string) => YamlPath;
  /** See {@link WrittenExpression.into}. */
  readonly into: Column | null;
}

/**
 * Where the value of a column comes from; what is missing or too much is reported.
 * @param elsewhere  true where the value may come from somewhere else, so that nothing is missing
 */
export function resolveInput(
  written: WrittenInput,
  place: InputPlace,
  context: MappingContext,
  elsewhere = false,
): Input {
  reportCombination(written, place, context, elsewhere);
  const { first_of: ways } = written;
  if (ways === undefined) return simpleInput(written, place, context);
  return { kind: 'first_of', alternatives: ways.map((way, index) => alternative(way, index, place, context)) };
}

/** Without its link, which is settled together with that of the column. */
function alternative(
  way: MappingFileAlternative,
  index: number,
  { table, column, pathOf }: InputPlace,
  context: MappingContext,
): Alternative {
  const path = [...pathOf('first_of'), index];
  const place = { table, column, path, pathOf: (key: string) => [...path, key], into: null };
  reportCombination(way, place, context, false);
  return {
    input: simpleInput(way, place, context),
    split: [way.split ?? []].flat(),
    transforms: (way.transform ?? []).map((call, at) => transformCall(call, [...path, 'transform', at], context)),
    map:
      way.map === undefined
        ? null
        : resolveMap(way.map, { name: `${table}.${column}`, path: [...path, 'map'] }, context),
    lookup: 0,
  };
}

/** At most one key gives the value; `from` also names what `use` and `lookup` ask about. */
function reportCombination(
  written: WrittenInput,
  { column, path, pathOf }: InputPlace,
  { file, sink }: MappingContext,
  elsewhere: boolean,
): void {
  const given = INPUT_KEYS.filter((key) => Object.hasOwn(written, key));
  const asks = given.find((key) => key === 'use' || key === 'lookup');
  if (given.length === 0 && !elsewhere) {
    const said = `"${column}" takes its value from nowhere.`;
    sink.report('column-input', file.yaml.keyAt(path), said, 'Add `from`, `value`, `expr` or `first_of`.');
  }
  const [first, second] = given.filter((key) => asks === undefined || key !== 'from');
  if (first !== undefined && second !== undefined) {
    const said = `"${column}" takes its value from \`${first}\` and \`${second}\`: keep one.`;
    sink.report('column-input', file.yaml.keyAt(pathOf(second)), said);
  }
  if (asks !== undefined && written.from === undefined) {
    const said = `\`${asks}\` needs \`from\`: the fields that it asks about.`;
    sink.report('column-input', file.yaml.keyAt(pathOf(asks)), said);
  }
  if (written.join !== undefined && (!Array.isArray(written.from) || asks !== undefined)) {
    const said = '`join` goes with a list of fields in `from`.';
    sink.report('column-setting', file.yaml.keyAt(pathOf('join')), said, 'Write from: [A, B].');
  }
}

function simpleInput(written: WrittenInput, place: InputPlace, context: MappingContext): SimpleInput {
  const { from, join, expr, use, lookup } = written;
  if (expr !== undefined) return expressionInput(expr, place, context);
  if (from === undefined) return constantInput(written.value ?? null);
  const fields = sourceFields(from, place.pathOf('from'), context);
  if (use !== undefined) {
    const call = functionCall(use, 'resolver', place.pathOf('use'), context);
    return { kind: 'resolved', resolver: { kind: 'function', call }, ...fields };
  }
  if (lookup !== undefined) {
    reportLookup(lookup, place, context);
    return { kind: 'resolved', resolver: { kind: 'lookup', name: lookup }, ...fields };
  }
  return { kind: 'fields', ...fields, join: join ?? null };
}

function expressionInput(
  text: string,
  { table, column, pathOf, into }: InputPlace,
  context: MappingContext,
): SimpleInput {
  const path = pathOf('expr');
  context.expressions.push({ text, path, wanted: 'value', at: { table, column }, into });
  return { kind: 'expression', text, position: context.file.yaml.at(path) };
}

function reportLookup(name: string, { pathOf }: InputPlace, { file, sink }: MappingContext): void {
  const known = namedEntries(file.value.lookups ?? {}).map(([key]) => key);
  if (known.includes(name)) return;
  const said = `This mapping has no lookup "${name}".`;
  sink.report('unknown-lookup', file.yaml.at(pathOf('lookup')), said, didYouMean(name, known));
}
