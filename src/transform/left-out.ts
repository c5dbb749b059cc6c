import { expressionFields } from '../config/expression-fields.ts';
import type { Mapping } from '../config/mapping.ts';
import { BatchReport } from '../flow/cell-report.ts';
import type { Slice } from '../flow/slice.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { TransformContext } from './compile-input.ts';
import { compileSkipTests } from './skip-rules.ts';

/** Tells which records the rules of `skip_when` leave out, from no more of them than that needs. */
export interface LeftOutTest {
  /** Fields that must be read, in the order in which a record's values begin. */
  readonly fields: readonly string[];
  readonly leavesOut: (record: SourceRecord) => boolean;
}

/**
 * @param wholeRecord  how a whole record is tested, where a rule asks for columns and not only for fields
 * @returns null where the mapping has no such rule
 */
export function compileLeftOutTest(
  context: TransformContext,
  wholeRecord: (mapping: Mapping) => LeftOutTest['leavesOut'],
): LeftOutTest | null {
  const { mapping } = context;
  if (mapping.skipWhen.length === 0) return null;
  const isOfColumns = compileSkipTests(context).late !== null;
  if (isOfColumns) return { fields: mapping.source.fields, leavesOut: wholeRecord(mapping) };
  const asked = mapping.skipWhen.flatMap(({ when }) => expressionFields(when).map(({ field }) => field));
  const fields = [...new Set(asked)];
  const test = compileSkipTests({ ...context, mapping: { ...mapping, source: { ...mapping.source, fields } } }).early;
  return {
    fields,
    leavesOut: ({ values }) => {
      context.at.values = values;
      // A rule that cannot be computed leaves nothing out: its record is refused, and is in quarantine.
      return test?.(new BatchReport()) != null;
    },
  };
}

/** For a record that belongs to no slice of a run. */
export const NO_SLICE: Slice = { kind: 'ids', ordinal: 0, job: null, locator: null };
