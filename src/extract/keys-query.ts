import type { Mapping } from '../config/mapping.ts';
import { stampField } from '../config/stamp-field.ts';
import type { KeyColumn, OrgKeys } from '../flow/org-key.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withFields, withOrderBy } from '../soql/rewrite.ts';

/** What is read beside the keys, so that records which a rule leaves out can be told from lost ones. */
export interface LeavesOut {
  readonly fields: readonly string[];
  readonly leavesOut: (record: SourceRecord) => boolean;
}

/** The field that tells when a record was changed, as the ledger keeps it, or else the cursor; null where there is none. */
export function keyStamp({ incremental, source }: Pick<Mapping, 'incremental' | 'source'>): string | null {
  const cursor = incremental?.cursor.toLowerCase();
  return stampField(source) ?? source.fields.find((field) => field.toLowerCase() === cursor) ?? null;
}

/** The mapping as one that reads the same records, but only their ids and stamps and what `rule` needs. */
export function keysMapping(mapping: Mapping, rule: LeavesOut | null): Mapping {
  const { source } = mapping;
  const wanted = [...(rule?.fields ?? []), 'Id', keyStamp(mapping) ?? 'Id'];
  const fields = wanted.filter((field, place) => placeOf(field, wanted) === place);
  const query = parseSoql(source.soql);
  const selected = withFields(query, fields);
  // An order costs the org time; but of a limited query it decides which records are meant.
  const soql = formatSoql(query.limit === null ? withOrderBy(selected, null) : selected);
  return { ...mapping, version: '', source: { ...source, soql, fields } };
}

/** What the fields of {@link keysMapping} are where it has no rule. */
export function keyFields(mapping: Mapping): ReadonlyMap<string, KeyColumn> {
  const stamp = keyStamp(mapping);
  return new Map<string, KeyColumn>([['Id', 'source_id'], ...(stamp === null ? [] : [[stamp, 'stamp'] as const])]);
}

/** Reads keys from batches of {@link keysMapping}. */
export function keysOf(mapping: Mapping, rule: LeavesOut | null): (batch: SourceBatch) => OrgKeys {
  const { fields } = keysMapping(mapping, rule).source;
  const stamp = keyStamp(mapping);
  const stampAt = stamp === null ? -1 : placeOf(stamp, fields);
  const line = (record: SourceRecord): string =>
    `${record.id},${stampAt === -1 ? '' : (record.values[stampAt] ?? '')},${rule?.leavesOut(record) === true ? 't' : 'f'}\n`;
  return ({ records }) => ({
    csv: records.map(line).join(''),
    columns: ['source_id', 'stamp', 'left_out'],
    mayRepeat: true,
  });
}

function placeOf(field: string, fields: readonly string[]): number {
  return fields.findIndex((other) => other.toLowerCase() === field.toLowerCase());
}
