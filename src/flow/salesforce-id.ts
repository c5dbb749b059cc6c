const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * A Salesforce id in its 18-character form: 15 characters get their checksum, 18 pass when theirs is right.
 * @returns null for anything else
 * @see Salesforce, "ID field type": each of the three last characters stands for the capitals of five
 */
export function toSalesforceId(text: string): string | null {
  const id = text.trim();
  if (!/^[\dA-Za-z]{15}(?:[\dA-Z]{3})?$/u.test(id)) return null;
  const full = id.slice(0, 15) + checksum(id);
  return id.length === 15 || id === full ? full : null;
}

/** A reference as it is compared with the parents' keys: a short id in its long form, anything else as it is. */
export function toLongId(text: string): string {
  return text.length === 15 ? (toSalesforceId(text) ?? text) : text;
}

function checksum(id: string): string {
  let suffix = '';
  for (let group = 0; group < 15; group += 5) {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      const character = id.charAt(group + index);
      if (character >= 'A' && character <= 'Z') bits += 1 << index;
    }
    suffix += CHECKSUM.charAt(bits);
  }
  return suffix;
}
