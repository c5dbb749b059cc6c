import type { Mapping } from '../config/mapping.ts';
import type { KeptRecord } from '../flow/kept-record.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { lineOf } from './csv-line.ts';
import { layoutOf, layoutOfFile, LineRecord } from './source-record.ts';

/** Records that must be asked for at their source, because what was kept of them is not enough. */
export type ToRead = (sourceId: string) => void;

/**
 * Gives records as they were kept, as if they had just been read: with today's fields, and with the hash that they would
 * have had then. Each page is a slice of its own.
 * @param kept  in pages of at most a batch
 * @param toRead  told of records that were not kept, or lack a field that the mapping selects now
 */
export async function* quarantineReader(
  mapping: Pick<Mapping, 'source' | 'version'>,
  kept: AsyncIterable<readonly KeptRecord[]>,
  toRead: ToRead,
): AsyncGenerator<SourceBatch, void, undefined> {
  const { source, version } = mapping;
  const { fields } = source;
  const layout = source.file === null ? layoutOf(fields, version) : layoutOfFile(fields, version);
  let ordinal = 0;
  for await (const page of kept) {
    ordinal += 1;
    const records: LineRecord[] = [];
    for (const { sourceId, record } of page) {
      const values = record === null ? null : valuesUnder(fields, record, source.file === null);
      const found = values === null ? null : new LineRecord(lineOf(values), layout, null, idFor(source, sourceId));
      if (found === null || found.id !== sourceId) toRead(sourceId);
      else records.push(found);
    }
    yield { slice: { kind: 'quarantine', ordinal, job: null, locator: null }, fields, records, last: true };
  }
}

/** A line of a file is named by columns that need not be among its fields. */
function idFor({ file }: Mapping['source'], sourceId: string): string | undefined {
  return file === null ? undefined : sourceId;
}

/** @returns null when a field is not there. @param anyCase  SOQL does not mind case, a file does */
function valuesUnder(
  fields: readonly string[],
  record: Readonly<Record<string, string>>,
  anyCase: boolean,
): readonly string[] | null {
  const exact = fields.map((field) => (Object.hasOwn(record, field) ? record[field] : undefined));
  if (isWhole(exact)) return exact;
  if (!anyCase) return null;
  const byName = new Map(Object.entries(record).map(([field, value]) => [field.toLowerCase(), value]));
  const found = fields.map((field) => byName.get(field.toLowerCase()));
  return isWhole(found) ? found : null;
}

function isWhole(values: readonly (string | undefined)[]): values is readonly string[] {
  return !values.includes(undefined);
}
