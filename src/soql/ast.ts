/** Where a node stands in the text it was read from: [offset, end), in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly end: number;
}

/** A field by its relationship path, as written: `Name`, `Account.Owner.Name`, `c.Name`. */
export interface Path extends Span {
  readonly kind: 'path';
  readonly path: string;
}

/** `COUNT()`, `MAX(Amount)`, `CALENDAR_YEAR(CreatedDate)`, `toLabel(Status__c)`. */
export interface FunctionCall extends Span {
  readonly kind: 'function';
  readonly name: string;
  readonly args: readonly (Operand | Literal)[];
}

export type Operand = Path | FunctionCall;

/** `value` is the text meant; `raw` is what stands between the quotes, because LIKE tells `\%` from `%`. */
export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
  readonly raw: string;
}

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
  readonly raw: string;
}

export interface BooleanLiteral extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NullLiteral extends Span {
  readonly kind: 'null';
}

/** `2024-05-06`, `2024-05-06T07:08:09Z`. */
export interface DateLiteral extends Span {
  readonly kind: 'date' | 'datetime';
  readonly raw: string;
}

/** `TODAY`, `LAST_N_DAYS:3`. `count` is null when the name takes none. */
export interface RelativeDate extends Span {
  readonly kind: 'relative-date';
  readonly name: string;
  readonly count: number | null;
}

export type Literal = StringLiteral | NumberLiteral | BooleanLiteral | NullLiteral | DateLiteral | RelativeDate;

export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';
export type ListOperator = 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export interface Comparison extends Span {
  readonly kind: 'compare';
  readonly left: Operand;
  readonly operator: CompareOperator;
  readonly right: Literal;
}

export interface ListComparison extends Span {
  readonly kind: 'list';
  readonly left: Operand;
  readonly operator: ListOperator;
  readonly right: readonly Literal[];
}

/** `Id IN (SELECT ContactId FROM ...)`, a semi-join; with NOT IN an anti-join. */
export interface SemiJoin extends Span {
  readonly kind: 'semi-join';
  readonly left: Operand;
  readonly operator: 'IN' | 'NOT IN';
  readonly query: Query;
}

/** One level joined by one word; SOQL does not mix AND and OR without parentheses. */
export interface Logical extends Span {
  readonly kind: 'and' | 'or';
  readonly conditions: readonly Condition[];
}

export interface Not extends Span {
  readonly kind: 'not';
  readonly condition: Condition;
}

export type Condition = Comparison | ListComparison | SemiJoin | Logical | Not;

/** `alias` is null where none is written. */
export interface SelectedExpression extends Span {
  readonly kind: 'expression';
  readonly expression: Operand;
  readonly alias: string | null;
}

export interface SelectedFields extends Span {
  readonly kind: 'fields';
  readonly which: 'ALL' | 'STANDARD' | 'CUSTOM';
}

/** Child rows: `(SELECT Id FROM Contacts)`. */
export interface SelectedChildren extends Span {
  readonly kind: 'children';
  readonly query: Query;
}

export interface SelectedTypeof extends Span {
  readonly kind: 'typeof';
  readonly relationship: string;
  readonly branches: readonly { readonly object: string; readonly paths: readonly Path[] }[];
  readonly otherwise: readonly Path[];
}

export type SelectItem = SelectedExpression | SelectedFields | SelectedChildren | SelectedTypeof;

export interface OrderItem extends Span {
  readonly by: Operand;
  readonly direction: 'ASC' | 'DESC';
  /** null where the text leaves it to Salesforce, which puts nulls first in either direction. */
  readonly nulls: 'FIRST' | 'LAST' | null;
}

export interface From extends Span {
  readonly object: string;
  readonly alias: string | null;
}

export interface GroupBy {
  readonly by: readonly Operand[];
  readonly totals: 'ROLLUP' | 'CUBE' | null;
}

export type WithMode = 'SECURITY_ENFORCED' | 'USER_MODE' | 'SYSTEM_MODE';
export type ForUse = 'VIEW' | 'REFERENCE' | 'UPDATE';

export interface Query extends Span {
  readonly select: readonly SelectItem[];
  readonly from: From;
  readonly scope: string | null;
  readonly where: Condition | null;
  readonly with: WithMode | null;
  readonly groupBy: GroupBy | null;
  readonly having: Condition | null;
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | null;
  readonly offsetRows: number | null;
  readonly for: readonly ForUse[];
  readonly update: 'TRACKING' | 'VIEWSTAT' | null;
  readonly allRows: boolean;
}
