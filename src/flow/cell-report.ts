import type { RowCode } from '../errors/row-codes.ts';
import type { Rejection } from './mapped-batch.ts';

/** Where a cell tells what it could not take; one object for a whole batch, so no allocation a value. */
export interface CellReport {
  /** @param column  `table.column` */
  warn(code: RowCode, column: string): void;
  reject(code: RowCode, column: string, field: string | null): void;
}

/** Collects what a batch's cells tell: the first rejection of the record at hand, and warnings by code and column. */
export class BatchReport implements CellReport {
  rejected: Pick<Rejection, 'code' | 'column' | 'field'> | null = null;
  readonly warnings: Map<string, number>;

  constructor(earlier: ReadonlyMap<string, number> = new Map()) {
    this.warnings = new Map(earlier);
  }

  warn(code: RowCode, column: string): void {
    const key = `${code} ${column}`;
    this.warnings.set(key, (this.warnings.get(key) ?? 0) + 1);
  }

  reject(code: RowCode, column: string, field: string | null): void {
    this.rejected ??= { code, column, field };
  }
}
