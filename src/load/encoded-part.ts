import { childTables } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { MappedRecord } from '../flow/mapped-batch.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import { compileEncoder, compileListEncoder } from './encode-stage.ts';
import type { StageLayout } from './stage-layout.ts';

/**
 * Records ready to be sent: encoded before their transaction opens, so that it stays short. Their cells are gone by
 * then; should the database refuse one, they are mapped again from their sources.
 */
export interface EncodedPart {
  readonly sources: readonly SourceRecord[];
  /** Their lines in COPY's text form; bytes, so that they lie outside the heap while they wait. */
  readonly copy: Buffer;
  /** The same of each list's rows. */
  readonly lists: readonly Buffer[];
  /** Rows that the records give each child table, in the order of the mapping's children. */
  readonly childRows: readonly number[];
}

/** One part of several; they come one after the other. */
export function joinParts(parts: readonly EncodedPart[]): EncodedPart {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return {
    sources: parts.flatMap(({ sources }) => sources),
    copy: Buffer.concat(parts.map(({ copy }) => copy)),
    lists: (first?.lists ?? []).map((_, list) => Buffer.concat(parts.flatMap(({ lists }) => lists[list] ?? []))),
    childRows: (first?.childRows ?? []).map((_, child) =>
      parts.reduce((sum, { childRows }) => sum + (childRows[child] ?? 0), 0),
    ),
  };
}

export function compilePartEncoder(
  mapping: Mapping,
  layout: StageLayout,
): (records: readonly MappedRecord[]) => EncodedPart {
  const encodeLines = compileEncoder(layout);
  const encodeLists = layout.lists.map((list) => compileListEncoder(list));
  const childCount = childTables(mapping).length;
  return (records) => ({
    sources: records.map(({ source }) => source),
    copy: Buffer.from(encodeLines(records)),
    lists: encodeLists.map((encode) => Buffer.from(encode(records))),
    childRows: Array.from({ length: childCount }, (_, child) => countChildRows(records, child)),
  });
}

function countChildRows(records: readonly MappedRecord[], child: number): number {
  let count = 0;
  for (const record of records) {
    for (const row of record.children[child] ?? []) if (row !== null) count += 1;
  }
  return count;
}
