import { addTableCounts, NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import type { Refused, Unresolved, WithoutParent } from './load-result.ts';

/** What a statement tells of the records that it found in the stage, or took out of it. */
export interface StagedId {
  readonly source_id: string;
}

/** What became of one part so far: the records that were taken out of its stage, and why, and what each table took. */
export class PartTally {
  readonly unresolved: Unresolved[] = [];
  readonly refused: Refused[] = [];
  readonly skipped = new Map<string, string[]>();
  readonly leftOut: WithoutParent[] = [];
  readonly warnings = new Map<string, number>();
  readonly tables: Record<string, TableCounts> = {};

  /** Records that are in the stage no longer. */
  get out(): number {
    const skipped = [...this.skipped.values()].reduce((sum, ids) => sum + ids.length, 0);
    return this.unresolved.length + this.refused.length + skipped;
  }

  /** @returns how many they are */
  skip(reason: string, rows: readonly StagedId[]): number {
    if (rows.length === 0) return 0;
    this.skipped.set(reason, [...(this.skipped.get(reason) ?? []), ...rows.map(({ source_id: id }) => id)]);
    return rows.length;
  }

  refuse(code: Refused['code'], column: string | null, rows: readonly StagedId[]): number {
    for (const { source_id: sourceId } of rows) this.refused.push({ sourceId, code, column });
    return rows.length;
  }

  addTable(name: string, counts: TableCounts): void {
    this.tables[name] = addTableCounts(this.tables[name] ?? NO_TABLE_COUNTS, counts);
  }
}
