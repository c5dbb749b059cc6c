import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes } from 'node:crypto';

/** What is kept of a quarantined record. */
export interface RecordKeeping {
  readonly record: 'keep' | 'encrypt' | 'omit';
  /** Null when there is no key: then nothing can be sealed, and nothing that was sealed can be opened. */
  readonly seal: RecordSeal | null;
}

/** Encrypts texts at rest, and opens them again where they belong. */
export interface RecordSeal {
  /** The first eight hex digits of the key's SHA-256: tells keys apart and nothing of the key. */
  readonly keyId: string;
  /** @param place  what the text belongs to; a sealed text opens nowhere else */
  seal(text: string, place: string): Buffer;
  /** @returns null when it was sealed by another key or for another place, or is damaged */
  open(sealed: Buffer, place: string): string | null;
  /** A text's hash, 32 hex digits, which nobody can hold a guess against without the key. */
  digest(text: string): string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DIGEST_DIGITS = 32;

/**
 * AES-256-GCM with a nonce of its own for each text. A sealed text is: key id (4 bytes), nonce (12), tag (16), the text.
 * @param key  32 bytes as base64 (also of URLs) or hex
 * @returns null when it is no such key
 */
export function recordSeal(key: string): RecordSeal | null {
  const bytes = keyBytes(key.trim());
  if (bytes === null) return null;
  const id = Buffer.from(hash('sha256', bytes, 'hex'), 'hex').subarray(0, KEY_ID_BYTES);
  const digestKey = createHmac('sha256', bytes).update('hash of a quarantined record').digest();
  return {
    keyId: id.toString('hex'),
    seal: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(Buffer.from(place));
      const sealed = [cipher.update(text, 'utf8'), cipher.final()];
      return Buffer.concat([id, nonce, cipher.getAuthTag(), ...sealed]);
    },
    open: (sealed, place) => (keyIdOf(sealed) === id.toString('hex') ? opened(sealed, place, bytes) : null),
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex').slice(0, DIGEST_DIGITS),
  };
}

/** Which key a text was sealed by. */
function keyIdOf(sealed: Buffer): string {
  return sealed.subarray(0, KEY_ID_BYTES).toString('hex');
}

/** The hash where there is no key: it tells a text from another, and a right guess from a wrong one. */
export function plainDigest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, DIGEST_DIGITS);
}

function keyBytes(key: string): Buffer | null {
  const bytes = /^[\da-f]{64}$/iu.test(key)
    ? Buffer.from(key, 'hex')
    : /^[\w+/-]{43}=?$/u.test(key)
      ? Buffer.from(key, 'base64')
      : null;
  return bytes?.length === KEY_BYTES ? bytes : null;
}

function opened(sealed: Buffer, place: string, key: Buffer): string | null {
  const nonceEnd = KEY_ID_BYTES + NONCE_BYTES;
  const tagEnd = nonceEnd + TAG_BYTES;
  if (sealed.length < tagEnd) return null;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(KEY_ID_BYTES, nonceEnd))
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(nonceEnd, tagEnd));
  try {
    return decipher.update(sealed.subarray(tagEnd), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
