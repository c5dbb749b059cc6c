import type { ObjectSchema, Value } from '../schema/object-schema.ts';

/** A field's value in the row at an index of its object; pure. */
export type Column = (index: number) => Value;

/** The rows that an object starts with. Fields without a column are null, or false where they are boolean. */
export interface Generated {
  readonly schema: ObjectSchema;
  readonly count: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Numbers that keep the draws for different purposes apart. */
export type Draw = (purpose: number, index: number) => number;
