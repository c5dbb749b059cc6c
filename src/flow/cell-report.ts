import type { RowCode } from '../errors/row-codes.ts';
import type { Rejection } from './mapped-batch.ts';

/** Where a cell tells what it could not take; one object for a whole batch, so no allocation a value. */
export interface CellReport {
  /** @param column  `table.column` */
  warn(code: RowCode, column: string): void;
  /**
   * @param column  `table.column`; null when the whole record is at fault
   * @param rule    the rule, check or function that refused, where one did
   */
  reject(code: RowCode, column: string | null, field: string | null, rule?: string | null): void;
}

/** Collects what a batch's cells tell: the first rejection of the record at hand, and warnings by code and column. */
export class BatchReport implements CellReport {
  rejected: Pick<Rejection, 'code' | 'column' | 'field' | 'rule'> | null = null;
  readonly warnings: Map<string, number>;

  constructor(earlier: ReadonlyMap<string, number> = new Map()) {
    this.warnings = new Map(earlier);
  }

  warn(code: RowCode, column: string): void {
    const key = `${code} ${column}`;
    this.warnings.set(key, (this.warnings.get(key) ?? 0) + 1);
  }

  reject(code: RowCode, column: string | null, field: string | null, rule: string | null = null): void {
    this.rejected ??= { code, column, field, rule };
  }

  /** Tells everything that another report was told. */
  take({ rejected, warnings }: BatchReport): void {
    this.rejected ??= rejected;
    for (const [key, times] of warnings) this.warnings.set(key, (this.warnings.get(key) ?? 0) + times);
  }
}
