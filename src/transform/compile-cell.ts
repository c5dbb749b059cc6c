import type { ColumnMapping, Input, OnBad, ValueMap } from '../config/mapping.ts';
import type { RowCode } from '../errors/row-codes.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import { standIn } from '../flow/stand-in.ts';
import { TRANSFORMS } from './transforms.ts';

/** From a record's values to one cell. Compiled once a mapping: nothing is looked up or interpreted per record. */
export type CellReader = (values: readonly string[], report: CellReport) => CellValue;

/**
 * Compiles the path of one value: input, transforms, map, null policy.
 * @param name  `table.column`, for reports
 */
export function compileCell(name: string, column: ColumnMapping, input: Input): CellReader {
  const read = compileInput(input);
  const transforms = column.transforms.map((call) => {
    const factory = TRANSFORMS[call.name];
    if (factory === undefined) throw new RangeError(`transform ${call.name} passed lint and is not built in`);
    return factory(call.args);
  });
  const field = input.kind === 'fields' ? (input.paths[0] ?? null) : null;
  const map = column.map === null ? null : compileMap(column.map);
  const onUnknown = badValue(column.onUnknown, column, field, name);
  const blank = standIn(column.onNull === 'write' ? 'null' : column.onNull, column.column.default);
  // Bound once and pointed at the report of the moment: a closure a value would be garbage a value.
  let current: CellReport | null = null;
  const warn = (code: RowCode): void => current?.warn(code, name);

  return (values, report) => {
    let value = read(values);
    if (transforms.length > 0) {
      current = report;
      for (const transform of transforms) value = transform(value, warn);
    }
    if (value === null) return blank;
    if (map === null) return value;
    return map(value) ?? onUnknown('INVALID_ENUM', report);
  };
}

function compileInput(input: Input): (values: readonly string[]) => string | null {
  if (input.kind === 'constant') {
    const { value } = input;
    return () => value;
  }
  if (input.kind !== 'fields') throw new RangeError(`this version does not read ${input.kind} yet`);
  const [first, ...others] = input.indexes;
  if (first === undefined) throw new RangeError('an input without fields passed the schema');
  if (others.length === 0) return (values) => values[first] || null;
  return (values) => {
    for (const index of input.indexes) {
      const value = values[index];
      if (value !== undefined && value.trim() !== '') return value;
    }
    return null;
  };
}

function compileMap(map: ValueMap): (value: string) => string | undefined {
  // A Map and not the object: a value named `constructor` is data like any other.
  const values = new Map(Object.entries(map.values));
  return map.ignoreCase ? (value) => values.get(value.trim().toLowerCase()) : (value) => values.get(value);
}

/** What stands in for a value that cannot be taken, by the column's policy. */
function badValue(policy: OnBad, column: ColumnMapping, field: string | null, name: string) {
  return (code: RowCode, report: CellReport): CellValue => {
    if (policy === 'quarantine') {
      report.reject(code, name, field);
      return null;
    }
    report.warn(code, name);
    return standIn(policy, column.column.default);
  };
}
