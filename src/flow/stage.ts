/**
 * The temporary table that one commit's records lie in while they are merged, for statements that join it. Its own
 * columns: `source_id`, `hash`, `stamp`, `id` (primary key of the root row), `fresh` (that
 * row was not there before).
 */
export interface Stage {
  /** Quoted name, to stand in FROM. */
  readonly name: string;
  /** SQL type of the root's primary key. */
  readonly idType: string;
  readonly links: readonly StageLink[];
}

export interface StageLink {
  /** `table.column`, as state names a link. */
  readonly link: string;
  /** Quoted name of the stage column that holds the raw reference. */
  readonly column: string;
  /** True where a later phase resolves it; false where this load did. */
  readonly later: boolean;
  readonly required: boolean;
  /** Quoted table of the row that refers, its primary key and the column that refers. */
  readonly child: {
    readonly table: string;
    readonly key: string;
    readonly column: string;
    readonly idType: string;
    /** Quoted names of the columns that take the time of a change. */
    readonly touched: readonly string[];
  };
  /** Quoted parent table, the column compared with the raw reference, the one whose value is written. */
  readonly parent: { readonly table: string; readonly by: string; readonly byType: string; readonly value: string };
}
