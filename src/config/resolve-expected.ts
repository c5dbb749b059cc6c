import { ROW_CODES } from '../errors/row-codes.ts';
import { cellName } from './cells.ts';
import type { CheckedFile } from './checked-file.ts';
import type { ExpectedOutcome, ExpectedRefusal, ExpectedRow, ExpectedTable, ExpectedValue } from './mapping-case.ts';
import type { Mapping, TableMapping } from './mapping.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { CasesFile, WrittenCase, WrittenValues } from './schema/cases.ts';
import type { YamlPath } from './yaml-file.ts';

/** Where a case stands, and what its names are held against. */
export interface CaseContext {
  readonly file: CheckedFile<CasesFile>;
  readonly mapping: Mapping;
  /** Of the case in its file. */
  readonly index: number;
  readonly sink: ProblemSink;
}

export function resolveExpected(written: WrittenCase, context: CaseContext): ExpectedOutcome {
  const { file, mapping, index, sink } = context;
  const { rows, skipped, quarantined, warnings } = written;
  const path: YamlPath = ['cases', index];
  const ends = (['rows', 'skipped', 'quarantined'] as const).filter((key) => written[key] !== undefined);
  if (ends.length > 1) {
    const said = `A record ends in one way: keep one of ${ends.map((key) => `\`${key}\``).join(' and ')}.`;
    sink.report('case-expects', file.yaml.keyAt([...path, ends[1] ?? '']), said);
  }
  if (ends.length === 0 && warnings === undefined) {
    const hint = 'Add `rows`, `skipped`, `quarantined` or `warnings`.';
    sink.report('case-expects', file.yaml.at([...path, 'name']), 'The case expects nothing.', hint);
  }
  const reasons = mapping.skipWhen.map(({ name }) => name);
  if (skipped !== undefined && !reasons.includes(skipped)) {
    const said = `The mapping has no \`skip_when\` named "${skipped}".`;
    sink.report('case-expects', file.yaml.at([...path, 'skipped']), said, didYouMean(skipped, reasons));
  }
  for (const [place, warning] of (warnings ?? []).entries()) {
    checkWarning(warning, [...path, 'warnings', place], context);
  }
  return {
    rows: namedEntries(rows ?? {}).flatMap(([table, given]) => resolveTable(table, given, context) ?? []),
    skipped: skipped ?? null,
    quarantined: quarantined === undefined ? null : resolveRefusal(quarantined, context),
    warnings: warnings ?? null,
  };
}

type WrittenRows = NonNullable<WrittenCase['rows']>[string];

function resolveTable(name: string, given: WrittenRows, context: CaseContext): ExpectedTable | null {
  const { file, mapping, index, sink } = context;
  const path: YamlPath = ['cases', index, 'rows', name];
  const table = mapping.tables.find((one) => one.table.name === name);
  const position = file.yaml.keyAt(path);
  if (table === undefined) {
    const known = mapping.tables.map((one) => one.table.name);
    sink.report('case-row', position, `The mapping fills no table "${name}".`, didYouMean(name, known));
    return null;
  }
  if (Array.isArray(given) && table.role !== 'child') {
    sink.report('case-row', position, `A record has one row in "${name}": write it without a list.`);
  }
  const rows: readonly (readonly [YamlPath, WrittenValues])[] = Array.isArray(given)
    ? given.map((row, place) => [[...path, place], row])
    : [[path, given]];
  return {
    table: name,
    list: table.role === 'child',
    rows: rows.map(([at, row]) => resolveRow(row, at, table, context)),
    position,
  };
}

function resolveRow(row: WrittenValues, path: YamlPath, table: TableMapping, { file, sink }: CaseContext): ExpectedRow {
  const columns = table.columns.map(({ column }) => column.name);
  return {
    values: namedEntries(row).map(([column, value]) => {
      const position = file.yaml.keyAt([...path, column]);
      if (!columns.includes(column)) {
        const said = `The mapping does not fill "${table.table.name}.${column}".`;
        sink.report('case-row', position, said, didYouMean(column, columns));
      }
      return { column, value: expectedValue(value), position };
    }),
  };
}

function expectedValue(value: WrittenValues[string]): ExpectedValue {
  if (Array.isArray(value)) return value.map(String);
  return value === null ? null : String(value);
}

function resolveRefusal(written: NonNullable<WrittenCase['quarantined']>, context: CaseContext): ExpectedRefusal {
  const { file, index } = context;
  const path: YamlPath = ['cases', index, 'quarantined'];
  const given: Exclude<typeof written, string> = typeof written === 'string' ? { code: written } : written;
  const at = typeof written === 'string' ? path : [...path, 'code'];
  const { code, column = null, rule = null } = given;
  checkCode(code, at, context);
  if (column !== null && !columnNames(context.mapping).includes(column)) {
    const said = `The mapping does not fill "${column}".`;
    const hint = didYouMean(column, columnNames(context.mapping));
    context.sink.report('case-expects', file.yaml.at([...path, 'column']), said, hint);
  }
  return { code, column, rule };
}

function checkWarning(warning: string, path: YamlPath, context: CaseContext): void {
  const { file, mapping, sink } = context;
  const [code = '', place = ''] = warning.split(' ', 2);
  if (!checkCode(code, path, context)) return;
  const known = [...columnNames(mapping), ...mapping.rules.map(({ name }) => name)];
  if (known.includes(place)) return;
  const said = `There is no column and no rule "${place}" in the mapping.`;
  sink.report('case-expects', file.yaml.at(path), said, didYouMean(place, known));
}

function checkCode(code: string, path: YamlPath, { file, sink }: CaseContext): boolean {
  if (Object.hasOwn(ROW_CODES, code)) return true;
  sink.report(
    'case-expects',
    file.yaml.at(path),
    `There is no code "${code}".`,
    didYouMean(code, Object.keys(ROW_CODES)),
  );
  return false;
}

function columnNames(mapping: Mapping): readonly string[] {
  return mapping.tables.flatMap((table) => table.columns.map((column) => cellName(table, column)));
}
