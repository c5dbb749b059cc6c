import type { Path, Query } from '../../soql/ast.ts';
import type { Column } from '../data/generated.ts';
import type { OrgData } from '../data/org-data.ts';
import type { Table } from '../data/table.ts';
import { fieldOf, relationshipOf, type FieldSchema } from '../schema/object-schema.ts';
import { queryProblem } from './query-problem.ts';
import type { Problem } from '../http/problem.ts';

/** What the names of one query mean: its text, its object and the org around it. */
export interface Scope {
  readonly soql: string;
  readonly data: OrgData;
  readonly table: Table;
  readonly query: Query;
  /** The org's clock, for TODAY and its like. */
  readonly now: Date;
  /** Whether deleted rows count: queryAll, and ALL ROWS. */
  readonly deletedToo: boolean;
}

export interface ResolvedField {
  readonly field: FieldSchema;
  /** The object that the last name of the path stands in. */
  readonly owner: Table;
  readonly column: Column;
  /** Lookups on the way, from the queried object. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly relationship: string;
  readonly target: Table;
  /** Index of the parent's row, -1 where there is none to be seen. */
  readonly parent: (index: number) => number;
}

/** Follows a path, in any case, to a reader of its value; a missing parent reads as null. */
export function resolvePath(scope: Scope, path: Path): ResolvedField {
  const names = path.path.split('.');
  const first = names[0]?.toLowerCase();
  const { alias, object } = scope.query.from;
  const prefixed = first === alias?.toLowerCase() || first === object.toLowerCase();
  if (names.length > 1 && prefixed && relationshipOf(scope.table.schema, names[0] ?? '') === undefined) names.shift();
  const last = names.pop() ?? '';

  const steps: Step[] = [];
  let owner = scope.table;
  for (const name of names) {
    const step = resolveStep(scope, owner, { name, at: path });
    steps.push(step);
    owner = step.target;
  }
  const field = fieldOf(owner.schema, last);
  if (field === undefined) throw noSuchColumn(scope, owner, { name: last, at: path });
  return { field, owner, column: through(steps, owner.column(field)), steps };
}

function resolveStep(scope: Scope, owner: Table, used: { name: string; at: Path }): Step {
  const lookup = relationshipOf(owner.schema, used.name);
  // A polymorphic lookup has no one object to look at; a real org shows only the little that all have.
  const [only, other] = lookup?.referenceTo ?? [];
  const target = only === undefined || other !== undefined ? undefined : scope.data.table(only);
  if (lookup === undefined || target === undefined) {
    throw queryProblem(
      'INVALID_FIELD',
      `Didn't understand relationship '${used.name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
      { soql: scope.soql, offset: used.at.offset },
    );
  }
  const ids = owner.column(lookup);
  const deleted = deletedColumn(target);
  return {
    relationship: lookup.relationshipName ?? used.name,
    target,
    parent: (index) => {
      const id = ids(index);
      const found = typeof id === 'string' ? target.indexOf(id) : -1;
      return found >= 0 && (deleted(found) === true || target.isPurged(found)) ? -1 : found;
    },
  };
}

function through(steps: readonly Step[], column: Column): Column {
  return steps.reduceRight<Column>((inner, step) => {
    return (index) => {
      const parent = step.parent(index);
      return parent < 0 ? null : inner(parent);
    };
  }, column);
}

export function deletedColumn(table: Table): Column {
  const field = fieldOf(table.whole, 'IsDeleted');
  return field === undefined ? () => false : table.column(field);
}

function noSuchColumn(scope: Scope, owner: Table, used: { name: string; at: { offset: number } }): Problem {
  return queryProblem(
    'INVALID_FIELD',
    `No such column '${used.name}' on entity '${owner.schema.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    { soql: scope.soql, offset: used.at.offset },
  );
}
