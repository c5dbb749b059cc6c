import type { ColumnMapping, FunctionCall } from '../config/mapping.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import { toLongId } from '../flow/salesforce-id.ts';
import { standIn } from '../flow/stand-in.ts';
import { FORMAT_CHECKS } from './check-format.ts';
import { compileTypeCheck, type Refusal, type TypeCheck } from './check-type.ts';
import type { ValidateDeps } from './validate-context.ts';

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
export function compileCheck(
  cell: CheckedCell,
  column: ColumnMapping,
  functions: ValidateDeps['functions'],
): CellCheck {
  const check = column.link === null ? compileValueCheck(column, functions) : compileReferenceCheck(column.link);
  const empty = takesEmptyText(column) ? '' : null;
  const { name, field, mustHave } = cell;

  const refuse = ({ code, rule }: Refusal, report: CellReport): CellValue => {
    const policy = code === 'INVALID_ENUM' ? column.onUnknown : column.onInvalid;
    // A function that failed has said nothing of the value: no policy of the column is about that.
    if (policy === 'quarantine' || code === 'TRANSFORM_FAILED') {
      report.reject(code, name, field, rule);
      return null;
    }
    report.warn(code, name);
    return standIn(policy, column.column.default);
  };

  return (value, report) => {
    let result: CellValue = value;
    if (typeof result === 'string') {
      const text = result.includes('\0') ? withoutNul(result, name, report) : result;
      if (text === '') result = result === '' ? empty : null;
      else {
        const checked = check(text);
        result = typeof checked === 'string' ? checked : refuse(checked, report);
      }
    }
    if (result === null && mustHave) report.reject('MISSING_REQUIRED_FIELD', name, field);
    return result;
  };
}

/** An empty text comes this far only where the mapping writes one: it is a value where the column is for text. */
function takesEmptyText({ column: { type }, link }: ColumnMapping): boolean {
  if (link !== null) return false;
  return type.kind === 'string' || type.kind === 'text' || (type.kind === 'enum' && type.values.includes(''));
}

function compileValueCheck(column: ColumnMapping, functions: ValidateDeps['functions']): TypeCheck {
  const typed = compileTypeCheck(column.column);
  const steps = [
    ...(column.format === null ? [] : [FORMAT_CHECKS[column.format]]),
    typed,
    ...(column.check === null ? [] : [compileFunctionCheck(column.check, functions)]),
  ];
  if (steps.length === 1) return typed;
  return (text) => {
    let value: string | Refusal = text;
    for (const step of steps) {
      value = step(value);
      if (typeof value !== 'string') break;
    }
    return value;
  };
}

function compileFunctionCheck(call: FunctionCall, functions: ValidateDeps['functions']): TypeCheck {
  if (functions === null) throw new RangeError(`the check ${call.name} passed lint and is not there`);
  const check = functions.check(call);
  const refused: Refusal = Object.freeze({ code: 'INVALID_FORMAT', rule: call.name });
  const failed: Refusal = Object.freeze({ code: 'TRANSFORM_FAILED', rule: call.name });
  return (text) => {
    try {
      return check(text) === true ? text : refused;
    } catch {
      return failed;
    }
  };
}

/** A raw reference is compared with the parent's key, whose ids are all in the long form; candidates have it already. */
function compileReferenceCheck({ candidates }: NonNullable<ColumnMapping['link']>): TypeCheck {
  return candidates ? (text) => text : toLongId;
}

/** PostgreSQL takes no NUL in text; Salesforce can hold one. Nothing readable is lost without it, and it is counted. */
function withoutNul(text: string, name: string, report: CellReport): string {
  report.warn('INVALID_TEXT', name);
  return text.replaceAll('\0', '');
}
