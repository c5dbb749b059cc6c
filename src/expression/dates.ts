const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const MS_PER_DAY = 86_400_000;

const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * The calendar date as written, also as the first part of a date-time, its offset left aside.
 * @returns `YYYY-MM-DD`; null when the text is none
 */
export function readDate(text: string): string | null {
  if (text.length === 10) return isDate(text) ? text : null;
  const trimmed = text.trim();
  const day = trimmed.slice(0, 10);
  if (!isDate(day)) return null;
  return trimmed.length === 10 || readTimestamp(trimmed) !== null ? day : null;
}

/**
 * Without an offset the time is UTC; without a time it is midnight.
 * @returns `YYYY-MM-DDTHH:MM:SS.ffffffZ`; null when the text is none
 */
export function readTimestamp(text: string): string | null {
  const found = TIMESTAMP.exec(text.trim());
  const [, day = '', minutes = '00:00', seconds = '00', fraction = '', offset = 'Z'] = found ?? [];
  if (found === null || !isDate(day) || minutes > '23:59' || minutes.slice(3) > '59' || seconds > '59') return null;
  const local = `${day}T${minutes}:${seconds}`;
  const shift = minutesOf(offset);
  if (shift === null) return null;
  const utc = shift === 0 ? local : shifted(local, shift);
  return utc === null ? null : `${utc}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** A timestamp as written for PostgreSQL: no fraction where there is none. */
export function timestampText(timestamp: string): string {
  return timestamp.endsWith('.000000Z') ? `${timestamp.slice(0, -8)}Z` : timestamp;
}

/** Whole years from one date to another, as a birthday counts them; less than zero when `to` comes first. */
export function yearsBetween(from: string, to: string): number {
  if (to < from) return -yearsBetween(to, from) + 0;
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5, 10) < from.slice(5, 10) ? years - 1 : years;
}

/** Days from one date to another; less than zero when `to` comes first. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / MS_PER_DAY;
}

function isDate(text: string): boolean {
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  if (text[4] !== '-' || text[7] !== '-' || year < 1 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** The number that these digits write; -1 when one of them is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Minutes east of UTC; null past what any zone has. */
function minutesOf(offset: string): number | null {
  if (offset.length === 1) return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), offset.length > 3 ? Number(offset.slice(-2)) : 0];
  if (hours > 15 || minutes > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Null when the shift leaves the years that have four digits. */
function shifted(local: string, minutesEast: number): string | null {
  const text = new Date(Date.parse(`${local}Z`) - minutesEast * 60_000).toISOString();
  return text.length === 24 && !text.startsWith('0000') ? text.slice(0, 19) : null;
}
