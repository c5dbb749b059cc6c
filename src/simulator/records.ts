import type { MergeOptions, RemoveOptions, RowChange, Stamped } from './changes.ts';
import type { OrgData } from './data/org-data.ts';
import type { Table } from './data/table.ts';
import { DeleteLog } from './delete-log.ts';
import { storedName, storedValues, type GivenValues } from './given-values.ts';
import { notFound, Problem } from './http/problem.ts';
import { toId18 } from './ids.ts';
import { deletedIn, referencesTo, type Reference } from './references.ts';
import { fieldOf, kindOf, type Value } from './schema/object-schema.ts';

export interface RecordsDeps {
  readonly now: () => Date;
  /** Hears of every change that was made, with its id and its stamp. */
  readonly onChange: (change: RowChange) => void;
}

/** A record by its object and id. */
interface RecordRef {
  readonly object: string;
  readonly id: string;
}

/**
 * Rows looked at and changed from outside. Lengths and picklists are not checked, because old orgs hold what today's
 * rules forbid. What permissions hide from the one who signs in is not hidden here.
 */
export class Records {
  /** What `GET /sobjects/X/deleted` tells. */
  readonly deletions = new DeleteLog();
  readonly #data: OrgData;
  readonly #deps: RecordsDeps;
  /** What went into the bin together with a record, by the record's id: it comes back with it. */
  readonly #takenAlong = new Map<string, readonly RecordRef[]>();

  constructor(data: OrgData, deps: RecordsDeps) {
    this.#data = data;
    this.#deps = deps;
  }

  /** Every plain field of a row, a deleted one too; null where no row has the id. */
  get(object: string, id: string): Record<string, Value> | null {
    const table = this.table(object);
    const index = table.indexOf(id);
    if (index < 0 || table.isPurged(index)) return null;
    const fields = table.whole.fields.filter((field) => kindOf(field.type) !== 'compound');
    return Object.fromEntries(fields.map((field) => [field.name, table.column(field)(index)]));
  }

  /**
   * Ids of the rows of an object for which the test holds, in the order of the table.
   * @param which those that live unless told; `bin` for those in the bin
   */
  find(
    object: string,
    test: (field: (name: string) => Value) => boolean,
    limit = Infinity,
    which: 'live' | 'bin' = 'live',
  ): string[] {
    const table = this.table(object);
    const columns = new Map(table.whole.fields.map((field) => [field.name, table.column(field)]));
    const found: string[] = [];
    for (let index = 0; index < table.size && found.length < limit; index += 1) {
      const read = (name: string): Value => columns.get(name)?.(index) ?? null;
      if (table.isPurged(index) || (read('IsDeleted') === true) !== (which === 'bin')) continue;
      if (test(read)) found.push(String(read('Id')));
    }
    return found;
  }

  /**
   * Adds a row.
   * @param id the next free one unless told
   * @returns its id
   */
  insert(object: string, values: GivenValues, id?: string, options: Stamped = {}): string {
    const table = this.table(object);
    const stamp = this.#stamp(options);
    const told = id === undefined ? undefined : (toId18(id) ?? malformedId(id));
    if (told !== undefined && table.indexOf(told) >= 0) {
      throw new Problem(400, 'DUPLICATE_VALUE', `duplicate value found: ${told}`);
    }
    const stored = { IsDeleted: false, ...storedValues(table, values) };
    const own = table.insert({ CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp, ...stored }, told);
    this.#deps.onChange({ kind: 'insert', object, values, id: own, stamp });
    return own;
  }

  /** Changes fields of a row and moves its stamps: to now, or to another instant, such as that of a late commit. */
  update(object: string, id: string, values: GivenValues, options: Stamped = {}): void {
    const table = this.table(object);
    const index = this.#alive(table, id);
    const stamp = this.#stamp(options);
    table.update(index, { LastModifiedDate: stamp, SystemModstamp: stamp, ...storedValues(table, values) });
    this.#deps.onChange({ kind: 'update', object, id, values, stamp });
  }

  /**
   * Gives formulas and roll-ups another value and moves no stamp.
   * @throws Problem INVALID_FIELD for a field that is neither
   */
  touchFormula(object: string, id: string, values: GivenValues): void {
    const table = this.table(object);
    const index = this.#alive(table, id);
    for (const name of Object.keys(values)) {
      if (fieldOf(table.whole, name)?.calculated === true) continue;
      throw new Problem(400, 'INVALID_FIELD', `${name} of ${object} is no formula: it changes with its stamp only`);
    }
    table.update(index, storedValues(table, values));
    this.#deps.onChange({ kind: 'touchFormula', object, id, values });
  }

  /** Puts a row into the recycle bin: only queryAll sees it then. */
  remove(object: string, id: string, options: RemoveOptions = {}): void {
    const table = this.table(object);
    const index = this.#alive(table, id);
    const stamp = this.#stamp(options);
    const own = this.#bin(table, index, stamp);
    if (options.details === true || options.clearLookups === true) this.#removeChildren(own, options, stamp);
    this.#deps.onChange({ kind: 'remove', object, id, ...options, stamp });
  }

