import { createHash } from 'node:crypto';
import type { ColumnMapping, Mapping, TableMapping } from './mapping.ts';

/** Changes with everything that decides what a record becomes, and with nothing else: 16 hex digits. */
export function mappingVersion({ source, tables, rules }: Pick<Mapping, 'source' | 'tables' | 'rules'>): string {
  const decides = {
    object: source.object,
    // Line breaks and indentation are for people.
    soql: source.soql.replaceAll(/\s+/gu, ' ').trim(),
    fields: source.fields,
    tables: tables.map(tablePart),
    rules: rules.map(({ name, when, check, severity }) => [name, when, check, severity]),
  };
  return createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 16);
}

function tablePart({ table, role, key, columns, parent, each, skipWhenBlank, onePrimary }: TableMapping): unknown {
  return [table.name, table.primaryKey, role, key, columns.map(columnPart), parent, each, skipWhenBlank, onePrimary];
}

function columnPart(mapped: ColumnMapping): unknown {
  const { column, input, transforms, map, required, format, onNull, onUnknown, onInvalid, write, link } = mapped;
  const { name, type, required: notNull, default: fallback, references, check } = column;
  return [
    [name, type, notNull, fallback, references?.table, references?.column, check],
    input,
    transforms,
    map === null ? null : [Object.entries(map.values), map.ignoreCase],
    [required, format, onNull, onUnknown, onInvalid, write],
    link,
  ];
}
