import type { Rejection } from './mapped-batch.ts';

/** A rejection with the record as it came, for the quarantine. */
export function rejectionOf(
  record: { readonly id: string; readonly values: readonly string[] },
  fields: readonly string[],
  why: Pick<Rejection, 'code' | 'column' | 'field'> & { readonly rule?: string | null },
): Rejection {
  const { values } = record;
  return {
    sourceId: record.id,
    code: why.code,
    column: why.column,
    field: why.field,
    rule: why.rule ?? null,
    record: Object.fromEntries(fields.map((field, index) => [field, values[index] ?? ''])),
  };
}