  /** Takes a row out of the recycle bin again, and what went there with it. A merged one is its own again. */
  undelete(object: string, id: string, options: Stamped = {}): void {
    const table = this.table(object);
    const index = this.#known(table, id);
    const stamp = this.#stamp(options);
    const own = toId18(id) ?? id;
    const refs = [{ object: table.whole.name, id: own }, ...(this.#takenAlong.get(own) ?? [])];
    this.#takenAlong.delete(own);
    for (const ref of refs) this.#unbin(ref, stamp);
    if (fieldOf(table.whole, 'MasterRecordId') !== undefined) table.update(index, { MasterRecordId: null });
    this.#deps.onChange({ kind: 'undelete', object, id, stamp });
  }

  /** Takes a row away for good, from the bin or past it: no query sees it. */
  purge(object: string, id: string, options: Stamped = {}): void {
    const table = this.table(object);
    const index = this.#known(table, id);
    const stamp = this.#stamp(options);
    this.#purgeRow(table, index, stamp);
    this.#deps.onChange({ kind: 'purge', object, id, stamp });
  }

  /** Purges what is in the bin, of one object or of all. */
  emptyBin(object?: string, options: Stamped = {}): void {
    const stamp = this.#stamp(options);
    for (const table of object === undefined ? this.#data.all : [this.table(object)]) {
      const isDeleted = deletedIn(table);
      for (let index = 0; index < table.size; index += 1) {
        if (!table.isPurged(index) && isDeleted(index)) this.#purgeRow(table, index, stamp);
      }
    }
    this.#deps.onChange({ kind: 'emptyBin', ...(object === undefined ? {} : { object }), stamp });
  }

  /**
   * Merges records into one, as users do with duplicates: the losers go into the bin with the winner as their
   * MasterRecordId, and rows that named a loser name the winner. All of their stamps move.
   */
  merge(object: string, winnerId: string, loserIds: readonly string[], options: MergeOptions = {}): void {
    const table = this.table(object);
    if (fieldOf(table.whole, 'MasterRecordId') === undefined) {
      throw new Problem(400, 'INVALID_TYPE', `${object} cannot be merged`);
    }
    const winner = this.#alive(table, winnerId);
    const losers = loserIds.map((id) => this.#alive(table, id));
    if (losers.includes(winner)) throw new Problem(400, 'INVALID_ID_FIELD', 'a record cannot be merged into itself');
    const stamp = this.#stamp(options);
    const master = idOf(table, winner);
    const names = losers.map((index) => idOf(table, index));
    for (const { table: child, lookup, index } of referencesTo(this.#data, table.whole.name, new Set(names))) {
      child.update(index, { [storedName(lookup)]: master, LastModifiedDate: stamp, SystemModstamp: stamp });
    }
    for (const index of losers) {
      this.#bin(table, index, stamp);
      table.update(index, { MasterRecordId: master });
    }
    const values = storedValues(table, options.values ?? {});
    table.update(winner, { LastModifiedDate: stamp, SystemModstamp: stamp, ...values });
    this.#deps.onChange({ kind: 'merge', object, winner: winnerId, losers: loserIds, ...options, stamp });
  }

  /** Forgets every change of every row. */
  reset(): void {
    for (const table of this.#data.all) table.reset();
    this.deletions.clear();
    this.#takenAlong.clear();
  }

  /** @throws Problem NOT_FOUND */
  table(object: string): Table {
    const table = this.#data.anyTable(object);
    if (table === undefined) throw notFound();
    return table;
  }

  #removeChildren(parent: RecordRef, options: RemoveOptions, stamp: number): void {
    const along: RecordRef[] = [];
    const parents: RecordRef[] = [parent];
    for (let next = parents.pop(); next !== undefined; next = parents.pop()) {
      for (const child of referencesTo(this.#data, next.object, new Set([next.id]))) {
        if (deletedIn(child.table)(child.index)) continue;
        if (options.details === true && child.lookup.cascade === true) {
          const gone = this.#bin(child.table, child.index, stamp);
          along.push(gone);
          parents.push(gone);
        } else if (options.clearLookups === true) emptyLookup(child, stamp);
      }
    }
    if (along.length > 0) this.#takenAlong.set(parent.id, along);
  }

  #bin(table: Table, index: number, stamp: number): RecordRef {
    table.update(index, { IsDeleted: true, LastModifiedDate: stamp, SystemModstamp: stamp });
    const ref = { object: table.whole.name, id: idOf(table, index) };
    this.deletions.add(ref.object, ref.id, stamp);
    return ref;
  }

  #unbin({ object, id }: RecordRef, stamp: number): void {
    const table = this.table(object);
    const index = table.indexOf(id);
    if (table.isPurged(index)) return;
    table.update(index, { IsDeleted: false, SystemModstamp: stamp });
    this.deletions.remove(object, id);
  }

  #purgeRow(table: Table, index: number, stamp: number): void {
    const { name } = table.whole;
    const id = idOf(table, index);
    if (!this.deletions.knows(name, id)) this.deletions.add(name, id, stamp);
    table.purge(index);
  }

  #known(table: Table, id: string): number {
    const index = table.indexOf(id);
    if (index < 0 || table.isPurged(index)) throw notFound();
    return index;
  }

  #alive(table: Table, id: string): number {
    const index = this.#known(table, id);
    if (deletedIn(table)(index)) throw new Problem(404, 'ENTITY_IS_DELETED', 'entity is deleted');
    return index;
  }

  /** Salesforce stamps in whole seconds. */
  #stamp({ stamp }: Stamped): number {
    const told = typeof stamp === 'string' ? Date.parse(stamp) : (stamp ?? this.#deps.now().getTime());
    if (Number.isNaN(told)) throw new Problem(400, 'INVALID_FIELD', 'a stamp is an ISO date-time or milliseconds');
    return Math.floor(told / 1000) * 1000;
  }
}

/** In a real org this is no change by a user: LastModifiedDate stays. */
function emptyLookup({ table, lookup, index }: Reference, stamp: number): void {
  table.update(index, { [storedName(lookup)]: null, SystemModstamp: stamp });
}

function idOf(table: Table, index: number): string {
  const field = fieldOf(table.whole, 'Id');
  return field === undefined ? '' : String(table.column(field)(index));
}

function malformedId(id: string): never {
  throw new Problem(400, 'MALFORMED_ID', `malformed id of ${String(id.length)} characters`);
}
