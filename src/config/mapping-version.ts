import { createHash } from 'node:crypto';
import type { FunctionCatalogue } from './functions.ts';
import { isRecord } from './is-record.ts';
import type { ColumnMapping, Input, Mapping, TableMapping } from './mapping.ts';
import { stampField } from './stamp-field.ts';
import type { ColumnValue } from './table.ts';

type Deciding = Pick<Mapping, 'source' | 'lookups' | 'tables' | 'skipWhen' | 'rules'>;

const PART_DIGITS = 12;
const VERSION_DIGITS = 16;

/**
 * A short hash of each part of what decides what a record becomes, by a name for people. Parts that say nothing are
 * left out, so that adding the first rule reads as a new part.
 */
export function mappingParts(
  { source, lookups, tables, skipWhen, rules }: Deciding,
  functions: FunctionCatalogue,
): Readonly<Record<string, string>> {
  const query = {
    object: source.object,
    // Line breaks and indentation are for people.
    soql: source.soql.replaceAll(/\s+/gu, ' ').trim(),
    fields: source.fields,
    file: source.file,
  };
  const lists = Object.entries({ lookups, skip_when: skipWhen, rules }).filter(([, list]) => list.length > 0);
  const stamp = stampField(source);
  // What most mappings have says nothing.
  const isUsual = source.file !== null || stamp?.toLowerCase() === 'systemmodstamp';
  const parts: readonly (readonly [string, unknown])[] = [
    ['query', query],
    ...(isUsual ? [] : [['stamp', stamp] as const]),
    ...tables.flatMap(tableParts),
    ...lists,
  ];
  return Object.fromEntries(parts.map(([name, part]) => [name, partHash(part, functions)]));
}

/**
 * Changes with everything that decides what a record becomes, and with nothing else: 16 hex digits. In which order the
 * columns of a root or an extension stand decides nothing.
 */
export function versionOf(parts: Readonly<Record<string, string>>): string {
  const named = Object.entries(parts).map(([name, part]) => `${name} ${part}\n`);
  return shortHash(named.toSorted().join(''), VERSION_DIGITS);
}

function partHash(part: unknown, functions: FunctionCatalogue): string {
  const text = JSON.stringify(part, withoutPlaces);
  return shortHash(text + fingerprints(text, functions), PART_DIGITS);
}

function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** Where a thing stands in its file decides nothing. */
function withoutPlaces(_key: string, value: unknown): unknown {
  return isRecord(value) && isPosition(value) ? undefined : value;
}

function isPosition(value: Readonly<Record<string, unknown>>): boolean {
  const { file, line, column, ...more } = value;
  const placed = typeof file === 'string' && typeof line === 'number' && typeof column === 'number';
  return placed && Object.keys(more).length === 0;
}

/** What the functions that are called do, as their plugins have it at present. */
function fingerprints(text: string, { all }: FunctionCatalogue): string {
  const called = all.filter(({ name }) => text.includes(JSON.stringify(name)));
  return JSON.stringify(called.map(({ name, fingerprint }) => [name, fingerprint]));
}

function tableParts(mapped: TableMapping): readonly (readonly [string, unknown])[] {
  const { name } = mapped.table;
  const columns = mapped.columns.map((column, place): readonly [string, unknown] => [
    `column ${name}.${column.column.name}`,
    [column, ...mapped.each.flatMap((entry) => entry.columns[place] ?? [])].map(columnPart),
  ]);
  return [[`table ${name}`, tablePart(mapped)], ...columns];
}

function tablePart(mapped: TableMapping): unknown {
  const { table, role, key, match, adopt, unmatched, leave, prefer, parent, list, set, whenEmpty } = mapped;
  return [
    [table.name, table.primaryKey, role, key, match, adopt, unmatched],
    leave.map(valuePart),
    prefer.map(({ column, ...rule }) => [column.name, rule]),
    // An expression of a child sees its columns that stand before it, and they hide those of the record.
    [parent, mapped.each.length, role === 'child' ? mapped.columns.map(({ column }) => column.name) : []],
    [list, set, whenEmpty, mapped.skipWhen, mapped.skipWhenBlank, mapped.onePrimary],
  ];
}

function columnPart(mapped: ColumnMapping): unknown {
  const { column, input, split, transforms, map, required, format, check, nowWhen, link, lookup } = mapped;
  const { name, type, required: notNull, default: fallback, references, check: range } = column;
  const { onNull, onUnknown, onInvalid, write, onConflict } = mapped;
  return [
    [name, type, notNull, fallback, references?.table, references?.column, range],
    [inputPart(input), split],
    transforms,
    map === null ? null : [Object.entries(map.values), map.ignoreCase],
    [required, format, check, onNull, onUnknown, onInvalid, write, onConflict],
    nowWhen === null ? null : [nowWhen.becomes.map(valuePart), nowWhen.from.map(valuePart)],
    link,
    lookup,
  ];
}

/** Which fields, not where in the query they stand: one more of them changes no other column. */
function inputPart(input: Input): unknown {
  if (input.kind === 'first_of') return input.alternatives.map((way) => ({ ...way, input: inputPart(way.input) }));
  if (!('indexes' in input)) return input;
  const { indexes: _, ...fields } = input;
  return fields;
}

function valuePart({ column, value }: ColumnValue): unknown {
  return [column.name, value];
}
