import type { Position } from './mapping.ts';

/** Something wrong in the project's YAML, with its place: what `sluice lint` prints, one a line. */
export interface Problem extends Position {
  /** Stable kebab-case name: `unknown-key`, `soql-syntax`, `unselected-field`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to write instead, where that is known. */
  readonly suggestion: string | null;
}
