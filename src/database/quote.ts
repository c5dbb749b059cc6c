/** An SQL name, safe whatever it holds. Names longer than 63 bytes are cut by PostgreSQL: see `shortName`. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteTable(schema: string, table: string): string {
  return `${quoteName(schema)}.${quoteName(table)}`;
}

export function quoteNames(names: readonly string[]): string {
  return names.map((name) => quoteName(name)).join(', ');
}

/**
 * A text constant, for the few statements (DDL, SET) that take no parameters. Never for values of a record. A backslash
 * stands for itself: every connection sets standard_conforming_strings.
 */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
