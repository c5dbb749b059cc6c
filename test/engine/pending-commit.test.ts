import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommitCutter, type PendingCommit } from '../../src/engine/pending-commit.ts';
import type { MappedBatch, MappedRecord } from '../../src/flow/mapped-batch.ts';
import type { EncodedPart } from '../../src/load/load.ts';
import { contactId } from '../support/records.ts';

function record(n: number): MappedRecord {
  return { source: { id: contactId(n), values: [], hash: '', stamp: '' }, cells: [], children: [] };
}

function batch(ids: readonly number[], more: Partial<MappedBatch> = {}): MappedBatch {
  return {
    slice: { kind: 'bulk_page', ordinal: 1, job: null, locator: null },
    fields: ['Id'],
    records: ids.map((id) => record(id)),
    rejections: [],
    warnings: new Map(),
    unchanged: 0,
    skipped: new Map(),
    last: false,
    ...more,
  };
}

function encode(records: readonly MappedRecord[]): EncodedPart {
  return {
    sources: records.map(({ source }) => source),
    copy: Buffer.from(records.map(({ source }) => `${source.id}\n`).join('')),
    lists: [],
    childRows: [records.length],
  };
}

const idsOf = ({ parts }: PendingCommit) => parts.map(({ sources }) => sources.length);

describe('records are cut into commits', () => {
  it('several to a batch, when a commit is smaller', () => {
    const cutter = new CommitCutter({ batchSize: 5, commitSize: 2 }, encode);

    const commits = [...cutter.cut(batch([1, 2, 3, 4, 5], { last: true }))];

    expect(commits.map((commit) => idsOf(commit))).toEqual([[2], [2], [1]]);
    expect(commits.map(({ last }) => last)).toEqual([false, false, true]);
  });

  it('several batches to one commit, when a commit is larger, each staged apart', () => {
    const cutter = new CommitCutter({ batchSize: 2, commitSize: 4 }, encode);

    const commits = [
      ...cutter.cut(batch([1, 2])),
      ...cutter.cut(batch([3, 4])),
      ...cutter.cut(batch([5], { last: true })),
    ];

    expect(commits.map((commit) => idsOf(commit))).toEqual([[2, 2], [1]]);
  });

  it('never over the end of a slice, and a slice without changes still ends with one', () => {
    const cutter = new CommitCutter({ batchSize: 10, commitSize: 10 }, encode);

    const commits = [...cutter.cut(batch([1], { last: true })), ...cutter.cut(batch([], { unchanged: 7, last: true }))];

    expect(commits.map(({ read, unchanged }) => ({ read, unchanged }))).toEqual([
      { read: 1, unchanged: 0 },
      { read: 7, unchanged: 7 },
    ]);
  });

  it('so that every record is in exactly one, whatever the sizes', () => {
    const size = fc.integer({ min: 1, max: 9 });
    const batches = fc.array(fc.tuple(fc.nat(12), fc.nat(3), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(size, size, batches, (batchSize, commitSize, given) => {
        const cutter = new CommitCutter({ batchSize, commitSize }, encode);
        let next = 0;
        const cut = [...given, [0, 0, true] as const].flatMap(([records, unchanged, last]) => {
          const ids = Array.from({ length: records }, () => (next += 1));
          return [...cutter.cut(batch(ids, { unchanged, last }))];
        });

        const sources = cut.flatMap(({ parts }) => parts.flatMap((part) => part.sources.map(({ id }) => id)));
        expect(sources).toEqual(Array.from({ length: next }, (_, n) => contactId(n + 1)));
        const unchanged = given.reduce((sum, [, times]) => sum + times, 0);
        expect(cut.reduce((sum, { read }) => sum + read, 0)).toBe(next + unchanged);
        expect(cut.every((commit) => idsOf(commit).every((records) => records <= batchSize))).toBe(true);
        expect(cut.every((commit) => idsOf(commit).reduce((a, b) => a + b, 0) <= commitSize)).toBe(true);
      }),
    );
  });
});
