import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { OrgClock } from '../../src/salesforce/org-clock.ts';

afterEach(() => {
  jest.useRealTimers();
});

describe("the org's clock", () => {
  it('is not known before the org has answered', () => {
    const clock = new OrgClock();
    clock.note(undefined);

    expect(clock.now()).toBeNull();
  });

  it('goes on from its last answer', () => {
    let steady = 5_000;
    const clock = new OrgClock(() => steady);
    clock.note('Sun, 22 Nov 2026 10:00:00 GMT');
    steady += 61_500;

    expect(clock.now()?.toISOString()).toBe('2026-11-22T10:01:01.500Z');
  });

  it('is not put forward with the clock of this machine (a watermark ahead of the org passes changes by)', () => {
    const clock = new OrgClock();
    clock.note('Sun, 22 Nov 2026 10:00:00 GMT');
    jest.useFakeTimers({ now: new Date('2031-01-01'), doNotFake: ['performance'] });

    expect(clock.now()?.toISOString()).toMatch(/^2026-11-22T10:00:0/);
  });
});
