import { columnLink } from './column-link.ts';
import { columnValues } from './column-values.ts';
import { reportUnknownColumn } from './find-column.ts';
import type { ColumnMapping, NowWhen, OnBad } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import { functionCall, transformCall } from './resolve-call.ts';
import type { MappingContext } from './resolve-context.ts';
import { resolveInput } from './resolve-input.ts';
import { resolveMap } from './resolve-map.ts';
import { COLUMN_MAPPING, type MappingFileColumn } from './schema/column-mapping.ts';
import { type Column, soleKey, type Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

/** What the short form leaves unsaid, as the schema has it. */
const { transform, required, on_null, on_unknown, on_invalid, write, on_conflict } = COLUMN_MAPPING.properties;
export const COLUMN_DEFAULTS: MappingFileColumn = {
  transform: [...transform.default],
  required: required.default,
  on_null: on_null.default,
  on_unknown: on_unknown.default,
  on_invalid: on_invalid.default,
  write: write.default,
  on_conflict: on_conflict.default,
};

const FORMATS = ['email', 'phone', 'url', 'salesforce_id'] as const;

export interface WrittenColumn {
  readonly table: Table;
  readonly name: string;
  readonly written: MappingFileColumn;
  readonly role: 'record' | 'child';
  readonly path: YamlPath;
  /** Where a setting stands: the field of the short form at the column itself, and some in an entry of `each`. */
  readonly pathOf: (key: string) => YamlPath;
  /** For the columns of a child whose value comes from `each`. */
  readonly inputElsewhere: boolean;
}

/** One column of a mapping; null when its table does not have it. */
export function resolveColumn(given: WrittenColumn, context: MappingContext): ColumnMapping | null {
  const { table, name, written, path, pathOf } = given;
  const { file } = context;
  const column = findColumn(given, context);
  if (column === null) return null;
  const plain = written.transform.length === 0 && written.map === undefined && written.link === undefined;
  const place = { table: table.name, column: name, path, pathOf, into: plain ? column : null };
  const input = resolveInput(written, place, context, given.inputElsewhere);
  const { format, check } = resolveFormat(given, context);
  reportSettings(given, column, context);
  return {
    column,
    ...columnLink({ ...given, column }, input, context),
    split: [written.split ?? []].flat(),
    transforms: written.transform.map((call, at) => transformCall(call, [...pathOf('transform'), at], context)),
    map:
      written.map === undefined
        ? null
        : resolveMap(written.map, { name: `${table.name}.${name}`, path: pathOf('map') }, context),
    required: written.required,
    format,
    check,
    onNull: written.on_null,
    onUnknown: policy(written.on_unknown),
    onInvalid: policy(written.on_invalid),
    write: written.write,
    onConflict: written.on_conflict,
    nowWhen: resolveNowWhen(given, context),
    position: file.yaml.at(path),
  };
}

function findColumn({ table, name, path }: WrittenColumn, context: MappingContext): Column | null {
  const { file, sink } = context;
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    reportUnknownColumn(table, name, file.yaml.keyAt(path), context);
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
    const said = `"${table.name}.${name}" ${reason}.`;
    sink.report('local-column', file.yaml.keyAt(path), said, 'Remove it from the mapping.');
  }
  return column;
}

/** A form that is built in, or with a dot in its name a check of a plugin. */
function resolveFormat(
  { written: { format }, pathOf }: WrittenColumn,
  context: MappingContext,
): Pick<ColumnMapping, 'format' | 'check'> {
  if (format === undefined) return { format: null, check: null };
  const path = pathOf('format');
  const builtIn = FORMATS.find((name) => name === format) ?? null;
  if (builtIn !== null) return { format: builtIn, check: null };
  if (typeof format === 'string' && !format.includes('.')) {
    const said = `"format" must be ${FORMATS.join(', ')}, or a check of a plugin.`;
    context.sink.report('wrong-value', context.file.yaml.at(path), said, didYouMean(format, FORMATS));
    return { format: null, check: null };
  }
  return { format: null, check: functionCall(format, 'check', path, context) };
}

function resolveNowWhen({ table, written, pathOf }: WrittenColumn, context: MappingContext): NowWhen | null {
  if (written.now_when === undefined) return null;
  const path = pathOf('now_when');
  const { becomes, from } = written.now_when;
  return {
    becomes: columnValues(becomes, table, [...path, 'becomes'], context),
    from: columnValues(from, table, [...path, 'from'], context),
  };
}

/** Settings that this column cannot have. */
function reportSettings(given: WrittenColumn, column: Column, { file, sink }: MappingContext): void {
  const { name, written, role, pathOf } = given;
  const wrong = (key: string, said: string, hint: string | null = null): void =>
    sink.report('column-setting', file.yaml.keyAt(pathOf(key)), said, hint);
  if (written.split !== undefined && role === 'record') {
    const hint = written.link === undefined ? null : 'Write first_of: [{ from: ..., split: ..., link: ... }].';
    wrong('split', `A record has one "${name}", so \`split\` has nowhere to put the items.`, hint);
  }
  if (written.split !== undefined && written.first_of !== undefined && role === 'child') {
    wrong('split', '`split` stands in the ways of `first_of`, where each may have its own.');
  }
  for (const [index, way] of (written.first_of ?? []).entries()) {
    if (way.split === undefined || way.link !== undefined || written.link !== undefined) continue;
    const place = file.yaml.keyAt([...pathOf('first_of'), index, 'split']);
    sink.report('column-setting', place, '`split` here tries one item after another, which only a `link` can tell.');
  }
  if (written.now_when !== undefined && column.type.kind !== 'date' && column.type.kind !== 'timestamp') {
    wrong('now_when', `\`now_when\` needs a date or a timestamp; "${name}" is neither.`);
  }
  if (role === 'record') return;
  if (written.now_when !== undefined) wrong('now_when', '`now_when` is for the columns of a record, not of a child.');
  if (written.on_conflict !== 'write') {
    wrong('on_conflict', '`on_conflict` is for the columns of a record, not of a child.');
  }
}

/** `null` may be written with or without quotes. */
function policy(written: 'quarantine' | 'null' | 'keep' | 'default' | null): OnBad {
  return written ?? 'null';
}
