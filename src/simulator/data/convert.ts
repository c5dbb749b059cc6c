import { toId18 } from '../ids.ts';
import type { Value, ValueKind } from '../schema/object-schema.ts';

const DAY = 'YYYY-MM-DD'.length;

/**
 * Reads values of one kind as another, as an org does after a field's type was changed; what does not fit is null.
 * Values that were written since then are of the new kind already and pass.
 */
export function converter(from: ValueKind, to: ValueKind): (value: Value) => Value {
  return (value) => {
    if (value === null) return null;
    switch (to) {
      case 'text':
        return from === 'datetime' && typeof value === 'number' ? new Date(value).toISOString() : String(value);
      case 'id':
        return toId18(String(value)) === null ? null : value;
      case 'number':
        return numberOr(value);
      case 'boolean':
        return value === true || value === 1 || String(value).toLowerCase() === 'true';
      case 'date':
        return dateOr(value);
      case 'datetime':
        return typeof value === 'number' ? value : orNull(Date.parse(String(value)));
      case 'compound':
        return null;
    }
  };
}

function numberOr(value: string | number | boolean): number | null {
  return typeof value === 'string' && value.trim() === '' ? null : orNull(Number(value));
}

function dateOr(value: string | number | boolean): string | null {
  const time = typeof value === 'number' ? value : Date.parse(String(value));
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, DAY);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
