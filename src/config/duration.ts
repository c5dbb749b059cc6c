const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

/** `90s`, `30m`, `1h` or `2d` in seconds; the schema has checked the form. */
export function durationSeconds(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS.get(text.slice(-1)) ?? Number.NaN);
}
