import type { ColumnMapping } from '../config/mapping.ts';
import type { RowCode } from '../errors/row-codes.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import { standIn } from '../flow/stand-in.ts';
import { FORMAT_CHECKS } from './check-format.ts';
import { compileTypeCheck, type TypeCheck } from './check-type.ts';

/** From a mapped cell to one that the database takes. */
export type CellCheck = (value: CellValue, report: CellReport) => CellValue;

export interface CheckedCell {
  /** `table.column`, for reports. */
  readonly name: string;
  /** The Salesforce field that fed it, where one did. */
  readonly field: string | null;
  /**
   * False where a later phase fills the column (a link that waits), so a blank is no trouble now.
   */
  readonly mustHave: boolean;
}

/** Compiles what one column demands: no NUL, type, length, range, format, presence; and its policy when refused. */
export function compileCheck(cell: CheckedCell, column: ColumnMapping): CellCheck {
  const check = column.link === null ? compileValueCheck(column) : checkReference;
  const { name, field, mustHave } = cell;
  const policyOf = (code: RowCode) => (code === 'INVALID_ENUM' ? column.onUnknown : column.onInvalid);

  const refuse = (code: RowCode, report: CellReport): CellValue => {
    const policy = policyOf(code);
    if (policy === 'quarantine') {
      report.reject(code, name, field);
      return null;
    }
    report.warn(code, name);
    return standIn(policy, column.column.default);
  };

  return (value, report) => {
    let result = value;
    if (typeof result === 'string') {
      const text = result.includes('\0') ? withoutNul(result, name, report) : result;
      const checked = text === '' ? null : check(text);
      result = checked === null || typeof checked === 'string' ? checked : refuse(checked.code, report);
    }
    if (result === null && mustHave) report.reject('MISSING_REQUIRED_FIELD', name, field);
    return result;
  };
}

function compileValueCheck(column: ColumnMapping): TypeCheck {
  const typed = compileTypeCheck(column.column);
  if (column.format === null) return typed;
  const format = FORMAT_CHECKS[column.format];
  return (text) => {
    const value = format(text);
    return typeof value === 'string' ? typed(value) : value;
  };
}

/** A raw reference is compared with the parent's key, whose ids are all in the long form. */
function checkReference(text: string): string {
  return text.length === 15 ? (toSalesforceId(text) ?? text) : text;
}

/** PostgreSQL takes no NUL in text; Salesforce can hold one. Nothing readable is lost without it, and it is counted. */
function withoutNul(text: string, name: string, report: CellReport): string {
  report.warn('INVALID_TEXT', name);
  return text.replaceAll('\0', '');
}
