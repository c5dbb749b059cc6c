/** What a column holds, as far as an expression can tell. */
export type ExpressionKind = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'json';

/** The names that an expression may use. */
export interface ExpressionScope {
  /** By the name that the author writes: `birthdate`; `contact.type` where a plain name would fit several tables. */
  readonly columns: Readonly<Record<string, ExpressionKind>>;
  /**
   * Paths that `source.` may be followed by, as they are selected: `Email`, `Account.Name`. Written in any case.
   * `any`: whatever is named will be selected.
   */
  readonly fields: readonly string[] | 'any';
}

/** What the names stand for in one record, in PostgreSQL's text form; an empty text is the same as null. */
export interface ExpressionValues {
  /**
   * @param name   as in the scope
   * @param place  where the expression's `columns` has it
   */
  column(name: string, place: number): string | null;
  /**
   * @param path   as in the scope; as written where the scope takes any
   * @param place  where the expression's `fields` has it
   */
  field(path: string, place: number): string | null;
  /** The day of the run, `YYYY-MM-DD`. */
  readonly today: string;
}
