import type { Input, Mapping, Resolver } from '../config/mapping.ts';
import { childTables, recordCells } from '../config/cells.ts';
import type { SourceRecord } from '../flow/source-batch.ts';

/*
 * How values that others must be asked for come into a record, seen from the engine:
 *
 *   const transform = compileTransform(mapping, { functions, today });
 *   const questions = compileQuestions(mapping);          // null for the mappings that ask nobody: nearly all
 *   ...
 *   const answers = questions === null ? NO_ANSWERS : await answer(questions(batch.records));
 *   transform(piece, answers);                            // any part of that batch, as often as needed
 *
 * `answer` gives one map for each question, in their order. A key that a map lacks, or holds null for, is an input that
 * nothing is known about. The same resolver with the same fields is one question, whatever columns use it.
 */

/** What one resolver is to be asked for a batch. */
export interface ResolverQuestion {
  readonly resolver: Resolver;
  /** Field paths that an input's values come from; for a lookup, an input has one value: the first that is not blank. */
  readonly paths: readonly string[];
  /** Each once; inputs whose values are all blank are not asked about. */
  readonly inputs: readonly ResolverInput[];
}

export interface ResolverInput {
  /** Of one value, that value. */
  readonly key: string;
  /** In the order of `paths`; null for blank. */
  readonly values: readonly (string | null)[];
}

/** Answers by the key of their input, index-aligned with the questions. */
export type ResolverAnswers = readonly ReadonlyMap<string, string | null>[];

export const NO_ANSWERS: ResolverAnswers = [];

type ResolvedInput = Extract<Input, { readonly kind: 'resolved' }>;

/** Collects what must be asked for a batch's records. */
export type AskForBatch = (records: readonly SourceRecord[]) => readonly ResolverQuestion[];

/** @returns null when the mapping asks nobody */
export function compileQuestions(mapping: Mapping): AskForBatch | null {
  const uses = resolverUses(mapping);
  if (uses.length === 0) return null;
  return (records) =>
    uses.map((use) => {
      const read = inputReader(use);
      const inputs = new Map<string, ResolverInput>();
      for (const { values } of records) {
        const input = read(values);
        if (input !== null && !inputs.has(input.key)) inputs.set(input.key, input);
      }
      return { resolver: use.resolver, paths: use.paths, inputs: [...inputs.values()] };
    });
}

/** Every distinct use of a resolver, in the order of the questions. */
export function resolverUses(mapping: Mapping): readonly ResolvedInput[] {
  const columns = [
    ...recordCells(mapping).map(({ column }) => column),
    ...childTables(mapping).flatMap((table) => table.each.flatMap((entry) => entry.columns)),
  ];
  const uses = new Map<string, ResolvedInput>();
  for (const { input } of columns) {
    const inputs = input.kind === 'first_of' ? input.alternatives.map((alternative) => alternative.input) : [input];
    for (const one of inputs) {
      if (one.kind === 'resolved' && !uses.has(useKey(one))) uses.set(useKey(one), one);
    }
  }
  return [...uses.values()];
}

/** Tells one use from another: who is asked, with which arguments, about which fields. */
export function useKey({ resolver, paths }: ResolvedInput): string {
  const who =
    resolver.kind === 'lookup'
      ? ['lookup', resolver.name]
      : ['function', resolver.call.name, JSON.stringify(resolver.call.args)];
  return JSON.stringify([...who, ...paths]);
}

/** From a record's values to the input of a resolver; null when there is nothing to ask about. */
export function inputReader({ resolver, indexes }: ResolvedInput): (values: readonly string[]) => ResolverInput | null {
  if (resolver.kind === 'lookup') {
    return (values) => {
      for (const index of indexes) {
        const key = values[index]?.trim() ?? '';
        if (key !== '') return { key, values: [key] };
      }
      return null;
    };
  }
  return (values) => {
    const texts = indexes.map((index) => values[index] || null);
    if (texts.every((text) => text === null || text.trim() === '')) return null;
    return { key: texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts), values: texts };
  };
}
