import { describe, expect, it } from '@jest/globals';
import { KEEP } from '../../src/flow/mapped-batch.ts';
import { standIn } from '../../src/flow/stand-in.ts';

describe('what stands in for a value', () => {
  it.each([
    ['null', 'active', null],
    ['keep', 'active', KEEP],
    ['default', 'active', 'active'],
    ['default', 0, '0'],
    ['default', false, 'false'],
    ['default', null, null],
    // Only the database knows the time of the write.
    ['default', 'now', KEEP],
  ] as const)('%s with the default %j is %p', (policy, fallback, expected) => {
    expect(standIn(policy, fallback)).toBe(expected);
  });
});
