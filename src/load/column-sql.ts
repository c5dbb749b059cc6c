import type { Column, ColumnType, ColumnValue } from '../config/table.ts';
import { quoteName, quoteText } from '../database/quote.ts';

/**
 * The type that a staged value has: wide enough for anything that validation lets through. An existing database's own
 * type (an enum, citext) reads its values itself and is compared with itself. But a time without a zone would drop the
 * zone that the text has: such a column is staged with one, and the session, which is UTC, writes and compares it so.
 */
export function stageType(type: ColumnType): string {
  if (type.dbType !== undefined && type.kind !== 'timestamp') return type.dbType;
  switch (type.kind) {
    case 'string':
    case 'text':
    case 'enum':
      return 'text';
    case 'integer':
      return 'integer';
    case 'bigint':
      return 'bigint';
    case 'numeric':
      return 'numeric';
    case 'float':
      return 'double precision';
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'timestamp':
      return 'timestamptz';
    case 'json':
      return 'jsonb';
    case 'uuid':
      return 'uuid';
  }
}

/** A staged value as its column holds it, so that one that was rounded on its way in does not differ for ever after. */
export function asWritten(value: string, { kind, dbType }: ColumnType): string {
  return kind === 'timestamp' && dbType !== undefined ? `${value}::${dbType}` : value;
}

/** A constant of the mapping as SQL. */
export function literal(value: string | null, type: ColumnType): string {
  return asWritten(`${value === null ? 'NULL' : quoteText(value)}::${stageType(type)}`, type);
}

/** What a new row gets in a column that the record leaves alone. */
export function defaultSql(column: Column): string {
  if (column.dbDefault !== undefined) return `(${column.dbDefault})::${stageType(column.type)}`;
  if (column.default === 'now' && column.type.kind === 'timestamp') return 'now()';
  return literal(column.default === null ? null : String(column.default), column.type);
}

/** True where the row under `alias` holds the value. */
export function holdsValue(alias: string, { column, value }: ColumnValue): string {
  const current = `${alias}.${quoteName(column.name)}`;
  return value === null ? `${current} IS NULL` : `${current} = ${literal(value, column.type)}`;
}
