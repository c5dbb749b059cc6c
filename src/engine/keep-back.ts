import { cellName, recordCells } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Rejection } from '../flow/mapped-batch.ts';
import { rejectionOf } from '../flow/rejection.ts';
import type { EncodedPart, LoadResult, Unresolved } from '../load/load.ts';
import { forgetLeftOut, type LeftOut, NO_LINK, noteLeftOut } from '../state/left-out.ts';
import { noteDeferred } from '../state/waiting-links.ts';
import type { CommitDeps } from './commit-deps.ts';
import type { PendingCommit } from './pending-commit.ts';

/** Deals with the records that a link or a row keeps out, by its policy. */
export async function keepOut(
  tx: Tx,
  out: { readonly result: LoadResult } & Pick<EncodedPart, 'sources'> & Pick<PendingCommit, 'fields'>,
  { mapping, known }: CommitDeps,
): Promise<{ readonly rejections: Rejection[]; readonly deferred: readonly Unresolved[] }> {
  const { unresolved, refused } = out.result;
  if (unresolved.length + refused.length === 0) return { rejections: [], deferred: [] };
  const sources = new Map(out.sources.map((source) => [source.id, source]));
  const rejections = refused.flatMap(({ sourceId, code, column }) => {
    const source = sources.get(sourceId);
    return source === undefined ? [] : [rejectionOf(source, out.fields, { code, column, field: null })];
  });
  const deferred = new Map<string, Unresolved[]>();
  for (const record of unresolved) {
    if (record.policy === 'fail') {
      throw new SyncError('LINK_MISSING_PARENT', `${mapping.name}: ${record.link} names a parent that is not here.`, {
        details: { mapping: mapping.name, link: record.link, source_id: record.sourceId },
      });
    }
    const source = sources.get(record.sourceId);
    if (record.policy === 'quarantine' && source !== undefined) {
      rejections.push(
        rejectionOf(source, out.fields, { code: 'FK_NOT_FOUND', column: record.link, field: record.field }),
      );
    } else {
      deferred.set(record.link, [...(deferred.get(record.link) ?? []), record]);
    }
  }
  for (const [link, waiting] of deferred) await noteDeferred(tx, known.mappingId, link, waiting);
  return { rejections, deferred: [...deferred.values()].flat() };
}

/** `table.column` of the links without whose parent there is no row. */
export function requiredLinks(mapping: Mapping): readonly string[] {
  return recordCells(mapping)
    .filter(({ column }) => column.link !== null && column.column.required)
    .map(({ table, column }) => cellName(table, column));
}

/** Records that may be loaded one day without having changed: when their parent comes, or the row that they are for. */
export function keptBack({ leftOut, unresolved, refused, skipped }: LoadResult): readonly LeftOut[] {
  const rowless = [
    ...(skipped.get('unmatched') ?? []),
    ...refused.filter(({ code }) => code === 'PARENT_NOT_FOUND').map(({ sourceId }) => sourceId),
  ];
  return [
    ...leftOut,
    ...unresolved.filter(({ policy }) => policy === 'quarantine'),
    ...rowless.map((sourceId) => ({ sourceId, link: NO_LINK, reference: '' })),
  ];
}

/** Keeps in mind who was left out for want of a parent, and forgets those of this commit who are not any more. */
export async function keepLeftOut(
  tx: Tx,
  leftOut: readonly LeftOut[],
  { parts, rejections }: PendingCommit,
  { known }: CommitDeps,
): Promise<void> {
  await noteLeftOut(tx, known.mappingId, leftOut);
  if (!known.leftOut) return;
  const still = new Set(leftOut.map(({ sourceId }) => sourceId));
  const ids = [
    ...parts.flatMap(({ sources }) => sources.map(({ id }) => id)),
    ...rejections.map((one) => one.sourceId),
  ];
  await forgetLeftOut(
    tx,
    known.mappingId,
    ids.filter((id) => !still.has(id)),
  );
}
