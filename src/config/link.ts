import type { Column, ColumnValue } from './table.ts';

export interface Link {
  /** At least one; several where the column has several inputs, each with a link of its own. */
  readonly lookups: readonly LinkLookup[];
  /**
   * True when the reference is a JSON list of candidates, `[[lookup, text], ...]` in the order in which they are tried,
   * and not the text itself.
   */
  readonly candidates: boolean;
  /**
   * `skip`: the record is left out and counted, and looked at again in every run; of a child, the row is left out.
   */
  readonly onMissing: 'wait' | 'null' | 'quarantine' | 'fail' | 'skip' | 'create';
  /** How a parent that is not here is made; with `create` only. */
  readonly create: StubParent | null;
  /** Phase that resolves it, when that is not the phase that reads. */
  readonly phase: string | null;
}

/** How a reference finds its parent's row. */
export interface LinkLookup {
  /** Table that holds the parent rows. */
  readonly table: string;
  /** Parent column that the reference is compared with. */
  readonly by: string;
  /** Table that has `by`: the parent table, or a base that it extends. */
  readonly byTable: string;
  /** Column whose value is written, of the table `valueTable`: the parent table, or a base that it extends. */
  readonly value: string;
  readonly valueTable: string;
  /** False when several rows may match: then the one with the lowest primary key is taken. */
  readonly unique: boolean;
  /** Tries again without regard to case where nothing is equal. */
  readonly ignoreCase: boolean;
  /** Other names of the parents, in a table of their own; `value` is what is written. */
  readonly aliases: { readonly table: string; readonly by: string; readonly value: string } | null;
  /** Names of the mappings that fill the parent table. */
  readonly mappings: readonly string[];
}

/** A row that stands for a parent until its own record comes. The link's first `by` takes the reference. */
export interface StubParent {
  /** Rows of other tables that the stub takes values from, tried in order; empty to make it from nothing else. */
  readonly copy: readonly StubCopy[];
  /** Constants of a stub that is made without a copy. */
  readonly values: readonly ColumnValue[];
  /** What happens when no copy fits. */
  readonly otherwise: 'wait' | 'null' | 'quarantine' | 'skip';
}

export interface StubCopy {
  readonly table: string;
  /** Column of that table that the reference is compared with. */
  readonly by: string;
  /** Stub column on the left, column of the other table on the right. */
  readonly columns: readonly { readonly to: Column; readonly from: string }[];
  readonly values: readonly ColumnValue[];
}
