import type { Mapping } from '../config/mapping.ts';
import { quarantineReader } from '../extract/extract.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { closeMoot } from '../state/quarantine-decisions.ts';
import { keptRecords } from '../state/quarantine-records.ts';
import type { StepDeps } from './step-deps.ts';

/** Records of the quarantine on their way through a step. */
export interface OpenQuarantine {
  /** What was kept, as if it had just been read; no request is made. */
  readonly batches: AsyncIterable<SourceBatch>;
  /** Ids of the records that must be asked for at their source; complete once the batches are at their end. */
  readonly toRead: readonly string[];
  /** Passes on what the source has given for those ids, and keeps in mind that it is there. */
  readonly found: (read: AsyncIterable<SourceBatch>) => AsyncIterable<SourceBatch>;
  /** Call when all is committed: closes the entries whose records were neither loaded nor refused again. */
  readonly close: () => Promise<void>;
}

interface QuarantineDeps extends Pick<StepDeps, 'scope' | 'keeping' | 'runId'> {
  readonly mappingId: number;
  readonly batchSize: number;
}

/** @param entryIds  numbers of entries of this mapping */
export function openQuarantine(
  mapping: Mapping,
  entryIds: readonly string[],
  { scope, keeping, runId, mappingId, batchSize }: QuarantineDeps,
): OpenQuarantine {
  const toRead: string[] = [];
  const there = new Set<string>();
  const kept = keptRecords(scope, { mappingId, entryIds, count: batchSize }, keeping);
  return {
    toRead,
    batches: quarantineReader(mapping, kept, (sourceId) => toRead.push(sourceId)),
    found: async function* found(read) {
      for await (const batch of read) {
        for (const { id } of batch.records) there.add(id);
        yield batch;
      }
    },
    close: async () => {
      const gone = toRead.filter((id) => !there.has(id));
      await closeMoot(scope, { mappingId, runId, entryIds, gone });
    },
  };
}
