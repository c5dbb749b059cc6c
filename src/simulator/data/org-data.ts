import type { Generated } from './generated.ts';
import { Table } from './table.ts';

/** All objects of the org, by name in any case. */
export class OrgData {
  readonly tables: readonly Table[];
  readonly #byName: ReadonlyMap<string, Table>;

  constructor(objects: readonly Generated[]) {
    this.tables = objects.map((generated) => new Table(generated));
    this.#byName = new Map(this.tables.map((table) => [table.schema.name.toLowerCase(), table]));
  }

  /** Moves with every change of any row. */
  get version(): number {
    return this.tables.reduce((sum, table) => sum + table.version, 0);
  }

  table(name: string): Table | undefined {
    return this.#byName.get(name.toLowerCase());
  }
}
