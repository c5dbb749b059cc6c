/**
 * The temporary table that one commit's records lie in while they are merged, for statements that join it. Its own
 * columns: `source_id`, `hash`, `stamp`, `id` (primary key of the root row; of a key of several columns their text),
 * `fresh` (that row was not there before), `again` (the record must be looked at again even if it does not change).
 */
export interface Stage {
  /** Quoted name, to stand in FROM. */
  readonly name: string;
  /** SQL type of `id`. */
  readonly idType: string;
  readonly links: readonly StageLink[];
}

export interface StageLink {
  /** `table.column`, as state names a link. */
  readonly link: string;
  /** SQL of the raw reference over the alias `s`. */
  readonly reference: string;
  /** True where a later phase resolves it; false where this load did. */
  readonly later: boolean;
  readonly required: boolean;
  /** True when the parents are rows that this very load writes: some come after those that refer to them. */
  readonly own: boolean;
  /** Quoted table of the row that refers, its primary key and the column that refers. */
  readonly child: {
    readonly table: string;
    /** Null where several columns make the key: such a row never waits, only a record that has no row yet. */
    readonly key: string | null;
    readonly column: string;
    readonly idType: string;
    /** SQL type of the column that refers. */
    readonly valueType: string;
    /** Quoted names of the columns that take the time of a change. */
    readonly touched: readonly string[];
  };
  /** SQL that is true for a row that must not be touched, over the text of its primary key; null where none is. */
  readonly isLeft: ((rowId: string) => string) | null;
  /** SQL of the value that a raw reference, itself SQL, stands for; null where no parent is here. */
  readonly valueOf: (reference: string) => string;
  /**
   * SQL that is true where a raw reference may have a parent, to be asked of many at once before their values are; null
   * where only the value tells.
   */
  readonly isHere: ((reference: string) => string) | null;
}
