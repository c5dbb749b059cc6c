import type { Mapping, Position } from './mapping.ts';

/** A file of `mappings/tests`, as resolved: every name in it is one of its mapping. */
export interface CaseFile {
  readonly file: string;
  readonly mapping: Mapping;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly cases: readonly MappingCase[];
}

/** One record, and what is to become of it. */
export interface MappingCase {
  readonly name: string;
  readonly position: Position;
  /** By the field as the source selects it; null for blank. */
  readonly record: ReadonlyMap<string, string | null>;
  /** By lookup or function, then by input: of several fields, their texts with ` | ` between. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
  readonly expected: ExpectedOutcome;
}

export interface ExpectedOutcome {
  /** Empty when nothing is said of rows; a record that is neither skipped nor quarantined is loaded. */
  readonly rows: readonly ExpectedTable[];
  readonly skipped: string | null;
  readonly quarantined: ExpectedRefusal | null;
  /** Null when nothing is said of warnings. */
  readonly warnings: readonly string[] | null;
}

export interface ExpectedTable {
  readonly table: string;
  /** True when the rows are all that the record gives the table, in their order; else there is one row. */
  readonly list: boolean;
  readonly rows: readonly ExpectedRow[];
  readonly position: Position;
}

export interface ExpectedRow {
  readonly values: readonly { readonly column: string; readonly value: ExpectedValue; readonly position: Position }[];
}

/** The text of a value, `keep` for what stays as the row has it; of a link with candidates, their texts. */
export type ExpectedValue = string | null | readonly string[];

export interface ExpectedRefusal {
  /** One of the row codes. */
  readonly code: string;
  /** Null when it does not matter. */
  readonly column: string | null;
  readonly rule: string | null;
}
