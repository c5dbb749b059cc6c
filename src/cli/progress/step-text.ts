import type { Counts, LinkCounts } from '../../flow/counts.ts';
import { count } from '../text.ts';

const OUTCOMES = ['inserted', 'updated', 'unchanged', 'deleted', 'deferred', 'quarantined', 'skipped'] as const;

/** `145,000 inserted`, `266 quarantined`: where the records ended, zeros left out. */
export function outcomesText(counts: Counts): string[] {
  return OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => `${count(counts[outcome])} ${outcome}`);
}

/** `read 145,266 = inserted 145,000 + quarantined 266`: the promise that nothing is lost, as a sum. */
export function sumText(counts: Counts): string {
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${outcome} ${count(counts[outcome])}`,
  );
  if (parts.length === 0) return counts.read === 0 ? 'read 0' : `read ${count(counts.read)} = 0`;
  return `read ${count(counts.read)} = ${parts.join(' + ')}`;
}

/** `27,771 linked`, `496 links waiting for 12 parents that are not there`. */
export function linksText(links: LinkCounts): string[] {
  const linked = links.linked > 0 ? [`${count(links.linked)} linked`] : [];
  if (links.waiting === 0) return linked;
  const parents = links.missing_parents === 1 ? '1 parent that is' : `${count(links.missing_parents)} parents that are`;
  return [...linked, `${count(links.waiting)} waiting for ${parents} not there`];
}
