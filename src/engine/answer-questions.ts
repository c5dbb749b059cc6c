import type { Mapping } from '../config/mapping.ts';
import { orgQuestions } from '../extract/extract.ts';
import type { ResolverQuestion } from '../transform/transform.ts';
import type { Ask } from './map-records.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * Answers a mapping's questions: side queries by the org, the others by the plugins' functions. What the org has
 * answered is remembered as long as the step runs.
 */
export function answering(
  mapping: Mapping,
  { functions, salesforce, signal }: Pick<StepDeps, 'functions' | 'salesforce' | 'signal'>,
): Ask {
  const org = orgQuestions({ salesforce, signal });
  const values = async ({ resolver, paths, inputs }: ResolverQuestion): Promise<readonly (string | null)[]> => {
    if (inputs.length === 0) return [];
    if (resolver.kind === 'lookup') {
      const lookup = mapping.lookups.find(({ name }) => name === resolver.name);
      if (lookup === undefined) throw new RangeError(`lookup ${resolver.name} passed lint and is not there`);
      return org.lookUp(
        lookup,
        inputs.map(({ key }) => key),
      );
    }
    return functions.resolver(resolver.call)(
      inputs.map((input) => input.values),
      { query: async (soql, ids) => org.query(soql, ids), signal, mapping: mapping.name, fields: paths },
    );
  };
  return async (questions) =>
    Promise.all(
      questions.map(async (question) => {
        const answers = await values(question);
        return new Map(question.inputs.map(({ key }, index) => [key, answers[index] ?? null]));
      }),
    );
}
