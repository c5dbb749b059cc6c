import type { Column } from '../data/generated.ts';
import { kindOf, type FieldSchema, type Value } from '../schema/object-schema.ts';
import { bulkDateTime, doubleText } from '../query/json-value.ts';
import { queryProblem } from '../query/query-problem.ts';
import { selectedOf } from '../query/render-json.ts';
import { resolvePath, type Scope } from '../query/scope.ts';
import { isAggregateQuery } from '../query/aggregate.ts';

export interface CsvForm {
  readonly delimiter: string;
  readonly lineEnding: string;
}

export interface CsvPlan {
  readonly header: string;
  /** One row with its line ending. */
  readonly line: (index: number) => string;
}

/** Compiles the SELECT to a printer of CSV lines, every value quoted; columns come in the order of the SELECT. */
export function csvPlan(scope: Scope, form: CsvForm): CsvPlan {
  refuseWhatBulkRefuses(scope);
  const columns = selectedOf(scope).map((path) => {
    const { field, column, steps } = resolvePath(scope, path);
    if (field.type === 'address') {
      throw queryProblem('FUNCTIONALITY_NOT_ENABLED', 'Selecting compound data not supported in Bulk Query', {
        soql: scope.soql,
        offset: path.offset,
      });
    }
    const name = [...steps.map((step) => step.relationship), field.name].join('.');
    return { name, print: csvPrinter(field, column) };
  });
  const { delimiter, lineEnding } = form;
  const between = `"${delimiter}"`;
  const printers = columns.map(({ print }) => print);
  return {
    header: `"${columns.map(({ name }) => name).join(between)}"${lineEnding}`,
    line: (index) => {
      let text = '';
      let before = '"';
      for (const print of printers) {
        text += before + print(index);
        before = between;
      }
      return `${text}"${lineEnding}`;
    },
  };
}

function csvPrinter(field: FieldSchema, column: Column): (index: number) => string {
  const kind = kindOf(field.type);
  if (kind === 'datetime') return (index) => dateTimeText(column(index));
  if (kind === 'number' && field.type !== 'int') {
    return (index) => {
      const value = column(index);
      return typeof value === 'number' ? doubleText(value) : '';
    };
  }
  return (index) => {
    const value = column(index);
    if (value === null) return '';
    if (typeof value !== 'string') return String(value);
    return value.includes('"') ? value.replaceAll('"', '""') : value;
  };
}

function dateTimeText(value: Value): string {
  return typeof value === 'number' ? bulkDateTime(value) : '';
}

function refuseWhatBulkRefuses(scope: Scope): void {
  const { query, soql } = scope;
  const children = query.select.find((item) => item.kind === 'children');
  if (children !== undefined) {
    throw queryProblem('API_ERROR', 'Aggregate Relationships not supported in Bulk V2 Query with CSV content type', {
      soql,
      offset: children.offset,
    });
  }
  const isTypeof = query.select.some((item) => item.kind === 'typeof');
  if (isTypeof || query.offsetRows !== null || isAggregateQuery(scope)) {
    const what = isTypeof ? 'TYPEOF' : query.offsetRows === null ? 'Aggregate functions and GROUP BY' : 'OFFSET';
    throw queryProblem('API_ERROR', `${what} not supported in Bulk Query`, { soql, offset: query.offset });
  }
}
