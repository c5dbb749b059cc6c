import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { didYouMean, editDistance, nearest } from '../../src/config/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['on_unknwon', 'on_unknown'],
    ['FirstNmae', 'FirstName'],
    ['EMAIL', 'Email'],
    ['x', null],
    ['elephant', null],
  ])('of %s is %s', (name, expected) => {
    expect(nearest(name, ['on_unknown', 'on_null', 'FirstName', 'Email'])).toBe(expected);
  });

  it('gives way to the list when nothing is near and the list is short', () => {
    expect(didYouMean('elephant', ['rest', 'bulk'])).toBe('Known here: rest, bulk.');
    expect(didYouMean('elephant', [])).toBeNull();
  });
});

describe('the edit distance', () => {
  it('is zero for equal texts only, and the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('counts two swapped letters as one change', () => {
    expect(editDistance('trim', 'tirm')).toBe(1);
  });
});
