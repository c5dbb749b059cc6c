import type { RunReport } from '../../src/flow/run-events.ts';
import { isExcused, isExcusedError, type RunEnd } from './carry-out.ts';

/** Steps that say that they wrote. */
export function changesIn({ steps }: RunReport): string[] {
  return steps.flatMap(({ phase, mapping, counts: { inserted, updated, deleted } }) =>
    inserted + updated + deleted === 0
      ? []
      : [`${phase}/${mapping} says that it wrote, and did not: ${JSON.stringify({ inserted, updated, deleted })}`],
  );
}

/** What no run may end with, whatever has happened to it. @returns a line each */
export function wrongAbout(end: RunEnd): string[] {
  if (end.how === 'vanished') return [];
  if (end.how === 'refused')
    return isExcusedError(end.error) ? [] : [`a run throws ${String(end.error)}`, stackOf(end.error)];
  const lines = [...end.differences, ...end.reports.flatMap(wrongInReport)];
  return lines.length > 0 ? [...lines, ...end.log] : [];
}

/** Promise 1: each record that is read ends in one of them. */
const PLACES = ['inserted', 'updated', 'unchanged', 'deleted', 'deferred', 'quarantined', 'skipped'] as const;

/** More than so many of a mapping's records never go at once while nobody has said that they may. */
const MOST_DELETED = 10;

/** Students: of what is deleted for good, some may have been held back for long. */
export function passedBrake(end: RunEnd): string[] {
  if (end.how !== 'ended') return [];
  return end.reports.flatMap(({ steps }) =>
    steps
      .filter(({ mapping, counts }) => mapping === 'students' && counts.deleted > MOST_DELETED)
      .map(({ mapping, counts }) => `${counts.deleted} ${mapping} are deleted, and nobody was asked`),
  );
}

function wrongInReport(report: RunReport): string[] {
  const lines: string[] = [];
  const errors = [report, ...report.steps].flatMap(({ error }) => (error === null ? [] : [error]));
  for (const error of errors) if (!isExcused(error)) lines.push(`a run fails with ${error.code}: ${error.message}`);
  for (const { phase, mapping, counts, error } of report.steps) {
    const lost = counts.read - PLACES.reduce((sum, place) => sum + counts[place], 0);
    if (lost !== 0) lines.push(`${phase}/${mapping} has ${lost} unaccounted for (${error?.code ?? 'no error'})`);
  }
  if (!report.sum.holds) lines.push('the sum of the run does not hold');
  return lines;
}

export function endText(end: RunEnd): string {
  if (end.how === 'vanished') return 'it was killed';
  if (end.how === 'refused') return `it refuses: ${String(end.error)}`;
  return end.reports.length === 0 ? 'nothing to do' : end.reports.map(reportText).join('\n  then ');
}

function reportText(report: RunReport): string {
  const steps = report.steps.map(({ mapping, counts, links, reading, error }) => {
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    return `${mapping} ${reading?.kind ?? ''} {${told.map(([name, count]) => `${name} ${count}`).join(', ')}} waiting ${links.waiting}${error === null ? '' : ` ${error.code}`}`;
  });
  return `${report.status}: ${steps.join(' | ')}`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return `${error.stack ?? ''}${error.cause instanceof Error ? `\n${error.cause.stack ?? ''}` : ''}`;
}
