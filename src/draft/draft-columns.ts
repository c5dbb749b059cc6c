import type { FieldDescription } from '../salesforce/describe.ts';
import { described, type DraftField, type FieldContext } from './draft-field.ts';
import { draftLookup } from './draft-lookup.ts';
import { snakeName } from './names.ts';
import { type DraftMap, ourValues } from './value-map.ts';
import type { Attribute, Attributes } from './entry-lines.ts';

/** The columns that a field becomes: two for a lookup whose parents are here, else one. */
export function draftColumns(field: FieldDescription, context: FieldContext): DraftField {
  if (field.type === 'reference') return draftLookup(field, context);
  const name = context.names.take(snakeName(field.name), field.name);
  const map = field.type === 'picklist' ? picklistMap(field, name, context) : null;
  const column = {
    type: typeOf(field),
    ...rules(field),
    ...(context.isPersonal(field) ? { pii: true } : {}),
    ...described(field, name),
  };
  const mapped = mappedFrom(field, map);
  const remark = remarkOf(field, map, context.table);
  return { columns: [{ name, column, mapped, remark, calculated: field.calculated }], map, link: null };
}

function picklistMap(
  { label, picklist, name }: FieldDescription,
  column: string,
  { table, mapNames }: FieldContext,
): DraftMap | null {
  const values = ourValues(picklist);
  if (values === null) return null;
  const map = mapNames.take(`${table}_${column}`, name);
  const told = label === name ? name : `${label} (${name})`;
  return { name: map, description: `${told}: the org's values to ours.`, ...values };
}

/** The column type that holds whatever the org allows in the field. */
function typeOf({ type, length, precision, scale, calculated }: FieldDescription): string {
  switch (type) {
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'datetime':
      return 'timestamp';
    case 'int':
      return 'integer';
    case 'long':
      return 'bigint';
    case 'double':
    case 'currency':
    case 'percent':
      return numberType(precision, scale, calculated);
    case 'id':
    case 'reference':
      return 'string(18)';
    case 'time':
      return 'string(20)';
    case 'textarea':
    case 'multipicklist':
      return 'text';
    default:
      return length > 0 && length <= 4000 ? `string(${length})` : 'text';
  }
}

/** Nine digits always fit an integer, eighteen a bigint. A formula may give more digits than it is shown with. */
function numberType(precision: number, scale: number, calculated: boolean): string {
  if (precision === 0 || calculated) return 'numeric';
  if (scale > 0) return `numeric(${precision},${scale})`;
  return precision <= 9 ? 'integer' : precision <= 18 ? 'bigint' : `numeric(${precision},0)`;
}

/** What the table demands of the column. */
function rules({ type, nillable, defaulted, calculated, unique, externalId }: FieldDescription): Attributes {
  if (type === 'boolean') return { required: true, default: false };
  return {
    ...(nillable || defaulted || calculated ? {} : { required: true }),
    ...(unique ? { unique: true } : externalId ? { index: true } : {}),
  };
}

function mappedFrom({ name, type }: FieldDescription, map: DraftMap | null): Attribute {
  if (map !== null) return { from: name, map: map.name, on_unknown: 'null' };
  if (type === 'email') return { from: name, transform: ['trim', 'lower'], format: 'email', on_invalid: 'null' };
  // Every checkbox has a value, but not every record of a test does.
  if (type === 'boolean') return { from: name, on_null: 'default' };
  return name;
}

function remarkOf(
  { name, type, html, externalId, unique }: FieldDescription,
  map: DraftMap | null,
  table: string,
): string {
  return [
    ...(html ? ['HTML as the org has it; for the text alone: transform: [strip_html].'] : []),
    ...(externalId && !unique ? ['An external id, but the org does not keep it unique.'] : []),
    ...(type === 'multipicklist'
      ? [
          'Several values in one text, like "A;B". For a row each, give it a child table with',
          `  parent: ${table}`,
          `  each: [{ value: { from: ${name}, split: [';'] } }]`,
          `  key: [${table}_id, value]`,
        ]
      : []),
    ...(type === 'picklist' && map === null ? ['Kept as the org writes it: too many values, or none, for a map.'] : []),
  ].join('\n');
}
