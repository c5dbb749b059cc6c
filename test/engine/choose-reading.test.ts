import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Mapping } from '../../src/config/mapping.ts';
import { chooseReadings, MOST_AGAIN, type ReadingContext } from '../../src/engine/choose-reading.ts';
import { EVERYTHING } from '../../src/flow/run-request.ts';
import type { UnfinishedReading } from '../../src/state/unfinished-jobs.ts';
import type { Watermark } from '../../src/state/watermarks.ts';
import { mappingOf, repositoryProject } from '../support/project.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const LAST = '2026-03-01T10:00:00.000Z';

let mapping: Mapping;
beforeAll(async () => {
  mapping = mappingOf(await repositoryProject(), 'students');
});

const read = (more: Partial<Watermark> = {}): Watermark => ({
  value: LAST,
  version: mapping.version,
  parts: mapping.parts,
  fullReadAt: LAST,
  readAgain: null,
  idsDue: false,
  ...more,
});

const unfinished = (more: Partial<UnfinishedReading> = {}): UnfinishedReading => ({
  reading: { kind: 'full', reason: 'never read to its end before', from: null, to: null, resumed_job: null },
  nextWatermark: LAST,
  slice: { kind: 'bulk_page', ordinal: 3, job: '750000000000001AAA', locator: 'three' },
  records: 3_000,
  ...more,
});

/** What is read, from when, and where the watermark moves to, a line each. */
function chosen(more: Partial<ReadingContext> = {}): string[] {
  const context: ReadingContext = {
    mapping: { ...mapping, incremental: { cursor: 'SystemModstamp', lookback: 3_600 }, refreshFormulas: null },
    request: EVERYTHING,
    watermark: read(),
    knowsRecords: true,
    orgNow: NOW,
    unfinished: null,
    again: 0,
    ...more,
  };
  return chooseReadings(context).map(({ report, nextWatermark, resume }) => {
    const what = report.kind === 'window' ? `window from ${report.from}` : report.kind;
    const goingOn = resume === null ? '' : ', going on';
    return `${what}${goingOn}: watermark ${nextWatermark ?? 'stays'}`;
  });
}

const asked = (request: Partial<ReadingContext['request']>) => ({ request: { ...EVERYTHING, ...request } });

describe('what a step reads', () => {
  it('is the window since the watermark, and the lookback once more', () => {
    expect(chosen()).toEqual([`window from 2026-03-01T09:00:00.000Z: watermark ${NOW}`]);
  });

  it.each<[string, () => Partial<ReadingContext>]>([
    ['it was never read to its end', () => ({ watermark: null })],
    ['the mapping has changed', () => ({ watermark: read({ version: 'another' }) })],
    ['nothing of it is known here', () => ({ knowsRecords: false })],
    ['somebody has asked for it', () => asked({ fullRefresh: true })],
    ['an earlier run has left a reason', () => ({ watermark: read({ readAgain: 'a record came without its id' }) })],
    ['the clock of the org is behind', () => ({ watermark: read({ value: '2026-03-02T10:02:00.000Z' }) })],
    ['more is to be read again than one by one', () => ({ again: MOST_AGAIN + 1 })],
  ])('is everything where %s', (_why, more) => {
    expect(chosen(more())).toEqual([`full: watermark ${NOW}`]);
  });

  it("moves no watermark when it is only a part, by a limit or by somebody else's window", () => {
    expect(chosen({ watermark: null, ...asked({ limit: 5 }) })).toEqual(['full: watermark stays']);
    expect(chosen(asked({ limit: 5 }))).toEqual(['window from 2026-03-01T09:00:00.000Z: watermark stays']);
    expect(chosen(asked({ since: LAST }))).toEqual([`window from ${LAST}: watermark stays`]);
    expect(chosen(asked({ until: LAST }))).toEqual(['window from null: watermark stays']);
    expect(chosen(asked({ only: { kind: 'ids', byMapping: new Map() } }))).toEqual(['only: watermark stays']);
  });

  it('moves no watermark back when the clock of the org is a little behind', () => {
    expect(chosen({ orgNow: '2026-03-01T09:59:30.000Z' })).toEqual([
      `window from 2026-03-01T09:00:00.000Z: watermark ${LAST}`,
    ]);
  });
});

describe('a Bulk job that an earlier run has not read to its end', () => {
  it('is gone on with, and what has changed since it was made is read behind it', () => {
    expect(chosen({ watermark: null, unfinished: unfinished() })).toEqual([
      `full, going on: watermark ${LAST}`,
      `window from 2026-03-01T09:00:00.000Z: watermark ${NOW}`,
    ]);
  });

  it.each<[string, () => Partial<ReadingContext>]>([
    ['everything is asked for anew', () => asked({ fullRefresh: true })],
    ['its first pages are gone from here', () => ({ knowsRecords: false })],
    ['it was to read some records only', () => ({ unfinished: unfinished({ nextWatermark: null }) })],
  ])('is not gone on with where %s', (_why, more) => {
    expect(chosen({ watermark: null, unfinished: unfinished(), ...more() })).toEqual([`full: watermark ${NOW}`]);
  });

  it('is not gone on with where it is a window, and everything has to be read by now', () => {
    const window = { ...unfinished().reading, kind: 'window' as const, from: LAST, to: NOW };

    expect(chosen({ watermark: read({ version: 'another' }), unfinished: unfinished({ reading: window }) })).toEqual([
      `full: watermark ${NOW}`,
    ]);
  });

  it('is all there is to read where the mapping reads everything in every run', () => {
    const always = { ...mapping, incremental: null };

    expect(chosen({ mapping: always, watermark: null, orgNow: null, unfinished: unfinished() })).toEqual([
      `full, going on: watermark ${LAST}`,
    ]);
  });
});
