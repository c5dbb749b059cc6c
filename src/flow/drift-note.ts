/**
 * What is no longer in the org as it was, or as a mapping needs it.
 * - `missing`, `object_missing`: what a mapping reads is not there; its step is not begun.
 * - `cursor`: the field by which changes are found is not there, or no date-time; the step is not begun.
 * - `retyped`, `shortened`, `lengthened`, `required`, `calculated`: a field that a mapping reads is another than it was
 *   in the last run.
 * - `new_values`: a picklist has values that it did not have, and the mapping does not know them.
 */
export type DriftKind =
  | 'object_missing'
  | 'missing'
  | 'cursor'
  | 'retyped'
  | 'shortened'
  | 'lengthened'
  | 'required'
  | 'calculated'
  | 'new_values';

export interface DriftNote {
  readonly object: string;
  /** As a mapping writes it, a path where it is one's parent's; null for the object itself. */
  readonly field: string | null;
  readonly kind: DriftKind;
  /** In words, for a person. */
  readonly message: string;
  /** `error`: the steps of these mappings are not begun. */
  readonly severity: 'error' | 'warning';
  /** Records that have one of the new values; null where nobody counted. */
  readonly records: number | null;
  /** Names of the mappings that it matters to. */
  readonly mappings: readonly string[];
}
