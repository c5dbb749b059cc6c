import type { DriftNote } from '../../flow/drift-note.ts';
import type { RunEvent } from '../../flow/run-events.ts';
import { count, counted, paint } from '../text.ts';

/** What the run will cost, and what has changed about the org, before anything is read. */
export function surveyLines(survey: Extract<RunEvent, { type: 'surveyed' }>): readonly string[] {
  return [costText(survey), ...survey.drift.map(driftLine)];
}

/** `About 31 API calls of 9,000 that this run may make.` */
function costText({ estimated, allowed }: { readonly estimated: number; readonly allowed: number | null }): string {
  const about = `About ${counted(estimated, 'API call')}`;
  if (allowed === null) return `${about}.`;
  const line = `${about} of ${count(allowed)} that this run may make.`;
  if (estimated <= allowed) return line;
  return paint('yellow', `${line} It will stop there, and the next run goes on.`);
}

/** One line for what has changed: an error keeps steps from being begun. */
export function driftLine({ severity, message, mappings }: DriftNote): string {
  const mark = severity === 'error' ? paint('red', '✘') : paint('yellow', '▲');
  return `${mark} ${message} (${mappings.join(', ')})`;
}
