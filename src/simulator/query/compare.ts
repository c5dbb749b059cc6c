import type { Comparison, CompareOperator, Literal, ListComparison } from '../../soql/ast.ts';
import { unescapeText } from '../../soql/text-escapes.ts';
import { toId18 } from '../ids.ts';
import { kindOf, type FieldSchema, type Value, type ValueKind } from '../schema/object-schema.ts';
import { queryProblem } from './query-problem.ts';
import { relativeDateRange, type DayRange } from './relative-date.ts';
import type { Scope } from './scope.ts';

export type Test = (value: Value) => boolean;

/** What a condition on this field asks of one value, with Salesforce's habits (nulls, case, short ids). */
export function testOf(scope: Scope, field: FieldSchema, condition: Comparison): Test {
  const { operator, right } = condition;
  const kind = filterableKind(scope, field, condition);
  if (operator === 'LIKE') return likeTest(scope, field, condition);
  const range = rangeOf(scope, kind, right);
  if (range !== null) return rangeTest(operator, range, kind);
  const wanted = wantedValue(scope, field, right);
  if (operator === '=' || operator === '!=') return equalTest(operator, wanted, kind);
  // Nothing is less or more than null.
  if (wanted === null) return () => false;
  const holds = ORDERED[operator];
  const bound = comparable(wanted, kind);
  return (value) => value !== null && value !== '' && holds(comparable(value, kind), bound);
}

export function listTestOf(scope: Scope, field: FieldSchema, condition: ListComparison): Test {
  const kind = filterableKind(scope, field, condition);
  if (condition.operator === 'INCLUDES' || condition.operator === 'EXCLUDES') {
    return includesTest(scope, field, condition);
  }
  const wanted = new Set(
    condition.right.map((literal) => {
      const value = wantedValue(scope, field, literal);
      return value === null ? null : comparable(value, kind);
    }),
  );
  const isIn: Test = (value) => wanted.has(value === null || value === '' ? null : comparable(value, kind));
  // NOT IN keeps rows without a value, unless null is in the list.
  return condition.operator === 'IN' ? isIn : (value) => !isIn(value);
}

/** The form in which two values of a kind are equal when Salesforce says so. */
export function comparable(value: string | number | boolean, kind: ValueKind): string | number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (kind === 'id') return toId18(value) ?? value;
  return kind === 'text' ? value.toLowerCase() : value;
}

function equalTest(operator: '=' | '!=', wanted: Value, kind: ValueKind): Test {
  const key = wanted === null || wanted === '' ? null : comparable(wanted, kind);
  const equal: Test = (value) => (value === null || value === '' ? null : comparable(value, kind)) === key;
  return operator === '=' ? equal : (value) => !equal(value);
}

type Ordered = (value: string | number, bound: string | number) => boolean;

const ORDERED: Readonly<Record<'<' | '<=' | '>' | '>=', Ordered>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function rangeTest(operator: Exclude<CompareOperator, 'LIKE'>, range: DayRange, kind: ValueKind): Test {
  const timeOf = (value: Value): number => (kind === 'date' ? Date.parse(String(value)) : Number(value));
  const within = (value: Value): boolean =>
    value !== null && timeOf(value) >= range.from && timeOf(value) < range.until;
  switch (operator) {
    case '=':
      return within;
    case '!=':
      return (value) => !within(value);
    case '<':
      return (value) => value !== null && timeOf(value) < range.from;
    case '<=':
      return (value) => value !== null && timeOf(value) < range.until;
    case '>':
      return (value) => value !== null && timeOf(value) >= range.until;
    case '>=':
      break;
  }
  return (value) => value !== null && timeOf(value) >= range.from;
}

function rangeOf(scope: Scope, kind: ValueKind, literal: Literal): DayRange | null {
  if (kind !== 'date' && kind !== 'datetime') return null;
  return literal.kind === 'relative-date' ? relativeDateRange(literal.name, literal.count, scope.now) : null;
}

/** `%` and `_` are wild unless escaped; case does not matter. */
function likeTest(scope: Scope, field: FieldSchema, condition: Comparison): Test {
  const { right } = condition;
  if (kindOf(field.type) !== 'text' || right.kind !== 'string') {
    throw queryProblem('INVALID_FIELD', `invalid operator on ${field.name} field`, at(scope, condition.left));
  }
  const pattern = right.raw.replaceAll(/\\u[0-9A-Fa-f]{4}|\\?[^]/g, (piece) => {
    if (piece === '%') return '[^]*';
    if (piece === '_') return '[^]';
    return unescapeText(piece).replace(/[.*+?^${}()|[\]\\/]/, String.raw`\$&`);
  });
  const like = new RegExp(`^${pattern}$`, 'i');
  return (value) => typeof value === 'string' && like.test(value);
}

/** `'a;b'` asks for both; several texts ask for any of them. */
function includesTest(scope: Scope, field: FieldSchema, condition: ListComparison): Test {
  if (field.type !== 'multipicklist') {
    throw queryProblem('INVALID_FIELD', `invalid operator on ${field.name} field`, at(scope, condition.left));
  }
  const groups = condition.right.map((literal) =>
    (literal.kind === 'string' ? literal.value.toLowerCase() : '').split(';'),
  );
  const includes: Test = (value) => {
    const chosen = String(value ?? '')
      .toLowerCase()
      .split(';');
    return groups.some((group) => group.every((wanted) => chosen.includes(wanted)));
  };
  return condition.operator === 'INCLUDES' ? includes : (value) => !includes(value);
}

function filterableKind(scope: Scope, field: FieldSchema, condition: Comparison | ListComparison): ValueKind {
  const kind = kindOf(field.type);
  const longText = field.type === 'textarea' && field.length > 255;
  if (kind === 'compound' || longText) {
    throw queryProblem(
      'INVALID_FIELD',
      `field '${field.name}' can not be filtered in a query call`,
      at(scope, condition.left),
    );
  }
  return kind;
}

const LITERALS: Readonly<Record<ValueKind, readonly Literal['kind'][]>> = {
  id: ['string'],
  text: ['string'],
  number: ['number'],
  boolean: ['boolean'],
  date: ['date', 'relative-date'],
  datetime: ['datetime', 'relative-date'],
  compound: [],
};

function wantedValue(scope: Scope, field: FieldSchema, literal: Literal): Value {
  const kind = kindOf(field.type);
  if (literal.kind === 'null') return null;
  if (!LITERALS[kind].includes(literal.kind)) {
    const quoted =
      literal.kind === 'string' ? ' and should not be enclosed in quotes' : ' and should be enclosed in quotes';
    const hint = kind === 'id' || kind === 'text' || literal.kind === 'string' ? quoted : '';
    throw queryProblem(
      'INVALID_FIELD',
      `value of filter criterion for field '${field.name}' must be of type ${field.type}${hint}`,
      at(scope, literal),
    );
  }
  switch (literal.kind) {
    case 'datetime':
      return Date.parse(literal.raw.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    case 'date':
      return literal.raw;
    case 'string':
      if (kind === 'id' && literal.value !== '' && toId18(literal.value) === null) {
        throw queryProblem('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`, at(scope, literal));
      }
      return literal.value;
    case 'number':
    case 'boolean':
      return literal.value;
    case 'relative-date':
      break;
  }
  return relativeDateRange(literal.name, literal.count, scope.now).from;
}

function at(scope: Scope, node: { readonly offset: number }): { soql: string; offset: number } {
  return { soql: scope.soql, offset: node.offset };
}
