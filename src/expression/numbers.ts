import { ExpressionFailure } from './problem.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;
/** What a double holds of a decimal number without noise. */
const DIGITS = 15;

/**
 * A result of arithmetic without the noise of binary fractions: 0.1 + 0.2 is 0.3.
 * @throws ExpressionFailure when it is no number, or too large to be exact in its whole digits
 */
export function tidy(result: number): number {
  if (!(Math.abs(result) <= LARGEST)) throw new ExpressionFailure('a number is too large to compute with exactly');
  // Past 10^15 the noise is out of sight, and rounding would reach the whole digits.
  if (Number.isInteger(result) || Math.abs(result) >= 10 ** DIGITS) return result;
  return Number(result.toPrecision(DIGITS));
}

/** @throws ExpressionFailure */
export function divide(dividend: number, divisor: number): number {
  if (divisor === 0) throw new ExpressionFailure('a division by zero');
  return tidy(dividend / divisor);
}

/** @throws ExpressionFailure */
export function remainder(dividend: number, divisor: number): number {
  if (divisor === 0) throw new ExpressionFailure('a division by zero');
  return tidy(dividend % divisor);
}

/**
 * Halves go away from zero, as PostgreSQL rounds numerics.
 * @param places  after the decimal point; negative: before it
 */
export function roundTo(value: number, places: number): number {
  if (!Number.isInteger(places) || Math.abs(places) > DIGITS) {
    throw new ExpressionFailure(`round: places are a whole number from -${DIGITS} to ${DIGITS}`);
  }
  const factor = 10 ** Math.abs(places);
  const scaled = Math.abs(places >= 0 ? value * factor : value / factor);
  // Past this a double has no digit that could be rounded away.
  if (scaled > LARGEST) return value;
  const whole = Math.round(tidy(scaled));
  return tidy(Math.sign(value) * (places >= 0 ? whole / factor : whole * factor));
}
