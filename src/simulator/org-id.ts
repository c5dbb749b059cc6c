import { createHash } from 'node:crypto';
import type { Sizes } from './data/sizes.ts';
import { toId18 } from './ids.ts';

const HEAD = '00D5e00000';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The org's own id, of 18 characters. Orgs of one seed and size are one org; any others are told apart by it. */
export function orgIdOf(sizes: Sizes, seed: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, sizes]))
    .digest();
  const short = [...digest.subarray(0, 15 - HEAD.length)].map((byte) => DIGITS[byte % DIGITS.length]).join('');
  return toId18(HEAD + short) ?? '';
}
