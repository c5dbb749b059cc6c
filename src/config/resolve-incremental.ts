import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withMoreFields } from '../soql/rewrite.ts';
import { durationSeconds } from './duration.ts';
import type { Incremental } from './mapping.ts';
import type { Source } from './source.ts';
import type { ProblemSink } from './rules.ts';
import type { IncrementalDefaults } from './schema/keeping-up.ts';
import type { WrittenFile } from './written-mapping.ts';
import type { YamlFile } from './yaml-file.ts';

const SHORTEST_LOOKBACK = '1m';

/** How a mapping reads only what has changed; null where it reads everything, as of a file. */
export function resolveIncremental(
  { yaml, value }: Pick<WrittenFile, 'yaml' | 'value'>,
  defaults: IncrementalDefaults,
  sink: ProblemSink,
): Incremental | null {
  const { incremental: own = {}, source } = value;
  if (source?.file !== undefined) {
    for (const key of ['incremental', 'refresh_formulas'] as const) {
      if (value[key] === undefined) continue;
      const said = `\`${key}\` is for records of the org: a file is read as a whole in every run.`;
      sink.report('incremental-setting', yaml.keyAt([key]), said, 'Remove it.');
    }
    return null;
  }
  // True is refused by the schema, which its type does not know.
  if (typeof own === 'boolean') return null;
  if (typeof defaults === 'boolean' && own.cursor === undefined && own.lookback === undefined) return null;
  if (own.lookback !== undefined) reportShortLookback(own.lookback, yaml, ['incremental', 'lookback'], sink);
  const project = typeof defaults === 'boolean' ? { cursor: 'SystemModstamp', lookback: '1h' } : defaults;
  return { cursor: own.cursor ?? project.cursor, lookback: durationSeconds(own.lookback ?? project.lookback) };
}

/** Changes become visible later than their stamps: without an overlap they would never be read. */
export function reportShortLookback(
  lookback: string,
  yaml: YamlFile,
  path: readonly string[],
  sink: ProblemSink,
): void {
  if (durationSeconds(lookback) >= durationSeconds(SHORTEST_LOOKBACK)) return;
  const said = `A lookback of ${lookback} is too short: changes that the org shows late would be lost.`;
  sink.report('incremental-setting', yaml.at(path), said, `Write at least ${SHORTEST_LOOKBACK}; 1h is usual.`);
}

/** Which of the records that changed a LIMIT leaves out, nobody could tell: the watermark would pass them by. */
export function reportLimit({ yaml, value }: Pick<WrittenFile, 'yaml' | 'value'>, sink: ProblemSink): void {
  const soql = value.source?.soql;
  const query = soql === undefined ? null : parseSoql(soql);
  if (query === null || query.limit === null) return;
  const said = `LIMIT ${query.limit}: of the records that have changed, those past it would never be read.`;
  const hint = 'Remove LIMIT (run with --limit instead), or set `incremental: false`.';
  sink.report('incremental-setting', yaml.inText(['source', 'soql'], query.end), said, hint);
}

/** The source whose every record has a stamp: the cursor is asked for last where the query does not ask for it. */
export function withCursor(source: Source, incremental: Incremental | null): Source {
  const cursor = incremental?.cursor;
  if (cursor === undefined || source.fields.some((path) => path.toLowerCase() === cursor.toLowerCase())) return source;
  const soql = formatSoql(withMoreFields(parseSoql(source.soql), [cursor]));
  return { ...source, soql, fields: [...source.fields, cursor] };
}
