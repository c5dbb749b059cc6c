import type { Client, CustomTypesConfig, types as Types } from 'pg';
import { withoutValues } from './database-error.ts';
import type { QueryResult } from './database.ts';

export interface Statement {
  readonly sql: string;
  readonly values?: readonly unknown[] | undefined;
  /** Server-side name: parsed once for each connection. */
  readonly name?: string | undefined;
}

/** What was sent and how long it took; never the values. */
export interface QueryLog {
  readonly sql: string;
  readonly durationMs: number;
  readonly rows: number;
}

export type OnQuery = (query: QueryLog) => void;

/**
 * Runs SQL on a driver's connection.
 * @throws DatabaseError
 */
export async function runQuery<Row extends object>(
  client: Client,
  statement: Statement,
  onQuery?: OnQuery,
): Promise<QueryResult<Row>> {
  const { getTypeParser } = await loadTypes();
  const started = performance.now();
  try {
    const answer: unknown = await client.query({
      text: statement.sql,
      ...(statement.values === undefined ? {} : { values: [...statement.values] }),
      ...(statement.name === undefined ? {} : { name: statement.name }),
      types: { getTypeParser },
    });
    const result = resultOf<Row>(answer);
    onQuery?.({ sql: statement.sql, durationMs: performance.now() - started, rows: result.rowCount });
    return result;
  } catch (error) {
    throw withoutValues(error);
  }
}

/** Sends a COPY with all its rows at once. */
export async function runCopy(
  client: Client,
  sql: string,
  payload: string | Buffer,
  onQuery?: OnQuery,
): Promise<number> {
  const { from } = await import('pg-copy-streams');
  const started = performance.now();
  try {
    const rows = await new Promise<number>((resolve, reject) => {
      const stream = client.query(from(sql));
      stream.once('error', reject);
      stream.once('finish', () => resolve(stream.rowCount));
      if (payload.length === 0) stream.end();
      else stream.end(payload);
    });
    onQuery?.({ sql, durationMs: performance.now() - started, rows });
    return rows;
  } catch (error) {
    throw withoutValues(error);
  }
}

interface DriverResult<Row> {
  readonly rows?: Row[];
  readonly rowCount: number | null;
}

/** Several statements in one text give several results; the last one counts. */
function resultOf<Row>(answer: unknown): QueryResult<Row> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the caller's SQL selects, only the caller knows
  const last = (Array.isArray(answer) ? answer.at(-1) : answer) as DriverResult<Row>;
  return { rows: last.rows ?? [], rowCount: last.rowCount ?? 0 };
}

type Parser = (text: string) => unknown;

const asText: Parser = (text) => text;
const asNumber: Parser = Number;
const asBoolean: Parser = (text) => text === 't';
const asJson: Parser = (text): unknown => JSON.parse(text);

/** By the type's OID, which PostgreSQL never changes. See {@link QueryResult} for what the forms are. */
const SCALARS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [16, asBoolean],
  [21, asNumber],
  [23, asNumber],
  [26, asNumber],
  [700, asNumber],
  [701, asNumber],
  [114, asJson],
  [3802, asJson],
  [20, asText],
  [1700, asText],
  [1082, asText],
  [1083, asText],
  [1114, asText],
  [1186, asText],
]);

let types: CustomTypesConfig | undefined;

/** Whatever Sequelize or a plugin sets in the driver's own table of parsers must not change our results. */
async function loadTypes(): Promise<CustomTypesConfig> {
  if (types === undefined) {
    const { default: pg } = await import('pg');
    types = { getTypeParser: (oid: number) => SCALARS.get(oid) ?? parserOf(pg.types, oid) };
  }
  return types;
}

function parserOf(known: typeof Types, oid: number): Parser {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the driver's type is any
  return known.getTypeParser(oid, 'text') as Parser;
}
