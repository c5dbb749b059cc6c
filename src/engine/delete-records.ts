import { rootTable } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Queryable, Tx } from '../database/database.ts';
import { addTableCounts, NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import type { Fallout, MetLink, Remover } from '../load/load.ts';
import { claimsOn, forgetRows, type Neighbour, rowsOfRecords } from '../state/claims.ts';
import { type CarriedOut, markDone, mastersOf, type OpenDeletion, setStatus } from '../state/deletions.ts';
import { followMasters, keepBack, lookAgain, waitAgain } from '../state/fallout.ts';

/** Whose records are deleted, and who must not be harmed by it. */
export interface DeletionPlace {
  readonly mapping: Mapping;
  readonly mappingId: number;
  readonly remover: Remover;
  /** Other mappings whose records become rows of the same root table. */
  readonly neighbours: readonly (Neighbour & { readonly object: string; readonly tables: ReadonlySet<string> })[];
  /** Numbers of all mappings by name. */
  readonly mappingIds: ReadonlyMap<string, number>;
}

/** What one transaction did. */
export interface DeletedRecords {
  readonly deleted: number;
  /** Records whose row is left alone. */
  readonly left: number;
  readonly tables: Readonly<Record<string, TableCounts>>;
}

/** A record that goes. */
interface Going {
  readonly deletion: OpenDeletion;
  /** Key of its row; null where it has none, or the row shows another record. */
  readonly rowId: string | null;
  /** Names of the mappings that have loaded into the row, too. */
  readonly claims: ReadonlySet<string>;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Deletes records in one transaction: their rows, what is remembered of them, and what others lose by it. */
export async function deleteRecords(
  tx: Tx,
  deletions: readonly OpenDeletion[],
  place: DeletionPlace,
): Promise<DeletedRecords> {
  const { mapping, mappingId, remover } = place;
  const found = await findGoing(tx, deletions, place);
  const leftRows = await remover.left(tx, keysOf(found));
  const isLeft = ({ rowId }: Going): boolean => rowId !== null && leftRows.has(rowId);
  const left = found.filter(isLeft);
  const going = found.filter((one) => !isLeft(one));
  const tables = new Tables();
  await setStatus(tx, mappingId, idsOf(left), 'ignored');
  if (mapping.deletes?.action === 'soft') {
    await markDone(tx, mappingId, await mark(tx, going, place, tables));
  } else {
    await pointToMasters(tx, going, place, tables);
    const removed = await remover.remove(tx, rowsToRemove(going, place));
    tables.addAll(removed.tables);
    await markDone(
      tx,
      mappingId,
      idsOf(going).map((sourceId) => ({ sourceId, rowId: null, before: null })),
    );
    await tellOthers(tx, removed.fallout, place);
    if (remover.contested) await forgetRows(tx, mappingId, keysOf(going));
  }
  return { deleted: going.length, left: left.length, tables: tables.counts };
}

async function findGoing(tx: Tx, deletions: readonly OpenDeletion[], place: DeletionPlace): Promise<readonly Going[]> {
  const ids = deletions.map(({ source_id: id }) => id);
  const rows = await rowsOf(tx, ids, place);
  const records = ids.map((sourceId) => ({ sourceId, rowId: rows.get(sourceId) ?? null }));
  const claims = await claimsOn(tx, place.neighbours, records);
  return deletions.map((deletion) => {
    const rowId = rows.get(deletion.source_id) ?? null;
    return { deletion, rowId, claims: (rowId === null ? undefined : claims.get(rowId)) ?? NOBODY };
  });
}

/** Keys of the rows that are these records' alone, by id. */
export async function rowsOf(
  tx: Queryable,
  ids: readonly string[],
  { remover, mappingId }: DeletionPlace,
): Promise<ReadonlyMap<string, string>> {
  if (!remover.contested) return remover.find(tx, ids);
  const known = await rowsOfRecords(tx, mappingId, ids);
  return new Map(
    known.flatMap(({ sourceId, rowId, isHeld }) => (rowId === null || isHeld ? [] : [[sourceId, rowId] as const])),
  );
}

async function mark(
  tx: Tx,
  going: readonly Going[],
  place: DeletionPlace,
  tables: Tables,
): Promise<readonly CarriedOut[]> {
  const table = place.mapping.deletes?.mark?.table ?? '';
  const rows = await place.remover.mark(tx, keysOf(going.filter((one) => isOurs(one, table, place))));
  tables.add(table, { updated: rows.filter(({ written }) => written).length });
  const byRow = new Map(rows.map((row) => [row.rowId, row]));
  return going.map(({ deletion, rowId }) => {
    const row = rowId === null ? undefined : byRow.get(rowId);
    const before =
      row === undefined ? null : { table: row.table, column: row.column, before: row.before, after: row.after };
    return { sourceId: deletion.source_id, rowId: before === null ? null : rowId, before };
  });
}

/** True where no other record that is here fills the record's row in this table. */
function isOurs({ claims }: Going, table: string, { neighbours }: DeletionPlace): boolean {
  return !neighbours.some(({ mapping, tables }) => tables.has(table) && claims.has(mapping));
}

function rowsToRemove(going: readonly Going[], place: DeletionPlace): ReadonlyMap<string, ReadonlySet<string>> {
  const { mapping } = place;
  const root = rootTable(mapping);
  // A mapping that makes no rows of its own has none to remove; what it adds to them is its own.
  const tables = mapping.tables.filter((table) => table !== root || root.unmatched === 'insert');
  return new Map(
    tables.map(({ table: { name } }) => [name, new Set(keysOf(going.filter((one) => isOurs(one, name, place))))]),
  );
}

/** The org has given the children of a merged record to its master. */
async function pointToMasters(tx: Tx, going: readonly Going[], place: DeletionPlace, tables: Tables): Promise<void> {
  const merged = going.filter(({ deletion, rowId }) => deletion.master_id !== null && rowId !== null);
  if (merged.length === 0) return;
  const masters = await mastersOf(
    tx,
    place.mappingId,
    merged.map(({ deletion }) => deletion),
  );
  const rows = await masterRows(tx, [...new Set(masters.values())], place);
  const pairs = merged.flatMap(({ deletion: { source_id: loserId }, rowId: loser }) => {
    const masterId = masters.get(loserId) ?? '';
    const master = rows.get(masterId);
    return loser === null || master === undefined || master === loser ? [] : [{ loser, master, loserId, masterId }];
  });
  await followMasters(tx, pairs);
  for (const [table, updated] of Object.entries(await place.remover.pointToMasters(tx, pairs))) {
    tables.add(table, { updated });
  }
}

async function masterRows(
  tx: Tx,
  ids: readonly string[],
  { remover, mappingId }: DeletionPlace,
): Promise<ReadonlyMap<string, string>> {
  if (!remover.contested) return remover.find(tx, ids);
  const known = await rowsOfRecords(tx, mappingId, ids);
  return new Map(known.flatMap(({ sourceId, rowId }) => (rowId === null ? [] : [[sourceId, rowId] as const])));
}

/** Writes down what other records have lost, so that it comes back when the row does. */
async function tellOthers(tx: Tx, { orphans, gone, again }: Fallout, place: DeletionPlace): Promise<void> {
  const idOf = (mapping: string): number | null => place.mappingIds.get(mapping) ?? null;
  for (const some of byLink(orphans)) {
    const id = idOf(some.mapping);
    if (id !== null) await waitAgain(tx, id, some.link, some.met);
  }
  for (const leftOut of [true, false]) {
    for (const some of byLink(gone.filter((one) => one.leftOut === leftOut))) {
      const id = idOf(some.mapping);
      if (id !== null) await keepBack(tx, id, some.link, { records: some.met, leftOut });
    }
  }
  for (const [mapping, met] of Map.groupBy(again, (one) => one.mapping)) {
    const id = idOf(mapping);
    if (id !== null) await lookAgain(tx, id, met);
  }
}

function byLink(
  met: readonly MetLink[],
): readonly { readonly mapping: string; readonly link: string; readonly met: readonly MetLink[] }[] {
  const groups = Map.groupBy(met, ({ mapping, link }) => JSON.stringify([mapping, link]));
  return [...groups.values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [{ mapping: first.mapping, link: first.link, met: some }];
  });
}

function idsOf(going: readonly Going[]): readonly string[] {
  return going.map(({ deletion }) => deletion.source_id);
}

function keysOf(going: readonly Going[]): readonly string[] {
  return [...new Set(going.flatMap(({ rowId }) => rowId ?? []))];
}

class Tables {
  readonly counts: Record<string, TableCounts> = {};

  add(name: string, counts: Partial<TableCounts>): void {
    this.counts[name] = addTableCounts(this.counts[name] ?? NO_TABLE_COUNTS, counts);
  }

  addAll(tables: Readonly<Record<string, TableCounts>>): void {
    for (const [name, counts] of Object.entries(tables)) this.add(name, counts);
  }
}
