/**
 * The first `length` code points, as PostgreSQL counts characters; never half of a character pair.
 * @param length  in code points, >= 0
 */
export function truncateText(value: string, length: number): string {
  if (value.length <= length) return value;
  let index = 0;
  for (let count = 0; count < length && index < value.length; count += 1) {
    index += (value.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return value.slice(0, index);
}
