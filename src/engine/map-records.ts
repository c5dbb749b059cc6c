import type { Mapping } from '../config/mapping.ts';
import type { MappedBatch, MappedRecord } from '../flow/mapped-batch.ts';
import type { Slice } from '../flow/slice.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import {
  compileQuestions,
  compileTransform,
  NO_ANSWERS,
  type ResolverAnswers,
  type ResolverQuestion,
} from '../transform/transform.ts';
import { compileValidation } from '../validate/validate.ts';
import type { StepDeps } from './step-deps.ts';

/** From source records to checked rows, as often as needed. */
export interface RecordMapper {
  /** True where what a record becomes depends on answers of others. */
  readonly asksOthers: boolean;
  /** Asks what the records' mapping asks others; must have been done before they are mapped. */
  prepare(records: readonly SourceRecord[]): Promise<void>;
  map(piece: SourceBatch): MappedBatch;
  /** The rows of records that were mapped before. */
  again(records: readonly SourceRecord[], fields: readonly string[]): readonly MappedRecord[];
}

/** Answers each question, in their order. */
export type Ask = (questions: readonly ResolverQuestion[]) => Promise<ResolverAnswers>;

export function recordMapper(
  mapping: Mapping,
  { functions, today }: Pick<StepDeps, 'functions' | 'today'>,
  ask: Ask,
): RecordMapper {
  const transform = compileTransform(mapping, { functions, today });
  const validate = compileValidation(mapping, { functions, today });
  const questions = compileQuestions(mapping);
  // A commit that is refused is mapped again, long after its batch has gone by.
  const answersOf = new WeakMap<SourceRecord, ResolverAnswers>();
  const map = (piece: SourceBatch): MappedBatch => {
    const [first] = piece.records;
    const answers = first === undefined ? NO_ANSWERS : (answersOf.get(first) ?? NO_ANSWERS);
    return validate(transform(piece, answers));
  };
  return {
    asksOthers: questions !== null,
    prepare: async (records) => {
      if (questions === null || records.length === 0) return;
      const answers = await ask(questions(records));
      for (const record of records) answersOf.set(record, answers);
    },
    map,
    again: (records, fields) =>
      byAnswers(records, answersOf).flatMap(
        (some) => map({ slice: NO_SLICE, fields, records: some, last: false }).records,
      ),
  };
}

/** Records that are mapped again belong to the slice of the commit that was refused. */
const NO_SLICE: Slice = { kind: 'bulk_page', ordinal: 0, job: null, locator: null };

/** Neighbours of one batch share their answers; a commit may hold several batches. */
function byAnswers(
  records: readonly SourceRecord[],
  answersOf: WeakMap<SourceRecord, ResolverAnswers>,
): readonly (readonly SourceRecord[])[] {
  const parts: SourceRecord[][] = [];
  let answers: ResolverAnswers | undefined;
  for (const record of records) {
    const own = answersOf.get(record);
    const part = parts.at(-1);
    if (part !== undefined && own === answers) part.push(record);
    else parts.push([record]);
    answers = own;
  }
  return parts;
}
