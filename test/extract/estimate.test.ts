import { describe, expect, it } from '@jest/globals';
import { estimateCalls } from '../../src/extract/estimate.ts';
import { estimateReading } from '../../src/extract/extract.ts';
import { dockFor, mappingForTest, orgForTest, settingsFor } from '../support/dock.ts';

describe('what a reading costs', () => {
  it.each([
    ['rest', 0, 1],
    ['rest', 2_000, 1],
    ['rest', 2_001, 2],
    ['bulk', 0, 4],
    ['bulk', 25_000, 4],
    ['bulk', 145_266, 9],
  ] as const)('is, by %s and for %d records, %d calls', (api, records, calls) => {
    expect(estimateCalls({ api, records, goneQueries: 0, comparesKeys: false })).toBe(calls);
  });

  it('holds the query for what is gone', () => {
    expect(estimateCalls({ api: 'rest', records: 10, goneQueries: 1, comparesKeys: false })).toBe(2);
  });

  it('holds the comparison of all ids, also when an earlier reading did without', () => {
    expect(estimateCalls({ api: 'rest', records: 10, goneQueries: 1, comparesKeys: true })).toBe(3);
    expect(estimateCalls({ api: 'bulk', records: 145_266, goneQueries: 1, comparesKeys: true })).toBe(16);
    const first = { api: 'bulk', calls: 9, records: 145_266 } as const;
    expect(estimateCalls({ api: 'bulk', records: 145_266, goneQueries: 1, comparesKeys: true, earlier: first })).toBe(
      16,
    );
  });

  it('follows an earlier reading: how long it waited, and what else it asked', () => {
    const earlier = { api: 'bulk', calls: 14, records: 30_000 } as const;

    expect(estimateCalls({ api: 'bulk', records: 40_000, goneQueries: 1, comparesKeys: false, earlier })).toBe(14);
    expect(estimateCalls({ api: 'bulk', records: 100_000, goneQueries: 1, comparesKeys: false, earlier })).toBe(16);
    expect(estimateCalls({ api: 'bulk', records: 100, goneQueries: 1, comparesKeys: false, earlier })).toBe(13);
  });
});

describe('the estimate of a reading', () => {
  const FIELDS = ['Id', 'LastName', 'SystemModstamp'];
  const request = {
    limit: null,
    resume: null,
    window: null,
    earlier: null,
    goneQueries: 0,
    comparesKeys: false,
    ofJob: null,
    mayCount: true,
  } as const;

  async function estimated(
    more: Partial<Parameters<typeof estimateReading>[0]>,
    api: 'auto' | 'rest' | 'bulk' = 'auto',
  ) {
    const org = await orgForTest();
    const { salesforce, signal } = await dockFor(settingsFor(org));
    const mapping = mappingForTest(FIELDS, { api });
    const estimate = await estimateReading({ mapping, ...request, ...more }, { salesforce, signal });
    return { ...estimate, asked: org.limit.used };
  }

  it('asks COUNT() once and hands it on', async () => {
    expect(await estimated({})).toEqual({ calls: 1, counted: 40, asked: 1 });
  });

  it('takes the count that it is given', async () => {
    expect(await estimated({ counted: 60_000 })).toEqual({ calls: 6, counted: 60_000, asked: 0 });
  });

  it('asks nothing where an earlier reading tells enough', async () => {
    const earlier = { api: 'bulk', calls: 5, records: 40 } as const;

    expect(await estimated({ earlier }, 'bulk')).toEqual({ calls: 5, counted: null, asked: 0 });
  });

  it('reckons with the rest of a job that is gone on with, and asks nothing', async () => {
    const resume = { kind: 'bulk_page', ordinal: 3, job: '750', locator: 'x' } as const;

    expect(await estimated({ resume, ofJob: 145_266, goneQueries: 1 })).toEqual({ calls: 6, counted: null, asked: 0 });
    expect(await estimated({ resume })).toEqual({ calls: 2, counted: null, asked: 0 });
  });

  it('asks nothing where a limit says how many there are at most', async () => {
    expect(await estimated({ limit: 10 })).toEqual({ calls: 1, counted: null, asked: 0 });
  });

  it('asks nothing when calls are few, and reckons with the COUNT() that the step will ask', async () => {
    expect(await estimated({ mayCount: false, goneQueries: 1 })).toEqual({ calls: 3, counted: null, asked: 0 });
  });
});
