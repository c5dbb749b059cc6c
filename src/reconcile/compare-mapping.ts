import type { Logger } from 'pino';
import { rootTable } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Table } from '../config/table.ts';
import type { Database, Queryable, Tx } from '../database/database.ts';
import { extractKeys, extractWhereabouts } from '../extract/extract.ts';
import { ahead } from '../flow/ahead.ts';
import type { OrgKeys } from '../flow/org-key.ts';
import { describePresence } from '../load/load.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import {
  compareKeys,
  countExtras,
  type Difference,
  differences,
  expectedKeys,
  explainExtras,
  type ExtrasExplained,
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
  readonly act?: (tx: Tx, found: { readonly mapping: Mapping; readonly mappingId: number }) => Promise<void>;
}

const KINDS: readonly Difference[] = ['lost', 'extra', 'stale', 'row_missing'];

/** Compares the ids of one mapping with the org's. The org is asked before the transaction opens. */
export async function compareMapping(mapping: Mapping, deps: CompareDeps): Promise<MappingComparison> {
  const { database, salesforce, signal, log } = deps;
  const started = deps.now();
  const { calls } = salesforce.usage();
  const askedAt = (await salesforce.serverNow(signal)).toISOString();
  const upTo = await readUpTo(database, mapping);
  const mappingId = await knownMappingId(database, mapping.name);
  const expected = mappingId === null ? null : await expectedKeys(database, mappingId);
  const presence = await presenceOf(mapping, deps);
  const rule = leftOutTest(mapping, { functions: deps.functions, today: askedAt.slice(0, 10) });
  const keys = await begun(extractKeys({ mapping, rule, until: askedAt, expected }, { salesforce, log, signal }));
  const found = await database.transaction(async (tx) => {
    const counts = await compareKeys(tx, ahead(keys, 1), {
      mappingId: mappingId ?? NO_MAPPING,
      askedAt,
      readUpTo: upTo,
      rows: presence,
      leavesUnmatched: rootTable(mapping).unmatched === 'skip',
    });
    const explained = await explain(tx, counts, { mapping, upTo, deps });
    if (mappingId !== null) await deps.act?.(tx, { mapping, mappingId });
    return { counts, explained, reasons: await countExtras(tx), listed: await listed(tx, mapping, deps.listed) };
  });
  const { counts, explained, reasons } = found;
  log.info({ mapping: mapping.name, ...counts }, 'keys compared');
  return {
    mapping: mapping.name,
    object: mapping.source.object,
    ...counts,
    extra: counts.extra - explained.unread - explained.kept,
    gone: explained.unread,
    kept: explained.kept,
    extra_reasons: extraReasons(reasons),
    extra_may_go: mapping.deletes?.reconcile === true,
    rows_checked: presence === null || presence.known !== null,
    differences: found.listed,
    api_calls: salesforce.usage().calls - calls,
    duration_ms: deps.now().getTime() - started.getTime(),
  };
}

/** No mapping has this number: of one that has never run, nothing is known. */
const NO_MAPPING = -1;

/** Nothing is held against tables that are not there yet. */
async function presenceOf(
  mapping: Mapping,
  { database, tables }: Pick<CompareDeps, 'database' | 'tables'>,
): Promise<ReturnType<typeof describePresence> | null> {
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

/** Waits for the first of them, so that no transaction stands open while the org prepares its answer. */
async function begun(keys: AsyncGenerator<OrgKeys>): Promise<AsyncGenerator<OrgKeys>> {
  const first = await keys.next();
  return (async function* resumed() {
    try {
      if (first.done === true) return;
      yield first.value;
      yield* keys;
    } finally {
      await keys.return(undefined);
    }
  })();
}

/** Of so many the ids are not needed: the whole object is read instead. */
const TOO_MANY = 5_000;

async function explain(
  tx: Tx,
  counts: KeyCounts,
  { mapping, upTo, deps }: { readonly mapping: Mapping; readonly upTo: string; readonly deps: CompareDeps },
): Promise<ExtrasExplained> {
  if (counts.extra === 0) return { unread: 0, kept: 0 };
  const ids: string[] = [];
  for await (const page of differences(tx, 'extra', TOO_MANY)) for (const record of page) ids.push(record.source_id);
  const known = await extractWhereabouts({ mapping, ids }, deps);
  if (known === null) return { unread: 0, kept: 0 };
  const keepsLeavers = mapping.deletes?.leftFilter === 'keep';
  return explainExtras(tx, known, { readUpTo: upTo, keepsLeavers });
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
