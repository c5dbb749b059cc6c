import type { ColumnMapping, Input, OnBad, TransformCall, ValueMap } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import { constantInput, fieldsInput, type MappingContext } from './resolve-context.ts';
import { resolveLink } from './resolve-link.ts';
import { COLUMN_MAPPING, type MappingFileColumn } from './schema/column-mapping.ts';
import { type Column, soleKey, type Table } from './table.ts';
import { argumentProblems, transformSpec, TRANSFORM_NAMES } from './transform-names.ts';
import type { YamlPath } from './yaml-file.ts';

/** What the short form leaves unsaid, as the schema has it. */
const { transform, required, on_null, on_unknown, on_invalid, on_missing, write } = COLUMN_MAPPING.properties;
export const COLUMN_DEFAULTS: MappingFileColumn = {
  transform: [...transform.default],
  required: required.default,
  on_null: on_null.default,
  on_unknown: on_unknown.default,
  on_invalid: on_invalid.default,
  on_missing: on_missing.default,
  write: write.default,
};

export interface WrittenColumn {
  readonly table: Table;
  readonly name: string;
  readonly written: MappingFileColumn;
  readonly path: YamlPath;
  /** Where the field stands: the column itself in the short form. */
  readonly fromPath: YamlPath;
  /** For the columns of a child whose value comes from `each`. */
  readonly inputElsewhere: boolean;
}

/** One column of a mapping; null when its table does not have it. */
export function resolveColumn(
  { table, name, written, path, fromPath, inputElsewhere }: WrittenColumn,
  context: MappingContext,
): ColumnMapping | null {
  const { file, sink } = context;
  const column = findColumn(table, name, path, context);
  if (column === null) return null;
  for (const key of ['expr', 'use'] as const) {
    if (written[key] !== undefined)
      sink.report('not-yet', file.yaml.keyAt([...path, key]), `This version does not have \`${key}\` yet.`);
  }
  const input = ownInput({ written, path, fromPath, inputElsewhere }, context);
  return {
    column,
    input,
    split: [],
    transforms: written.transform.map((call, index) => transformCall(call, [...path, 'transform', index], context)),
    map: written.map === undefined ? null : valueMap(written.map, { table, name, path }, context),
    required: written.required,
    format: written.format ?? null,
    check: null,
    onNull: written.on_null,
    onUnknown: policy(written.on_unknown),
    onInvalid: policy(written.on_invalid),
    write: written.write,
    onConflict: 'write',
    nowWhen: null,
    link: written.link === undefined ? null : resolveLink({ column, table, written, path }, context),
    lookup: 0,
    position: file.yaml.at(path),
  };
}

function findColumn(table: Table, name: string, path: YamlPath, { file, sink }: MappingContext): Column | null {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const suggestion = didYouMean(
      name,
      table.columns.map((other) => other.name),
    );
    sink.report(
      'unknown-column',
      file.yaml.keyAt(path),
      `The table "${table.name}" has no column "${name}".`,
      suggestion,
    );
    return null;
  }
  const reason =
    column.owner === 'local'
      ? 'has `owner: local`: imports never touch it'
      : column.touch !== null
        ? 'has `touch`: Sluice writes it by itself'
        : column.generated
          ? 'is generated: the database numbers it'
          : table.extends !== null && name === soleKey(table)
            ? `comes from the table "${table.extends}"`
            : null;
  if (reason !== null) {
    sink.report(
      'local-column',
      file.yaml.keyAt(path),
      `"${table.name}.${name}" ${reason}.`,
      'Remove it from the mapping.',
    );
  }
  return column;
}

function ownInput(
  { written, path, fromPath, inputElsewhere }: Pick<WrittenColumn, 'written' | 'path' | 'fromPath' | 'inputElsewhere'>,
  context: MappingContext,
): Input {
  const { file, sink } = context;
  const given = (['from', 'value', 'expr', 'use'] as const).filter((key) => Object.hasOwn(written, key));
  const name = String(path.at(-1));
  if (given.length === 0 && !inputElsewhere) {
    sink.report(
      'column-input',
      file.yaml.keyAt(path),
      `"${name}" takes its value from nowhere.`,
      'Add `from` or `value`.',
    );
  }
  if (given.length > 1) {
    const said = `"${name}" takes its value from ${given.map((key) => `\`${key}\``).join(' and ')}: keep one.`;
    sink.report('column-input', file.yaml.keyAt([...path, given[1] ?? '']), said);
  }
  if (written.from !== undefined) return fieldsInput([written.from].flat(), fromPath, context);
  return constantInput(written.value ?? null);
}

function transformCall(
  call: MappingFileColumn['transform'][number],
  path: YamlPath,
  { file, sink }: MappingContext,
): TransformCall {
  const [name = '', given = null] = typeof call === 'string' ? [call] : (Object.entries(call)[0] ?? []);
  const args = given ?? {};
  const spec = transformSpec(name);
  if (spec === null) {
    const place = typeof call === 'string' ? file.yaml.at(path) : file.yaml.keyAt([...path, name]);
    sink.report(
      'unknown-transform',
      place,
      `There is no transform "${name}".`,
      didYouMean(name, Object.keys(TRANSFORM_NAMES)),
    );
    return { name, args };
  }
  for (const { argument, message, suggestion } of argumentProblems(spec, args)) {
    const place = argument === null ? file.yaml.at(path) : file.yaml.keyAt([...path, name, argument]);
    sink.report('transform-arguments', place, `${name}: ${message}`, suggestion);
  }
  return { name, args };
}

function valueMap(
  written: NonNullable<MappingFileColumn['map']>,
  { table, name, path }: { readonly table: Table; readonly name: string; readonly path: YamlPath },
  { maps, file, sink }: MappingContext,
): ValueMap | null {
  if (typeof written !== 'string') {
    return { name: `${table.name}.${name}`, values: foldValues(written, false), ignoreCase: false };
  }
  const map = maps.get(written);
  if (map === undefined) {
    sink.report(
      'unknown-map',
      file.yaml.at([...path, 'map']),
      `There is no map "${written}".`,
      didYouMean(written, maps.keys()),
    );
    return null;
  }
  return map;
}

/** Values by their source value, folded where case does not count. */
export function foldValues(
  written: Readonly<Record<string, string | number | boolean>>,
  ignoreCase: boolean,
): Readonly<Record<string, string>> {
  const fold = (key: string): string => (ignoreCase ? key.trim().toLowerCase() : key);
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [fold(key), String(value)]));
}

/** `null` may be written with or without quotes. */
function policy(written: 'quarantine' | 'null' | 'keep' | 'default' | null): OnBad {
  return written ?? 'null';
}
