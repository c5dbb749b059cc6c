/** How PostgreSQL alone takes the records of one mapping: COPY of the CSV into a staging table, then SQL over sets. */
export interface Floor {
  readonly mapping: string;
  /** Makes the temporary table `staging`. */
  readonly createStaging: string;
  /** Columns of `staging`, in the order of the mapping's SOQL. */
  readonly columns: readonly string[];
  /** Condition over them: the lines that COPY takes; all unless told. */
  readonly takes?: string;
  readonly load: string;
}

/** @param from  STDIN for a program that feeds the file; a file name in quotes for psql's own \copy, which reads it */
export function copySql({ columns, takes }: Floor, from: string): string {
  const names = columns.join(', ');
  const options = `WITH (FORMAT csv, HEADER true, FORCE_NULL (${names}))`;
  return `COPY staging (${names}) FROM ${from} ${options}${takes === undefined ? '' : ` WHERE ${takes}`}`;
}
