import type { OrgData } from './data/org-data.ts';
import type { Table } from './data/table.ts';
import { Problem, notFound } from './http/problem.ts';
import { toId18 } from './ids.ts';
import { fieldOf, kindOf, type FieldSchema, type Value } from './schema/object-schema.ts';

/** A value as a caller may give it: date-times as ISO text or milliseconds. */
export type GivenValues = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Rows looked at and changed from outside. Lengths and picklists are not checked, because old orgs hold what today's
 * rules forbid.
 */
export class Records {
  readonly #data: OrgData;
  readonly #now: () => Date;

  constructor(data: OrgData, now: () => Date) {
    this.#data = data;
    this.#now = now;
  }

  /** Every plain field of a row, a deleted one too; null where no row has the id. */
  get(object: string, id: string): Record<string, Value> | null {
    const table = this.table(object);
    const index = table.indexOf(id);
    if (index < 0) return null;
    const fields = table.schema.fields.filter((field) => kindOf(field.type) !== 'compound');
    return Object.fromEntries(fields.map((field) => [field.name, table.column(field)(index)]));
  }

  /** Ids of the rows of an object for which the test holds, in the order of the table; deleted ones are left out. */
  find(object: string, test: (field: (name: string) => Value) => boolean, limit = Infinity): string[] {
    const table = this.table(object);
    const columns = new Map(table.schema.fields.map((field) => [field.name, table.column(field)]));
    const found: string[] = [];
    for (let index = 0; index < table.size && found.length < limit; index += 1) {
      const read = (name: string): Value => columns.get(name)?.(index) ?? null;
      if (read('IsDeleted') !== true && !table.isPurged(index) && test(read)) found.push(String(read('Id')));
    }
    return found;
  }

  /**
   * Adds a row.
   * @param id the next free one unless told
   * @returns its id
   */
  insert(object: string, values: GivenValues, id?: string): string {
    const table = this.table(object);
    const stamp = this.#stamp();
    const told = id === undefined ? undefined : (toId18(id) ?? malformedId(id));
    if (told !== undefined && table.indexOf(told) >= 0) {
      throw new Problem(400, 'DUPLICATE_VALUE', `duplicate value found: ${told}`);
    }
    const stored = { IsDeleted: false, ...storedValues(table, values) };
    return table.insert({ CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp, ...stored }, told);
  }

  /** Changes fields of a row and moves its stamps. */
  update(object: string, id: string, values: GivenValues): void {
    const table = this.table(object);
    const index = this.#alive(table, id);
    const stamp = this.#stamp();
    table.update(index, { LastModifiedDate: stamp, SystemModstamp: stamp, ...storedValues(table, values) });
  }

  /** Puts a row into the recycle bin: only queryAll sees it then. */
  remove(object: string, id: string): void {
    const table = this.table(object);
    const stamp = this.#stamp();
    table.update(this.#alive(table, id), { IsDeleted: true, LastModifiedDate: stamp, SystemModstamp: stamp });
  }

  /** Takes a row out of the recycle bin again. */
  undelete(object: string, id: string): void {
    const table = this.table(object);
    const index = table.indexOf(id);
    if (index < 0) throw notFound();
    table.update(index, { IsDeleted: false, SystemModstamp: this.#stamp() });
  }

  /** Takes a row away for good: no query sees it. */
  purge(object: string, id: string): void {
    const table = this.table(object);
    const index = table.indexOf(id);
    if (index < 0) throw notFound();
    table.purge(index);
  }

  table(object: string): Table {
    const table = this.#data.table(object);
    if (table === undefined) throw notFound();
    return table;
  }

  #alive(table: Table, id: string): number {
    const index = table.indexOf(id);
    if (index < 0 || table.isPurged(index)) throw notFound();
    const deleted = fieldOf(table.schema, 'IsDeleted');
    if (deleted !== undefined && table.column(deleted)(index) === true) {
      throw new Problem(404, 'ENTITY_IS_DELETED', 'entity is deleted');
    }
    return index;
  }

  /** Salesforce stamps in whole seconds. */
  #stamp(): number {
    return Math.floor(this.#now().getTime() / 1000) * 1000;
  }
}

function storedValues(table: Table, values: GivenValues): Record<string, Value> {
  const stored: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(table.schema, name);
    if (field === undefined || kindOf(field.type) === 'compound') {
      throw new Problem(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${table.schema.name}`);
    }
    stored[field.name] = storedValue(field, value);
  }
  return stored;
}

function storedValue(field: FieldSchema, value: Value): Value {
  const kind = kindOf(field.type);
  if (value === null || (value === '' && kind !== 'text')) return null;
  if (kind === 'datetime') {
    const time = typeof value === 'string' ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number(value);
    if (!Number.isNaN(time)) return time;
  } else if (kind === 'number') {
    if (typeof value === 'number') return value;
  } else if (kind === 'boolean') {
    if (typeof value === 'boolean') return value;
  } else if (typeof value === 'string' && (kind !== 'date' || /^\d{4}-\d\d-\d\d$/.test(value))) return value;
  throw new Problem(400, 'JSON_PARSER_ERROR', `Cannot deserialize ${field.name}: a ${field.type} is expected`);
}

function malformedId(id: string): never {
  throw new Problem(400, 'MALFORMED_ID', `malformed id of ${String(id.length)} characters`);
}
