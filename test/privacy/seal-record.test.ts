import { describe, expect, it } from '@jest/globals';
import { plainDigest, recordSeal, type RecordSeal } from '../../src/privacy/seal-record.ts';

const HEX = '00112233445566778899aabbccddeeff'.repeat(2);
const PLACE = '7 003A';

function sealOf(key: string): RecordSeal {
  const seal = recordSeal(key);
  if (seal === null) throw new Error('no key');
  return seal;
}

describe('a key', () => {
  it('is 32 bytes, as hex or base64, and tells what it is by its hash alone', () => {
    const bytes = Buffer.from(HEX, 'hex');
    const ids = [HEX, HEX.toUpperCase(), ` ${bytes.toString('base64')}\n`, bytes.toString('base64url')].map(
      (key) => sealOf(key).keyId,
    );

    expect(new Set(ids)).toEqual(new Set(['4773d12e']));
  });

  it.each(['', 'secret', HEX.slice(2), `${HEX}00`, Buffer.alloc(24).toString('base64'), `${HEX.slice(0, -1)}x`])(
    'is not %p',
    (key) => expect(recordSeal(key)).toBeNull(),
  );
});

describe('a sealed text', () => {
  it('opens in its place, whatever it holds, and never looks the same twice', () => {
    const seal = sealOf(HEX);
    const text = JSON.stringify({ name: 'Ünï\u0000 \u{1F600}', long: 'x'.repeat(100_000) });
    const sealed = [seal.seal(text, PLACE), seal.seal(text, PLACE)];

    expect(sealed.map((one) => seal.open(one, PLACE))).toEqual([text, text]);
    expect(sealed[0]?.equals(sealed[1] ?? Buffer.alloc(0))).toBe(false);
  });

  it('opens nowhere else, by no other key, and not when a byte of it has changed', () => {
    const seal = sealOf(HEX);
    const sealed = seal.seal('text', PLACE);

    expect(seal.open(sealed, '7 003B')).toBeNull();
    expect(sealOf(HEX.replaceAll('0', '1')).open(sealed, PLACE)).toBeNull();
    expect(seal.open(sealed.subarray(0, 20), PLACE)).toBeNull();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(changed, PLACE)).toBeNull();
    }
  });
});

describe('a hash', () => {
  it('is one for one text, and nobody can make it without the key', () => {
    const [one, other] = [sealOf(HEX), sealOf(HEX.replaceAll('0', '1'))];

    expect(one.digest('text')).toBe(one.digest('text'));
    expect(new Set([one.digest('text'), other.digest('text'), plainDigest('text'), one.digest('more')]).size).toBe(4);
    expect(one.digest('text')).toMatch(/^[\da-f]{32}$/);
  });
});
