import { createHash } from 'node:crypto';
import type { Mapping } from '../../src/config/mapping.ts';
import type { SourceBatch, SourceRecord } from '../../src/flow/source-batch.ts';

/** A record as the org would send it: fields that are not given are blank. */
function sourceRecord(mapping: Mapping, fields: Readonly<Record<string, string>>): SourceRecord {
  const values = mapping.source.fields.map((field) => fields[field] ?? '');
  const hash = createHash('sha256')
    .update(JSON.stringify([mapping.version, values]))
    .digest('hex')
    .slice(0, 32);
  return { id: fields['Id'] ?? '', values, hash, stamp: fields['SystemModstamp'] ?? '' };
}

export function sourceBatch(mapping: Mapping, records: readonly Readonly<Record<string, string>>[]): SourceBatch {
  return {
    slice: { kind: 'bulk_page', ordinal: 1, job: null, locator: null },
    fields: mapping.source.fields,
    records: records.map((fields) => sourceRecord(mapping, fields)),
    last: true,
  };
}

/** A valid 18-character id of an invented record. */
export function contactId(n: number): string {
  return `003000000${String(n).padStart(6, '0')}AAA`;
}
