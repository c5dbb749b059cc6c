import type { FieldSchema, FieldType } from './object-schema.ts';

/** Short ways to write a field down. */

type Extra = Partial<Omit<FieldSchema, 'name' | 'type'>>;

const LENGTHS: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 32_000,
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  combobox: 255,
  multipicklist: 4099,
};

export function field(name: string, type: FieldType, extra: Extra = {}): FieldSchema {
  return { name, type, label: labelOf(name), length: LENGTHS[type] ?? 0, nillable: true, writable: true, ...extra };
}

export function text(name: string, length: number, extra: Extra = {}): FieldSchema {
  return field(name, 'string', { length, ...extra });
}

export function picklist(name: string, values: readonly string[]): FieldSchema {
  return field(name, 'picklist', { picklist: values });
}

/** @param referenceTo several objects for a polymorphic lookup, such as WhoId */
export function lookup(
  name: string,
  referenceTo: string | readonly string[],
  relationshipName: string,
  extra: Extra = {},
): FieldSchema {
  const targets = typeof referenceTo === 'string' ? [referenceTo] : referenceTo;
  return field(name, 'reference', { referenceTo: targets, relationshipName, ...extra });
}

/** A formula or a roll-up; nobody writes it. */
export function formula(name: string, type: FieldType, extra: Extra = {}): FieldSchema {
  return field(name, type, { calculated: true, writable: false, ...extra });
}

/** A Name that the org counts up by itself. */
export function autoNumberName(label: string): FieldSchema {
  return text('Name', 80, { label, autoNumber: true, nillable: false, writable: false });
}

export function flag(name: string): FieldSchema {
  return field(name, 'boolean', { nillable: false });
}

export function longText(name: string, length = 32_768): FieldSchema {
  return field(name, 'textarea', { length });
}

/** Every object starts with these. */
export const SYSTEM_FIELDS: readonly FieldSchema[] = [
  field('Id', 'id', { nillable: false, writable: false }),
  field('IsDeleted', 'boolean', { nillable: false, writable: false }),
  field('CreatedDate', 'datetime', { nillable: false, writable: false }),
  field('LastModifiedDate', 'datetime', { nillable: false, writable: false }),
  field('SystemModstamp', 'datetime', { nillable: false, writable: false }),
];

/** The five texts of an address and the compound they make up. */
export function address(prefix: string): readonly FieldSchema[] {
  const compound = `${prefix}Address`;
  return [
    field(`${prefix}Street`, 'textarea', { length: 255, compound }),
    text(`${prefix}City`, 40, { compound }),
    text(`${prefix}State`, 80, { compound }),
    text(`${prefix}PostalCode`, 20, { compound }),
    text(`${prefix}Country`, 80, { compound }),
    field(compound, 'address', { writable: false }),
  ];
}

function labelOf(name: string): string {
  return name
    .replace(/^npsp__|^npe\d+__/, '')
    .replace(/__c$/, '')
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2');
}
