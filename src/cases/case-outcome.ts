import type { CaseFile, MappingCase } from '../config/mapping-case.ts';
import type { Mapping } from '../config/mapping.ts';
import type { MappedRecord, Rejection } from '../flow/mapped-batch.ts';
import type { BoundFunctions } from '../plugin/bind-functions.ts';
import { compileQuestions, compileTransform, type ResolverAnswers } from '../transform/transform.ts';
import { compileValidation } from '../validate/validate.ts';
import { sourceBatchOf } from './source-record.ts';

/** How the record of a case ended. */
export interface CaseOutcome {
  readonly loaded: MappedRecord | null;
  readonly skipped: string | null;
  readonly rejection: Rejection | null;
  /** `CODE table.column`, each once. */
  readonly warnings: readonly string[];
}

/** Sends records down the path of a run, as far as that goes without org and database. */
export type TryRecord = (one: MappingCase, number: number) => CaseOutcome;

export function compileTrial({ mapping, today }: CaseFile, functions: BoundFunctions): TryRecord {
  const transform = compileTransform(mapping, { functions, today });
  const validate = compileValidation(mapping, { functions, today });
  const answersOf = compileAnswers(mapping);
  return (one, number) => {
    const batch = sourceBatchOf(one, mapping.source, number);
    const { records, rejections, skipped, warnings } = validate(transform(batch, answersOf(one)));
    return {
      loaded: records[0] ?? null,
      skipped: [...skipped.keys()][0] ?? null,
      rejection: rejections[0] ?? null,
      warnings: [...warnings.keys()],
    };
  };
}

/** Answers as the author gives them: by the text of the input; of several fields, by their texts with ` | ` between. */
function compileAnswers(mapping: Mapping): (one: MappingCase) => ResolverAnswers {
  const ask = compileQuestions(mapping);
  if (ask === null) return () => [];
  return (one) => {
    const { records } = sourceBatchOf(one, mapping.source, 0);
    return ask(records).map(({ resolver, inputs }) => {
      const given = one.answers.get(resolver.kind === 'lookup' ? resolver.name : resolver.call.name);
      return new Map(
        inputs.map(({ key, values }) => [key, given?.get(values.map((value) => value ?? '').join(' | ')) ?? null]),
      );
    });
  };
}
