const QUOTE = 34;

/** The values of one whole record. */
export function valuesOf(line: string, delimiter = ','): string[] {
  const values: string[] = [];
  for (let at = 0; at <= line.length;) {
    const end = valueEnd(line, at, delimiter);
    values.push(valueBetween(line, at, end));
    at = end + 1;
  }
  return values;
}

/** One value of a record of Bulk. @param column  its place, from 0; a record has as many as its header line */
export function valueAt(line: string, column: number): string {
  let at = 0;
  for (let passed = 0; passed < column; passed++) at = valueEnd(line, at, ',') + 1;
  return valueBetween(line, at, valueEnd(line, at, ','));
}

/** The line that Bulk would send for these values. */
export function lineOf(values: readonly string[]): string {
  return `"${values.map((value) => value.replaceAll('"', '""')).join('","')}"`;
}

/**
 * @param from  after the opening quote
 * @returns the index of the quote that closes the value, or -1 when it is not in the text
 */
export function closingQuote(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && text.charCodeAt(quote + 1) === QUOTE) quote = text.indexOf('"', quote + 2);
  return quote;
}

/** @returns the index after a value that begins at `at`: its delimiter, or the end of the line */
function valueEnd(line: string, at: number, delimiter: string): number {
  if (line.charCodeAt(at) === QUOTE) return closingQuote(line, at + 1) + 1;
  const end = line.indexOf(delimiter, at);
  return end === -1 ? line.length : end;
}

function valueBetween(line: string, from: number, to: number): string {
  if (line.charCodeAt(from) !== QUOTE) return line.slice(from, to);
  const value = line.slice(from + 1, to - 1);
  return value.includes('"') ? value.replaceAll('""', '"') : value;
}
