import type { Value } from './kinds.ts';
import { ExpressionFailure } from './problem.ts';
import { isBlank } from './read-value.ts';

/** In UTF-16 units. No column of ours holds more, and texts that grow past it were not meant to. */
const MAX_TEXT = 1_000_000;
const MAX_PARTS = 1000;

/** @throws ExpressionFailure when the text grows past the limit */
export function concatenate(parts: readonly Value[]): string {
  let text = '';
  for (const part of parts) if (part !== null) text += String(part);
  return checkedLength(text);
}

/** @returns null when no part says anything */
export function joinTexts(parts: readonly Value[], separator: string): string | null {
  const said = parts.filter((part) => !isBlank(part));
  if (said.length === 0) return null;
  checkLength(said.length * separator.length);
  return checkedLength(said.join(separator));
}

/** @throws ExpressionFailure when there are more parts than a list may have */
export function splitText(text: string, separator: string): readonly string[] {
  if (separator === '') throw new ExpressionFailure('split: a separator has at least one character');
  const parts = text.split(separator, MAX_PARTS + 1);
  if (parts.length > MAX_PARTS) throw new ExpressionFailure(`split: a list has at most ${MAX_PARTS} items`);
  return parts;
}

/** @throws ExpressionFailure when the text grows past the limit */
export function replaceText(text: string, old: string, by: string): string {
  if (old === '') throw new ExpressionFailure('replace: what is replaced has at least one character');
  if (by.length > old.length) {
    const times = text.length / old.length;
    // Only where it could grow too long is it worth counting how long it grows.
    if (times * by.length > MAX_TEXT) checkLength(text.length + occurrences(text, old) * (by.length - old.length));
  }
  return text.replaceAll(old, () => by);
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}

function checkedLength(text: string): string {
  checkLength(text.length);
  return text;
}

function checkLength(length: number): void {
  if (length > MAX_TEXT) throw new ExpressionFailure(`a text grows past ${MAX_TEXT} characters`);
}
