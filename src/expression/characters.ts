/** Length as PostgreSQL counts it: in code points, where JavaScript counts UTF-16 units. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
