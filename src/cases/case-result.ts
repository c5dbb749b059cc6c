import type { Position } from '../config/mapping.ts';

/** Where a case differs from what it expects. The values are the author's own invention, so they are shown. */
export interface Difference {
  /** `contact.first_name`, `email 2, type`, `outcome`, `warnings`. */
  readonly what: string;
  /** As a person writes it in the case; null where nothing was expected. */
  readonly expected: string | null;
  /** Null where there is nothing. */
  readonly actual: string | null;
  /** Of what was expected. */
  readonly line: number;
}

export interface CaseResult {
  readonly file: string;
  readonly line: number;
  readonly mapping: string;
  readonly name: string;
  readonly passed: boolean;
  /** Empty when it passed. */
  readonly differences: readonly Difference[];
}

export interface TestReport {
  readonly files: number;
  readonly cases: number;
  readonly failed: number;
  /** By file and line. */
  readonly results: readonly CaseResult[];
  /** Names of selected mappings that no case is about. */
  readonly untested: readonly string[];
}

/** A difference before its place is a line. */
export interface Differs extends Omit<Difference, 'line'> {
  readonly position: Position;
}
