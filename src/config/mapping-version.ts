import { createHash } from 'node:crypto';
import type { FunctionCatalogue } from './functions.ts';
import { isRecord } from './is-record.ts';
import type { ColumnMapping, ColumnValue, Mapping, TableMapping } from './mapping.ts';

type Deciding = Pick<Mapping, 'source' | 'lookups' | 'tables' | 'skipWhen' | 'rules'>;

/** Changes with everything that decides what a record becomes, and with nothing else: 16 hex digits. */
export function mappingVersion(
  { source, lookups, tables, skipWhen, rules }: Deciding,
  functions: FunctionCatalogue,
): string {
  const decides = {
    object: source.object,
    // Line breaks and indentation are for people.
    soql: source.soql.replaceAll(/\s+/gu, ' ').trim(),
    fields: source.fields,
    file: source.file,
    lookups,
    tables: tables.map(tablePart),
    skipWhen,
    rules,
  };
  const text = JSON.stringify(decides, withoutPlaces);
  return createHash('sha256').update(text).update(fingerprints(text, functions)).digest('hex').slice(0, 16);
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

function tablePart(mapped: TableMapping): unknown {
  const { table, role, key, match, adopt, unmatched, leave, prefer, parent, each, list, set, whenEmpty } = mapped;
  return [
    [table.name, table.primaryKey, role, key, match, adopt, unmatched],
    leave.map(valuePart),
    prefer.map(({ column, ...rule }) => [column.name, rule]),
    mapped.columns.map(columnPart),
    parent,
    each.map(({ columns }) => columns.map(columnPart)),
    [list, set, whenEmpty, mapped.skipWhen, mapped.skipWhenBlank, mapped.onePrimary],
  ];
}

function columnPart(mapped: ColumnMapping): unknown {
  const { column, input, split, transforms, map, required, format, check, nowWhen, link, lookup } = mapped;
  const { name, type, required: notNull, default: fallback, references, check: range } = column;
  const { onNull, onUnknown, onInvalid, write, onConflict } = mapped;
  return [
    [name, type, notNull, fallback, references?.table, references?.column, range],
    [input, split],
    transforms,
    map === null ? null : [Object.entries(map.values), map.ignoreCase],
    [required, format, check, onNull, onUnknown, onInvalid, write, onConflict],
    nowWhen === null ? null : [nowWhen.becomes.map(valuePart), nowWhen.from.map(valuePart)],
    link,
    lookup,
  ];
}

function valuePart({ column, value }: ColumnValue): unknown {
  return [column.name, value];
}
