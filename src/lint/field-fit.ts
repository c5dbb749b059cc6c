import type { FedColumn } from '../drift/fed-columns.ts';
import type { SourceField } from '../flow/source-object.ts';

const NUMBERS = ['int', 'long', 'double', 'currency', 'percent'];
const TIMES = ['date', 'datetime'];
/** Fields of the org whose length says how long a value can be. */
const TEXTS = new Set(['string', 'textarea', 'email', 'phone', 'url', 'encryptedstring']);
const CHOICES = new Set(['picklist', 'combobox']);

/** Types of the org that fit a column's kind as they come; a kind that is not here takes anything. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  boolean: ['boolean'],
  integer: NUMBERS,
  bigint: NUMBERS,
  numeric: NUMBERS,
  float: NUMBERS,
  date: TIMES,
  timestamp: TIMES,
};

export interface Misfit {
  readonly rule: 'field-type' | 'field-too-long';
  readonly message: string;
}

/** Why the values of a field may not fit the column that takes them as they come; null where they do. */
export function fieldFit(field: SourceField, { name, column, transforms, map }: FedColumn): Misfit | null {
  const { type } = column.column;
  // What a transform or a map makes of a value is not the field's any more; a reference is looked up.
  const isChanged = map !== null || transforms.some((call) => call.name !== 'trim');
  if (isChanged || column.link !== null || field.type === 'reference') return null;
  const fitting = FITTING[type.kind];
  if (fitting !== undefined && !fitting.includes(field.type)) {
    return { rule: 'field-type', message: `is a ${field.type}, and ${name} is ${type.kind}.` };
  }
  if (type.kind !== 'string') return null;
  const longest = longestOf(field);
  if (longest <= type.length) return null;
  return { rule: 'field-too-long', message: `can have ${longest} characters, and ${name} holds ${type.length}.` };
}

/** In characters; 0 where nobody can say. */
function longestOf({ type, length, picklist }: SourceField): number {
  if (TEXTS.has(type)) return length;
  return CHOICES.has(type) ? Math.max(0, ...picklist.map((value) => value.length)) : 0;
}
