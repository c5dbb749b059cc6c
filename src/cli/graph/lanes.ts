/** A line beside the rows that runs past all of them from `first` to `last`. */
export interface Span {
  readonly id: number;
  readonly first: number;
  readonly last: number;
}

/**
 * A lane for each span, counted from 0, which is nearest to the rows. No two that share a row are in one lane, and short
 * ones are near, so that few lines cross.
 */
export function lanesFor(spans: readonly Span[]): ReadonlyMap<number, number> {
  const lanes: Span[][] = [];
  const found = new Map<number, number>();
  for (const span of spans.toSorted((a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first)) {
    const free = lanes.findIndex((lane) => lane.every(({ first, last }) => first > span.last || last < span.first));
    const lane = free < 0 ? lanes.length : free;
    (lanes[lane] ??= []).push(span);
    found.set(span.id, lane);
  }
  return found;
}
