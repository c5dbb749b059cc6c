/** True for a map or a list of the YAML: what has parts by name or number. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
