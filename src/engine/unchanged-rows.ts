import type { Mapping } from '../config/mapping.ts';
import { NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';

/** The rows of records that were not looked at: one in the root and each extension; of children nobody knows. */
export function unchangedRows(mapping: Mapping, records: number): Record<string, TableCounts> {
  const rows = mapping.tables.filter(({ role }) => role !== 'child');
  return Object.fromEntries(rows.map(({ table }) => [table.name, { ...NO_TABLE_COUNTS, unchanged: records }]));
}
