import { parseCondition, parseSoql } from '../soql/parse.ts';
import type { Query } from '../soql/ast.ts';
import { selectedPaths } from '../soql/paths.ts';
import { SoqlSyntaxError } from '../soql/syntax-error.ts';
import type { Source } from './source.ts';
import { fileSource } from './file-source.ts';
import type { ProblemSink } from './rules.ts';
import { FIELD } from './schema/words.ts';
import type { WrittenFile } from './written-mapping.ts';
import type { FieldUse } from './written-fields.ts';

const SOQL = ['source', 'soql'] as const;

/**
 * The source of a mapping: a file, the query as written, or one built from `object`, `where` and the fields that the
 * mapping uses.
 * @returns null when there is nothing to hold the columns against; why is reported
 */
export function resolveSource(written: WrittenFile, used: readonly FieldUse[], sink: ProblemSink): Source | null {
  const { yaml, value } = written;
  if (value.source === null) return null;
  const { object, soql, where, api, file } = value.source;
  for (const key of ['id', 'delimiter', 'optional'] as const) {
    if (file !== undefined || value.source[key] === undefined) continue;
    sink.report('wrong-value', yaml.keyAt(['source', key]), `\`${key}\` goes with \`file\`.`);
  }
  if (file !== undefined) return fileSource(written, { ...value.source, file }, used, sink);
  if (soql === undefined) {
    if (object === undefined) {
      sink.report('soql-missing', yaml.keyAt(['source']), 'The source needs `soql`, `object` or `file`.');
      return null;
    }
    reportNoFields(written, used, sink);
    if (where !== undefined && parsed(() => parseCondition(where), ['source', 'where'], yaml, sink) === null)
      return null;
    const fields = distinct(['Id', ...used.map(({ field }) => field), 'SystemModstamp']);
    return {
      object,
      soql: `SELECT ${fields.join(', ')} FROM ${object}${where === undefined ? '' : ` WHERE ${where}`}`,
      fields,
      api,
      file: null,
    };
  }
  if (where !== undefined) {
    sink.report(
      'wrong-value',
      yaml.keyAt(['source', 'where']),
      '`where` goes with `object`; the SOQL has its own WHERE.',
    );
  }
  const query = parsed(() => parseSoql(soql), SOQL, yaml, sink);
  if (query === null) return null;
  for (const { offset, message } of unfit(query)) sink.report('soql-syntax', yaml.inText(SOQL, offset), message);
  if (object !== undefined && object.toLowerCase() !== query.from.object.toLowerCase()) {
    const said = `\`object\` is ${object}, but the SOQL reads from ${query.from.object}.`;
    sink.report('soql-object', yaml.inText(SOQL, query.from.offset), said);
  }
  const fields = selectedPaths(query);
  if (!fields.some((path) => path.toLowerCase() === 'id')) {
    sink.report('soql-id', yaml.inText(SOQL, 0), 'The SOQL does not select Id.', 'Write SELECT Id, ...');
  }
  return { object: query.from.object, soql: soql.trim(), fields, api, file: null };
}

function parsed<T>(parse: () => T, path: readonly string[], yaml: WrittenFile['yaml'], sink: ProblemSink): T | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SoqlSyntaxError)) throw error;
    sink.report('soql-syntax', yaml.inText(path, error.offset), `The SOQL does not parse: ${error.message}.`);
    return null;
  }
}

const FIELD_FORM = new RegExp(FIELD.pattern, 'u');

/** Headers of files may be any text; what goes into a query may not. */
function reportNoFields({ yaml }: WrittenFile, used: readonly FieldUse[], sink: ProblemSink): void {
  for (const { field, path, offset } of used) {
    if (!FIELD_FORM.test(field))
      sink.report('wrong-value', yaml.inText(path, offset), `"${field}" must be ${FIELD.title}.`);
  }
}

/** What SOQL allows but a mapping cannot use: it turns records into rows, one by one. */
function unfit(query: Query): { readonly offset: number; readonly message: string }[] {
  const found = query.select.flatMap((item) => {
    if (item.kind === 'children')
      return [{ offset: item.offset, message: 'A mapping cannot read child rows: write a mapping of their own.' }];
    if (item.kind === 'fields')
      return [{ offset: item.offset, message: 'Name the fields one by one: FIELDS() does not tell which there are.' }];
    if (item.kind === 'typeof') return [{ offset: item.offset, message: 'TYPEOF cannot be mapped to columns.' }];
    return [];
  });
  if (query.groupBy !== null || query.having !== null) {
    found.push({ offset: query.from.end, message: 'A mapping reads records, not groups: remove GROUP BY and HAVING.' });
  }
  if (query.allRows) {
    const message = 'Remove ALL ROWS: it would load deleted records as if they lived. `deletes` asks for them.';
    found.push({ offset: query.from.end, message });
  }
  if (query.offsetRows !== null) {
    found.push({ offset: query.from.end, message: 'Remove OFFSET: paging is done by Sluice.' });
  }
  return found;
}

/** Without repetition; Salesforce does not tell capitals from small letters in names. */
function distinct(paths: readonly string[]): string[] {
  const seen = new Map(paths.toReversed().map((path) => [path.toLowerCase(), path]));
  return [...new Set(paths.map((path) => path.toLowerCase()))].map((path) => seen.get(path) ?? path);
}
