/** What the org knows of an object; describe, SOQL checks and both ways of printing a value follow it. */

export type FieldType =
  | 'id'
  | 'reference'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'combobox'
  | 'multipicklist'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'address';

export interface FieldSchema {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** In characters; 0 for what is no text. Stored values can be longer, as in an old org. */
  readonly length: number;
  readonly nillable: boolean;
  readonly writable: boolean;
  /** More than one object for a polymorphic lookup. */
  readonly referenceTo?: readonly string[];
  readonly relationshipName?: string;
  /** What the parent calls the rows that point at it by this lookup, where the org's usual name is not it. */
  readonly childrenName?: string;
  readonly picklist?: readonly string[];
  /** Digits after the point that the org shows; 0 unless told. */
  readonly scale?: number;
  /** A formula or roll-up: it can change while the row's stamps stay. */
  readonly calculated?: boolean;
  readonly autoNumber?: boolean;
  readonly html?: boolean;
  /** On a part, the compound that it belongs to. */
  readonly compound?: string;
  /** Computed from these fields, joined by a space: Name of a person. */
  readonly joins?: readonly string[];
  /** A lookup whose row goes along when its parent is deleted: master and detail. */
  readonly cascade?: boolean;
  /** Where the values are, and of which type, when the field was renamed or retyped since. */
  readonly stored?: Pick<FieldSchema, 'name' | 'type'>;
}

export interface ObjectSchema {
  readonly name: string;
  readonly label: string;
  readonly keyPrefix: string;
  readonly fields: readonly FieldSchema[];
}

/** A value as the org keeps it: a date is its text, a date-time its milliseconds since 1970. */
export type Value = string | number | boolean | null;

export type ValueKind = 'id' | 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'compound';

const KINDS: Readonly<Record<FieldType, ValueKind>> = {
  id: 'id',
  reference: 'id',
  string: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  picklist: 'text',
  combobox: 'text',
  multipicklist: 'text',
  boolean: 'boolean',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
  address: 'compound',
};

export function kindOf(type: FieldType): ValueKind {
  return KINDS[type];
}

/** Whether a number of this type is printed with its point, as 9.0. */
export function isFractional(type: FieldType): boolean {
  return type === 'double' || type === 'currency' || type === 'percent';
}

/** Names in SOQL and in paths may be in any case. */
export function fieldOf(schema: ObjectSchema, name: string): FieldSchema | undefined {
  return schema.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** The lookup behind a relationship name: `Account` is `AccountId`. */
export function relationshipOf(schema: ObjectSchema, name: string): FieldSchema | undefined {
  return schema.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase());
}

/** The parts of a compound field, in the schema's order. */
export function partsOf(schema: ObjectSchema, compound: string): readonly FieldSchema[] {
  return schema.fields.filter((field) => field.compound === compound);
}
