import type { Query } from '../../soql/ast.ts';
import { parseSoql } from '../../soql/parse.ts';
import { SoqlSyntaxError } from '../../soql/syntax-error.ts';
import type { OrgData } from '../data/org-data.ts';
import { queryProblem } from './query-problem.ts';
import type { Scope } from './scope.ts';

export interface QueryCall {
  readonly soql: string;
  readonly data: OrgData;
  readonly now: Date;
  readonly deletedToo: boolean;
}

/** Reads a query's text and finds its object. */
export function openQuery(call: QueryCall): Scope {
  const query = readText(call.soql);
  const table = call.data.table(query.from.object);
  if (table === undefined) {
    throw queryProblem(
      'INVALID_TYPE',
      `sObject type '${query.from.object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
      { soql: call.soql, offset: query.from.offset },
    );
  }
  return { ...call, table, query };
}

function readText(soql: string): Query {
  try {
    return parseSoql(soql);
  } catch (error) {
    if (error instanceof SoqlSyntaxError) {
      throw queryProblem('MALFORMED_QUERY', error.message, { soql, offset: error.offset });
    }
    throw error;
  }
}
