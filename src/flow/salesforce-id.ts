const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const CHARACTERS_15 = /^[0-9A-Za-z]{15}$/;

/**
 * Brings a Salesforce id to the form that is safe to compare without regard to case: 15 characters and a checksum of 3.
 * @returns 18 characters, or '' when the text is no id: wrong length, other characters, or a wrong checksum
 */
export function salesforceId18(text: string): string {
  if (text.length !== 15 && text.length !== 18) return '';
  const id = text.length === 15 ? text : text.slice(0, 15);
  if (!CHARACTERS_15.test(id)) return '';
  const whole = id + checksum(id);
  if (text.length === 15) return whole;
  return whole === text ? text : '';
}

/** One character for each group of five: which of them are upper-case letters. */
function checksum(id: string): string {
  let suffix = '';
  for (let group = 0; group < 15; group += 5) {
    let bits = 0;
    for (let place = 0; place < 5; place++) {
      const code = id.charCodeAt(group + place);
      if (code >= 65 && code <= 90) bits |= 1 << place;
    }
    suffix += LETTERS.charAt(bits);
  }
  return suffix;
}
