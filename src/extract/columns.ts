/**
 * How the columns of a result become the selected fields. SOQL does not mind case, and the org writes names its own
 * way.
 * @returns for each field the place of its column; null when the columns come in the order of the fields, as they
 *   should; undefined when a field has no column, or there are others
 */
export function arrange(columns: readonly string[], fields: readonly string[]): readonly number[] | null | undefined {
  const names = columns.map((name) => name.toLowerCase());
  const places = fields.map((field) => names.indexOf(field.toLowerCase()));
  if (places.includes(-1) || columns.length !== fields.length) return undefined;
  return places.every((place, at) => place === at) ? null : places;
}
