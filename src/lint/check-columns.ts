import type { ColumnMapping, Input, Position, TableMapping } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import { alternatives, fillings, lastMaps, mapsOf } from '../config/column-inputs.ts';
import { type Column, soleKey, type Table } from '../config/table.ts';
import type { MappingFileColumn } from '../config/schema/column-mapping.ts';
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

function unfilled({ file }: LintedMapping, mapped: TableMapping): readonly Problem[] {
  const { table, columns, parent, role, unmatched } = mapped;
  // Rows that the mapping never makes need nothing from it.
  if (unmatched !== 'insert') return [];
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

function ambiguousKey({ file }: LintedMapping, { table, key, match, role }: TableMapping): readonly Problem[] {
  if (role !== 'root') return [];
  const path = ['tables', table.name];
  const keys = [
    { columns: key, at: [...path, 'key'] },
    ...match.map((columns, index) => ({ columns, at: [...path, 'match', index] })),
  ];
  return keys
    .filter(({ columns }) => !isUniqueSet(table, columns))
    .map(({ columns, at }) => {
      const said = `Several rows of "${table.name}" may have the same ${columns.join(', ')}.`;
      const hint =
        columns.length === 1
          ? `Mark it \`unique: true\` in ${table.file}.`
          : `Add \`unique: [[${columns.join(', ')}]]\` to ${table.file}.`;
      return finding('key-not-unique', file.yaml.at(at), said, hint);
    });
}

/** True when one row at most has these values. */
function isUniqueSet(table: Table, columns: readonly string[]): boolean {
  return [table.primaryKey, ...table.unique].some((set) => set.every((name) => columns.includes(name)));
}

function misfitConstant(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  const { yaml } = linted.file;
  const path = columnPath(mapped, column);
  const written = linted.file.value.tables[mapped.table.name];
  const inEach = (index: number): boolean => Object.hasOwn(written?.each?.[index] ?? {}, column.column.name);
  return fillings(mapped, column).flatMap((filling, index) => {
    const at = inEach(index) ? ['tables', mapped.table.name, 'each', index, column.column.name] : path;
    const ways = alternatives(filling).flatMap((way, place) => {
      const transforms = [...way.transforms, ...filling.transforms];
      const position = yaml.at([...at, 'first_of', place, 'value']);
      // A way that gives null is no value, and the next one is tried.
      return constantOf(way.input) === null ? [] : misfitInput({ ...filling, ...way, transforms }, position);
    });
    return [...misfitInput(filling, yaml.at([...at, 'value'])), ...ways];
  });
}

function constantOf(input: Input): string | null {
  return input.kind === 'constant' ? input.value : null;
}

/** What transforms and maps make of a constant is theirs to answer for; a link writes another value. */
function misfitInput(
  { column, required, input, transforms, map, link }: ColumnMapping,
  position: Position,
): readonly Problem[] {
  if (input.kind !== 'constant' || transforms.length > 0 || map !== null || link !== null) return [];
  if (input.value === null) {
    const wrong = column.required || required;
    return wrong ? [finding('value-misfit', position, `"${column.name}" is required, so it cannot be null.`)] : [];
  }
  const reason = misfit(input.value, column);
  return reason === null ? [] : [finding('value-misfit', position, `The value of "${column.name}" ${reason}.`)];
}

function misfitMap(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  // What a link looks up, or what is transformed in turn, need not fit the column.
  if (column.link !== null) return [];
  const place = linted.file.yaml.at([...columnPath(mapped, column), 'map']);
  const maps = new Map(
    fillings(mapped, column)
      .flatMap(lastMaps)
      .map((map) => [map.name, map]),
  );
  return [...maps.values()].flatMap((map) =>
    [...new Set(Object.values(map.values))].flatMap((value) => {
      const reason = misfit(value, column.column);
      const said = `The map "${map.name}" gives "${value}", which ${reason ?? ''}.`;
      return reason === null ? [] : [finding('value-misfit', place, said, `Correct the map, or ${mapped.table.file}.`)];
    }),
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

/** A link whose parent could not be resolved is told where it stands, and is none of the column's by then. */
function isLinked({ link, first_of }: MappingFileColumn): boolean {
  return link !== undefined || (first_of ?? []).some((way) => way.link !== undefined);
}

function idlePolicy(linted: LintedMapping, mapped: TableMapping, column: ColumnMapping): readonly Problem[] {
  const written = writtenColumn(linted, mapped, column);
  if (written === null) return [];
  const at = (key: string) => linted.file.yaml.keyAt([...columnPath(mapped, column), key]);
  const maps = fillings(mapped, column).flatMap(mapsOf);
  return [
    ...(maps.length === 0 && written.on_unknown !== 'quarantine'
      ? [finding('policy-without-effect', at('on_unknown'), 'Nothing is unknown without a `map`.')]
      : []),
    ...(column.link === null && !isLinked(written) && written.on_missing !== undefined
      ? [finding('policy-without-effect', at('on_missing'), 'Nothing can be missing without a `link`.')]
      : []),
    ...(column.link?.onMissing !== 'create' && written.create !== undefined
      ? [finding('policy-without-effect', at('create'), 'Nothing is created without `on_missing: create`.')]
      : []),
  ];
}
