/** What the benchmark tells a rival, by environment. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: the benchmark starts this program`);
  return value;
}
