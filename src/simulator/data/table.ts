import { idMaker, runningOf, toId18 } from '../ids.ts';
import { fieldOf, type FieldSchema, type ObjectSchema, type Value } from '../schema/object-schema.ts';
import type { Column, Generated } from './generated.ts';

type Changes = Map<string, Value>;

/**
 * The rows of one object: those that are generated when asked for, under a thin layer of what was changed since.
 * A row is known by its index; indexes only grow, and a deleted row keeps its own (IsDeleted), as in the recycle bin.
 */
export class Table {
  readonly schema: ObjectSchema;
  readonly #generated: Generated;
  readonly #idOf: (running: number) => string;
  readonly #changes = new Map<number, Changes>();
  /** Rows that came later, by id; ids told by the caller need not be in order. */
  readonly #added = new Map<string, number>();
  readonly #purged = new Set<number>();
  #size: number;
  #version = 0;

  constructor(generated: Generated) {
    this.schema = generated.schema;
    this.#generated = generated;
    this.#idOf = idMaker(generated.schema.keyPrefix);
    this.#size = generated.count;
  }

  /** Moves with every change. */
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
    const running = runningOf(full, this.schema.keyPrefix);
    return running >= 0 && running < this.#generated.count ? running : (this.#added.get(full) ?? -1);
  }

  /** A reader of one field over all rows, deleted ones too. It sees later changes. */
  column(field: FieldSchema): Column {
    if (field.joins !== undefined) return this.#joined(field.joins);
    const made = this.#made(field);
    const { count } = this.#generated;
    const { name } = field;
    const untouched = field.type === 'boolean' ? false : null;
    return (index) => {
      if (this.#changes.size > 0) {
        const changed = this.#changes.get(index)?.get(name);
        if (changed !== undefined) return changed;
      }
      return index < count ? made(index) : untouched;
    };
  }

  #made(field: FieldSchema): Column {
    if (field.name === 'Id') return this.#idOf;
    const untouched = field.type === 'boolean' ? false : null;
    return this.#generated.columns[field.name] ?? (() => untouched);
  }

  #joined(names: readonly string[]): Column {
    const parts = names.flatMap((name) => fieldOf(this.schema, name) ?? []).map((field) => this.column(field));
    return (index) =>
      parts
        .map((part) => part(index) ?? '')
        .join(' ')
        .trim();
  }

  /**
   * Adds a row under the id, or under the next free one.
   * @returns its id
   */
  insert(values: Readonly<Record<string, Value>>, id?: string): string {
    const index = this.#size;
    const own = id ?? this.#idOf(index);
    this.#size += 1;
    this.#version += 1;
    this.#added.set(own, index);
    this.#changes.set(index, new Map(Object.entries({ ...values, Id: own })));
    return own;
  }

  update(index: number, values: Readonly<Record<string, Value>>): void {
    this.#version += 1;
    const changes: Changes = this.#changes.get(index) ?? new Map<string, Value>();
    for (const [name, value] of Object.entries(values)) changes.set(name, value);
    this.#changes.set(index, changes);
  }

  /** Takes the row away for good. Its index stays, empty. */
  purge(index: number): void {
    this.#version += 1;
    this.#purged.add(index);
  }

  isPurged(index: number): boolean {
    return this.#purged.has(index);
  }
}
