import type { Generated } from './generated.ts';
import { Table } from './table.ts';

/** All objects of the org, by name in any case. */
export class OrgData {
  readonly #all: readonly Table[];
  readonly #byName: ReadonlyMap<string, Table>;
  /** Objects that permissions hide, in lower case. */
  #hidden: ReadonlySet<string> = new Set();
  #snapshot: OrgData | null = null;

  constructor(objects: readonly Generated[] | readonly Table[]) {
    this.#all = objects.map((object) => (object instanceof Table ? object : new Table(object)));
    this.#byName = new Map(this.#all.map((table) => [table.schema.name.toLowerCase(), table]));
  }

  /** Those that the one who signs in may see. */
  get tables(): readonly Table[] {
    return this.#all.filter((table) => !this.#hidden.has(table.schema.name.toLowerCase()));
  }

  /** Hidden ones too. */
  get all(): readonly Table[] {
    return this.#all;
  }

  /** Moves with every change of any row and of the schema. */
  get version(): number {
    return this.#all.reduce((sum, table) => sum + table.version, 0);
  }

  /** An object that the one who signs in may see. */
  table(name: string): Table | undefined {
    return this.#hidden.has(name.toLowerCase()) ? undefined : this.anyTable(name);
  }

  /** An object, hidden or not. */
  anyTable(name: string): Table | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** @param names in lower case */
  hide(names: ReadonlySet<string>): void {
    this.#hidden = names;
    this.#snapshot = null;
  }

  /** All of it as it is now, whatever changes later. */
  snapshot(): OrgData {
    if (this.#snapshot?.version !== this.version) {
      this.#snapshot = new OrgData(this.#all.map((table) => table.snapshot()));
      this.#snapshot.#hidden = this.#hidden;
    }
    return this.#snapshot;
  }
}
