import type { ColumnMapping, TableMapping } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import { isUnique } from '../config/check-references.ts';
import { type Column, soleKey } from '../config/table.ts';
import { misfit } from '../config/value-fits.ts';
import { columnPath, type LintedMapping, writtenColumn } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** Each column of a mapping against its table file: filled, fitting, found again. */
export function columnProblems(linted: LintedMapping): readonly Problem[] {
  return linted.mapping.tables.flatMap((mapped) => [
    ...unfilled(linted, mapped),
    ...ambiguousKey(linted, mapped),
    ...mapped.columns.flatMap((column) => [
      ...misfitConstant(linted, mapped, column),
      ...misfitMap(linted, mapped, column),
      ...missingDefault(linted, mapped, column),
      ...longTruncate(linted, mapped, column),
      ...idlePolicy(linted, mapped, column),
    ]),
  ]);
}

function unfilled({ file }: LintedMapping, { table, columns, parent, role }: TableMapping): readonly Problem[] {
  const filled = new Set(columns.map(({ column }) => column.name));
  const byEngine = (column: Column): boolean =>
    column.generated ||
    column.dbDefault !== undefined ||
    column.touch !== null ||
    column.name === parent?.column ||
    (role === 'extension' && column.name === soleKey(table));
  return table.columns
    .filter((column) => column.required && column.default === null && !byEngine(column) && !filled.has(column.name))
    .map(({ name }) =>
      finding(
        'unfilled-column',
        file.yaml.keyAt(['tables', table.name]),
        `"${table.name}.${name}" is required and has no default, and this mapping does not fill it.`,
        `Add ${name} to the columns, or a default to ${table.file}.`,
      ),
    );
}

function ambiguousKey({ file }: LintedMapping, { table, key, role }: TableMapping): readonly Problem[] {
  if (role !== 'root') return [];
  const unique =
    key.some((name) => isUnique(table, name)) || table.unique.some((set) => set.every((name) => key.includes(name)));
  const where = file.yaml.at(['tables', table.name, 'key']);
  const said = `Several rows of "${table.name}" may have the same ${key.join(', ')}.`;
  return unique ? [] : [finding('key-not-unique', where, said, `Mark it unique in ${table.file}.`)];
}

function misfitConstant(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  const { yaml } = linted.file;
  const path = columnPath(mapped, column);
  const places =
    mapped.role === 'child'
      ? mapped.each.map((entry, index) => ({
          input: entry.columns[mapped.columns.indexOf(column)]?.input,
          path: ['tables', mapped.table.name, 'each', index, column.column.name],
        }))
      : [{ input: column.input, path: [...path, 'value'] }];
  // What transforms and maps make of a constant is theirs to answer for.
  if (column.transforms.length > 0 || column.map !== null) return [];
  return places.flatMap(({ input, path: place }) => {
    if (input?.kind !== 'constant') return [];
    if (input.value === null) {
      const wrong = column.column.required || column.required;
      return wrong
        ? [finding('value-misfit', yaml.at(place), `"${column.column.name}" is required, so it cannot be null.`)]
        : [];
    }
    const reason = misfit(input.value, column.column);
    return reason === null
      ? []
      : [finding('value-misfit', yaml.at(place), `The value of "${column.column.name}" ${reason}.`)];
  });
}

function misfitMap(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  const { map } = column;
  if (map === null) return [];
  const wrong = Object.values(map.values).flatMap((value) => {
    const reason = misfit(value, column.column);
    return reason === null ? [] : [{ value, reason }];
  });
  const place = linted.file.yaml.at([...columnPath(mapped, column), 'map']);
  return [...new Map(wrong.map((one) => [one.value, one])).values()].map(({ value, reason }) =>
    finding(
      'value-misfit',
      place,
      `The map "${map.name}" gives "${value}", which ${reason}.`,
      `Correct the map, or ${mapped.table.file}.`,
    ),
  );
}

function missingDefault(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  if (column.column.default !== null) return [];
  const policies = { on_null: column.onNull, on_unknown: column.onUnknown, on_invalid: column.onInvalid };
  return Object.entries(policies)
    .filter(([, policy]) => policy === 'default')
    .map(([key]) =>
      finding(
        'default-missing',
        linted.file.yaml.at([...columnPath(mapped, column), key]),
        `\`${key}: default\`, but "${mapped.table.name}.${column.column.name}" has no default.`,
        `Add one in ${mapped.table.file}.`,
      ),
    );
}

function longTruncate(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  const { type } = column.column;
  if (type.kind !== 'string') return [];
  return column.transforms.flatMap(({ name, args }, index) => {
    const length = args['length'];
    if (name !== 'truncate' || typeof length !== 'number' || length <= type.length) return [];
    const place = linted.file.yaml.at([...columnPath(mapped, column), 'transform', index, 'truncate', 'length']);
    return [
      finding('truncate-too-long', place, `truncate keeps ${length} characters, the column holds ${type.length}.`),
    ];
  });
}

function idlePolicy(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  const written = writtenColumn(linted, mapped, column);
  if (written === null) return [];
  const at = (key: string) => linted.file.yaml.keyAt([...columnPath(mapped, column), key]);
  return [
    ...(written.map === undefined && written.on_unknown !== 'quarantine'
      ? [finding('policy-without-effect', at('on_unknown'), 'Nothing is unknown without a `map`.')]
      : []),
    ...(written.link === undefined && written.on_missing !== 'wait'
      ? [finding('policy-without-effect', at('on_missing'), 'Nothing can be missing without a `link`.')]
      : []),
  ];
}
