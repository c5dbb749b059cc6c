import { randomInt } from 'node:crypto';

/** Salesforce ids: three characters for the object, two for the instance, a running number in base 62, a checksum. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const RUNNING = 5;

/** Instance letters of rows that exist, and of ids that name nothing. */
const INSTANCE = '5e';
export const NOWHERE = '8Q';

/** Gives the 18-character id of a running number; in byte order the ids of growing numbers grow. */
export function idMaker(keyPrefix: string, instance = INSTANCE): (running: number) => string {
  const head = `${keyPrefix}${instance}00000`;
  const check = checkLetter(head.slice(0, 5)) + checkLetter(head.slice(5, 10));
  return (running) => {
    const tail = toBase62(running);
    return head + tail + check + checkLetter(tail);
  };
}

/** Where the running numbers of a process begin: what an earlier process gave out is not given to something else. */
export function firstRunning(): number {
  return randomInt(62 ** RUNNING - 100_000_000);
}

/** The running number of an id that `idMaker(keyPrefix)` made, in its 18 characters; -1 for any other text. */
export function runningOf(id: string, keyPrefix: string): number {
  const head = `${keyPrefix}${INSTANCE}00000`;
  if (id.length !== 18 || !id.startsWith(head) || toId18(id.slice(0, 15)) !== id) return -1;
  let running = 0;
  for (const digit of id.slice(head.length, 15)) running = running * 62 + DIGITS.indexOf(digit);
  return running;
}

/** The 18 characters of an id of 15 or 18; null for what is no id. */
export function toId18(id: string): string | null {
  if (!/^(?:[0-9A-Za-z]{15}|[0-9A-Za-z]{18})$/.test(id)) return null;
  return id.length === 18 ? id : id + [0, 5, 10].map((start) => checkLetter(id.slice(start, start + 5))).join('');
}

function toBase62(running: number): string {
  let text = '';
  let rest = running;
  for (let digit = 0; digit < RUNNING; digit += 1) {
    text = (DIGITS[rest % 62] ?? '') + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function checkLetter(five: string): string {
  let bits = 0;
  for (let at = 0; at < 5; at += 1) {
    const code = five.charCodeAt(at);
    if (code >= 65 && code <= 90) bits |= 1 << at;
  }
  return CHECK[bits] ?? '';
}
