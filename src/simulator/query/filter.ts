import type { Condition, Operand, SemiJoin } from '../../soql/ast.ts';
import { kindOf } from '../schema/object-schema.ts';
import { comparable, listTestOf, testOf } from './compare.ts';
import { queryProblem } from './query-problem.ts';
import { resolvePath, type ResolvedField, type Scope } from './scope.ts';

export type Filter = (index: number) => boolean;

/** The values of a sub-query's only field, for a semi-join. */
export type SubQuery = (semiJoin: SemiJoin) => ReadonlySet<string | number>;

/** A WHERE as one function over row indexes. */
export function filterOf(scope: Scope, condition: Condition, subQuery: SubQuery): Filter {
  switch (condition.kind) {
    case 'and': {
      const all = condition.conditions.map((part) => filterOf(scope, part, subQuery));
      return (index) => all.every((holds) => holds(index));
    }
    case 'or': {
      const any = condition.conditions.map((part) => filterOf(scope, part, subQuery));
      return (index) => any.some((holds) => holds(index));
    }
    case 'not': {
      const inner = filterOf(scope, condition.condition, subQuery);
      return (index) => !inner(index);
    }
    case 'compare': {
      const { field, column } = fieldOfOperand(scope, condition.left);
      const test = testOf(scope, field, condition);
      return (index) => test(column(index));
    }
    case 'list': {
      const { field, column } = fieldOfOperand(scope, condition.left);
      const test = listTestOf(scope, field, condition);
      return (index) => test(column(index));
    }
    case 'semi-join':
      break;
  }
  return semiJoinFilter(scope, condition, subQuery);
}

function semiJoinFilter(scope: Scope, condition: SemiJoin, subQuery: SubQuery): Filter {
  const { field, column } = fieldOfOperand(scope, condition.left);
  const kind = kindOf(field.type);
  const values = subQuery(condition);
  const wanted = condition.operator === 'IN';
  return (index) => {
    const value = column(index);
    return (value !== null && values.has(comparable(value, kind))) === wanted;
  };
}

function fieldOfOperand(scope: Scope, operand: Operand): ResolvedField {
  if (operand.kind === 'path') return resolvePath(scope, operand);
  throw queryProblem('MALFORMED_QUERY', `the simulated org does not filter by ${operand.name}()`, {
    soql: scope.soql,
    offset: operand.offset,
  });
}
