import { idMaker, runningOf, toId18 } from '../ids.ts';
import { fieldOf, kindOf, type FieldSchema, type ObjectSchema, type Value } from '../schema/object-schema.ts';
import type { Column, Generated } from './generated.ts';
import { converter } from './convert.ts';

type Changes = ReadonlyMap<string, Value>;

/**
 * The rows of one object: those that are generated when asked for, under a thin layer of what was changed since.
 * A row is known by its index; indexes only grow, and a deleted row keeps its own (IsDeleted), as in the recycle bin.
 */
export class Table {
  readonly #generated: Generated;
  readonly #idOf: (running: number) => string;
  #whole: ObjectSchema;
  #schema: ObjectSchema;
  #changes = new Map<number, Changes>();
  /** Rows that came later, by id; ids told by the caller need not be in order. */
  #added = new Map<string, number>();
  #purged = new Set<number>();
  /** Whether a snapshot looks at the same maps: then the next change copies them first. */
  #shared = false;
  #size: number;
  #version = 0;

  constructor(generated: Generated) {
    this.#whole = generated.schema;
    this.#schema = generated.schema;
    this.#generated = generated;
    this.#idOf = idMaker(generated.schema.keyPrefix);
    this.#size = generated.count;
  }

  /** What the one who signs in may see. */
  get schema(): ObjectSchema {
    return this.#schema;
  }

  /** The schema with the fields that permissions hide. */
  get whole(): ObjectSchema {
    return this.#whole;
  }

  /** Moves with every change, of rows and of the schema. */
  get version(): number {
    return this.#version;
  }

  /** Rows, deleted ones too. */
  get size(): number {
    return this.#size;
  }

  /** Rows whose ids grow with their index; those added later follow them and need not. */
  get inIdOrder(): number {
    return this.#generated.count;
  }

  /** @returns -1 where no row has the id */
  indexOf(id: string): number {
    const full = toId18(id);
    if (full === null) return -1;
    const running = runningOf(full, this.#schema.keyPrefix);
    return running >= 0 && running < this.#generated.count ? running : (this.#added.get(full) ?? -1);
  }

  /** A reader of one field over all rows, deleted ones too. It sees later changes. */
  column(field: FieldSchema): Column {
    if (field.joins !== undefined) return this.#joined(field.joins);
    const { name, type } = field.stored ?? field;
    const { count } = this.#generated;
    const untouched = type === 'boolean' ? false : null;
    const made = name === 'Id' ? this.#idOf : (this.#generated.columns[name] ?? (() => untouched));
    const stored: Column = (index) => {
      if (this.#changes.size > 0) {
        const changed = this.#changes.get(index)?.get(name);
        if (changed !== undefined) return changed;
      }
      return index < count ? made(index) : untouched;
    };
    const convert = kindOf(type) === kindOf(field.type) ? null : converter(kindOf(type), kindOf(field.type));
    return convert === null ? stored : (index) => convert(stored(index));
  }

  #joined(names: readonly string[]): Column {
    const parts = names.flatMap((name) => fieldOf(this.#whole, name) ?? []).map((field) => this.column(field));
    return (index) =>
      parts
        .map((part) => part(index) ?? '')
        .join(' ')
        .trim();
  }

  /**
   * Adds a row under the id, or under the next free one.
   * @param values by the names under which they are stored
   * @returns its id
   */
  insert(values: Readonly<Record<string, Value>>, id?: string): string {
    this.#own();
    const index = this.#size;
    const own = id ?? this.#freeId();
    this.#size += 1;
    this.#added.set(own, index);
    this.#changes.set(index, new Map(Object.entries({ ...values, Id: own })));
    return own;
  }

  /** An id that the caller told once may be the one that would come next. */
  #freeId(): string {
    let running = this.#size;
    while (this.#added.has(this.#idOf(running))) running += 1;
    return this.#idOf(running);
  }

  /** @param values by the names under which they are stored */
  update(index: number, values: Readonly<Record<string, Value>>): void {
    this.#own();
    this.#changes.set(index, new Map([...(this.#changes.get(index) ?? []), ...Object.entries(values)]));
  }

  /** Takes the row away for good. Its index stays, empty. */
  purge(index: number): void {
    this.#own();
    this.#purged.add(index);
  }

  isPurged(index: number): boolean {
    return this.#purged.has(index);
  }

  /** Other fields, or other ones to be seen; the values stay as they are. */
  alter(whole: ObjectSchema, isHidden: (field: FieldSchema) => boolean): void {
    this.#version += 1;
    this.#whole = whole;
    this.#schema = { ...whole, fields: whole.fields.filter((field) => !isHidden(field)) };
  }

  /** The table as it is now, whatever changes later. Costs nothing until then. */
  snapshot(): Table {
    const copy = new Table(this.#generated);
    copy.#whole = this.#whole;
    copy.#schema = this.#schema;
    copy.#changes = this.#changes;
    copy.#added = this.#added;
    copy.#purged = this.#purged;
    copy.#size = this.#size;
    copy.#version = this.#version;
    this.#shared = true;
    return copy;
  }

  /** Forgets every change of rows. */
  reset(): void {
    this.#version += 1;
    this.#changes = new Map();
    this.#added = new Map();
    this.#purged = new Set();
    this.#shared = false;
    this.#size = this.#generated.count;
  }

  /** Before each change: what a snapshot looks at is left to it. */
  #own(): void {
    this.#version += 1;
    if (!this.#shared) return;
    this.#changes = new Map(this.#changes);
    this.#added = new Map(this.#added);
    this.#purged = new Set(this.#purged);
    this.#shared = false;
  }
}
