import type { Column, Draw } from './generated.ts';

const CREATED_FROM = Date.UTC(2014, 7, 1);
const CHANGED_FROM = Date.UTC(2023, 7, 1);
const CHANGED_UNTIL = Date.UTC(2026, 5, 30);
/** One mass update gave a fifth of the rows the same second. */
const MASS_UPDATE = Date.UTC(2025, 7, 15, 14, 3, 7);

/** CreatedDate, LastModifiedDate and SystemModstamp, in whole seconds as in a real org. */
export function stampColumns(draw: Draw): Record<string, Column> {
  const changed = (index: number): number => {
    const random = draw(901, index);
    return random % 5 === 0 ? MASS_UPDATE : between(CHANGED_FROM, CHANGED_UNTIL, random);
  };
  return {
    CreatedDate: (index) => between(CREATED_FROM, CHANGED_FROM, draw(900, index)),
    LastModifiedDate: changed,
    SystemModstamp: changed,
  };
}

function between(from: number, until: number, random: number): number {
  return from + Math.floor(((until - from) / 1000) * (random / 0x1_0000_0000)) * 1000;
}
