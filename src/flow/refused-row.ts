/** Why a row cannot be put back as it was before a run. */
export interface RefusedRow {
  readonly table: string;
  /** Its primary key; no other value of it. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly why: 'changed since' | 'deleted since' | 'key taken since' | 'referred to since';
  /** For `referred to since`: the table that refers. */
  readonly by?: string;
}
