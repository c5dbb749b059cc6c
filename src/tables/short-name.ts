import { createHash } from 'node:crypto';

/** PostgreSQL cuts longer names, and two cut names may be the same. */
const LONGEST_BYTES = 63;

/**
 * A stable name for an index or a constraint: `student_school_id_fkey`. A long one is cut and ends in a hash, so two
 * that begin alike stay apart.
 * @param parts  table, columns, and what kind of thing it is
 */
export function shortName(...parts: readonly string[]): string {
  const name = parts.join('_');
  if (Buffer.byteLength(name) <= LONGEST_BYTES) return name;
  const kind = parts.at(-1) ?? '';
  const end = `_${digest(name)}_${kind}`;
  return (
    Buffer.from(name)
      .subarray(0, LONGEST_BYTES - Buffer.byteLength(end))
      .toString('utf8')
      .replace(/\uFFFD+$/u, '') + end
  );
}

/** Six hex digits that change when the text does. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
