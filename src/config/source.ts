export interface Source {
  /** The Salesforce object; for a file source, its path. */
  readonly object: string;
  /** As the author wrote it, or built from `object`, `where` and the fields that the mapping uses; '' for a file. */
  readonly soql: string;
  /** Selected field paths in order, as written in the SOQL (`Id`, `Account.Name`). */
  readonly fields: readonly string[];
  readonly api: 'auto' | 'rest' | 'bulk';
  /** Null when the org is read. */
  readonly file: FileSource | null;
}

/** A CSV file with a header line, UTF-8. */
export interface FileSource {
  /** Relative to the project folder. */
  readonly path: string;
  /** Columns whose texts tell a record from all others. */
  readonly id: readonly string[];
  readonly delimiter: string;
  /** True when the step does nothing, with a warning, where there is no such file. */
  readonly optional: boolean;
}
