import { type Held, looksPersonal, namesPeople } from '../privacy/personal-names.ts';
import type { FieldDescription, ObjectDescription } from '../salesforce/describe.ts';

const HELD: Readonly<Record<string, Held>> = {
  boolean: 'mark',
  date: 'time',
  datetime: 'time',
  time: 'time',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
};

/** Whether each record of the object is a person, or names one. */
export function isAboutPeople({ name, fields }: Pick<ObjectDescription, 'name' | 'fields'>): boolean {
  const has = (field: string): boolean => fields.some((one) => one.name === field);
  return namesPeople(name) || (has('FirstName') && has('LastName'));
}

/** Whether a field looks personal, by its type and its name. */
export function isPersonalField({ name, type }: FieldDescription, aboutPeople: boolean): boolean {
  // The id of another record says nothing by itself.
  if (type === 'reference' || type === 'id') return false;
  return type === 'email' || type === 'phone' || looksPersonal(name, HELD[type] ?? 'text', aboutPeople);
}
