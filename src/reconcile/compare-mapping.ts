import type { Logger } from 'pino';
import { rootTable } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Table } from '../config/table.ts';
import type { Database, Queryable, Tx } from '../database/database.ts';
import { extractKeys, extractWhereabouts, mayBeBlank } from '../extract/extract.ts';
import { ahead } from '../flow/ahead.ts';
import type { OrgKeys } from '../flow/org-key.ts';
import { describePresence } from '../load/load.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { countExtras, explainExtras, type ExtrasExplained } from '../state/explain-extras.ts';
import {
  compareKeys,
  type ComparisonOptions,
  type Difference,
  differences,
  expectedKeys,
  lacksRows,
  type KeyCounts,
} from '../state/key-comparison.ts';
import { knownMappingId } from '../state/mappings.ts';
import { readUpTo } from '../state/read-up-to.ts';
import { leftOutTest, type TransformDeps } from '../transform/transform.ts';
import type { DifferenceEntry, ExtraReason, MappingComparison } from './report.ts';

export interface CompareDeps {
  readonly database: Database;
  readonly salesforce: Salesforce;
  readonly tables: ReadonlyMap<string, Table>;
  readonly functions: TransformDeps['functions'];
  readonly log: Pick<Logger, 'info'>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Records of each kind that are listed at most; null for all. */
  readonly listed: number | null;
  /** Does what the differences call for while they can be seen, in the same transaction. */
  readonly act?: (tx: Tx, found: Comparison) => Promise<void>;
}

/** What was found of a mapping that has run before. */
interface Comparison {
  readonly mapping: Mapping;
  readonly mappingId: number;
  readonly counts: KeyCounts;
}

const KINDS: readonly Difference[] = ['lost', 'extra', 'stale', 'set_back', 'row_missing'];

/** Compares the ids of one mapping with the org's. The org is asked before the transaction opens. */
export async function compareMapping(mapping: Mapping, deps: CompareDeps): Promise<MappingComparison> {
  const { database, salesforce, signal, log } = deps;
  const started = deps.now();
  const { calls } = salesforce.usage();
  const askedAt = (await salesforce.serverNow(signal)).toISOString();
  const mappingId = await knownMappingId(database, mapping.name);
  const expected = mappingId === null ? null : await expectedKeys(database, mappingId);
  const presence = await presenceOf(mapping, deps);
  const mayLackRows = lacksRows(database, mappingId ?? NO_MAPPING, presence);
  // Whoever takes it sees its error; until then it must not count as unhandled.
  mayLackRows.catch(() => undefined);
  const options: ComparisonOptions = {
    mappingId: mappingId ?? NO_MAPPING,
    askedAt,
    readUpTo: await readUpTo(database, mapping),
    readsBlanks: mapping.incremental !== null && mayBeBlank(mapping.incremental.cursor),
    rows: presence,
    mayLackRows,
    leavesUnmatched: rootTable(mapping).unmatched === 'skip',
  };
  const rule = leftOutTest(mapping, { functions: deps.functions, today: askedAt.slice(0, 10) });
  const keys = extractKeys({ mapping, rule, until: askedAt, expected }, { salesforce, log, signal });
  const found = await withFirst(keys, async (all) =>
    database.transaction(async (tx) => compareIn(tx, all, { mapping, options, deps })),
  );
  log.info({ mapping: mapping.name, ...found.counts }, 'keys compared');
  return {
    mapping: mapping.name,
    object: mapping.source.object,
    ...found.counts,
    extra: found.counts.extra - found.explained.unread - found.explained.kept,
    gone: found.explained.unread,
    kept: found.explained.kept,
    extra_reasons: extraReasons(found.reasons),
    extra_may_go: mapping.deletes?.reconcile === true,
    rows_checked: presence.known !== null,
    differences: found.listed,
    api_calls: salesforce.usage().calls - calls,
    duration_ms: deps.now().getTime() - started.getTime(),
  };
}

interface Comparing {
  readonly mapping: Mapping;
  readonly options: ComparisonOptions;
  readonly deps: CompareDeps;
}

interface Found {
  readonly counts: KeyCounts;
  readonly explained: ExtrasExplained;
  readonly reasons: ReadonlyMap<string, number>;
  readonly listed: readonly DifferenceEntry[];
}

async function compareIn(tx: Tx, keys: AsyncIterable<OrgKeys>, { mapping, options, deps }: Comparing): Promise<Found> {
  const counts = await compareKeys(tx, ahead(keys, 1), options);
  const explained = await explain(tx, counts, { mapping, options, deps });
  const { mappingId } = options;
  if (mappingId !== NO_MAPPING) await deps.act?.(tx, { mapping, mappingId, counts });
  return { counts, explained, reasons: await countExtras(tx), listed: await listed(tx, mapping, deps.listed) };
}

/** No mapping has this number: of one that has never run, nothing is known. */
const NO_MAPPING = -1;

/** Nothing is held against tables that are not there yet. */
async function presenceOf(
  mapping: Mapping,
  { database, tables }: Pick<CompareDeps, 'database' | 'tables'>,
): Promise<ReturnType<typeof describePresence>> {
  const presence = describePresence(mapping, { tables, schema: database.schema });
  return (await areThere(database, presence.tables)) ? presence : { ...presence, isThere: 'false', isLeft: null };
}

async function areThere(database: Queryable, tables: readonly string[]): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>(
    'SELECT bool_and(to_regclass(name) IS NOT NULL) AS there FROM unnest($1::text[]) AS t(name)',
    [tables],
  );
  return rows[0]?.there ?? false;
}

/** Waits for the first item before the work begins: no transaction stands open while the org prepares its answer. */
async function withFirst<T, R>(items: AsyncGenerator<T>, work: (all: AsyncIterable<T>) => Promise<R>): Promise<R> {
  try {
    return await work(resumed(await items.next(), items));
  } finally {
    await items.return(undefined);
  }
}

async function* resumed<T>(first: IteratorResult<T>, others: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  if (first.done === true) return;
  yield first.value;
  yield* others;
}

/** Of so many the ids are not needed: the whole object is read instead. */
const TOO_MANY = 5_000;

async function explain(tx: Tx, { extra }: KeyCounts, { mapping, options, deps }: Comparing): Promise<ExtrasExplained> {
  if (extra === 0) return { unread: 0, kept: 0 };
  const ids: string[] = [];
  for await (const page of differences(tx, 'extra', TOO_MANY)) for (const record of page) ids.push(record.source_id);
  const known = await extractWhereabouts({ mapping, ids }, deps);
  if (known === null) return { unread: 0, kept: 0 };
  const keepsLeavers = mapping.deletes?.leftFilter === 'keep';
  return explainExtras(tx, known, { readUpTo: options.readUpTo, keepsLeavers });
}

async function listed(tx: Tx, { name }: Mapping, most: number | null): Promise<readonly DifferenceEntry[]> {
  const entries: DifferenceEntry[] = [];
  for (const kind of KINDS) {
    for await (const page of differences(tx, kind, most)) {
      for (const { source_id: id, reason } of page) {
        entries.push({ mapping: name, kind, id, reason: kind === 'extra' ? (reason ?? 'not_asked') : null });
      }
    }
  }
  return entries;
}

function extraReasons(counts: ReadonlyMap<string, number>): Readonly<Record<ExtraReason, number>> {
  const of = (reason: string): number => counts.get(reason) ?? 0;
  return {
    deleted: of('deleted'),
    merged: of('merged'),
    left_filter: of('left_filter'),
    purged: of('purged'),
    not_asked: of(''),
  };
}
