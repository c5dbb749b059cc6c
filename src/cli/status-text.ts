import type { MappingStatus } from '../state/mapping-status.ts';
import type { Recommendation } from '../state/recommend.ts';
import type { PipelineStatus } from '../state/status.ts';
import { type Cell, tableText } from './rows.ts';
import { count, counted, instant } from './text.ts';

/** The state of the pipeline as a person reads it: a line a step, the links that wait, what to do. */
export function statusText({ mappings, recommendations }: PipelineStatus): string {
  const parts = [
    stepsText(mappings),
    linksText(mappings),
    deletionsText(mappings),
    recommendationsText(recommendations),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function stepsText(mappings: readonly MappingStatus[]): string {
  const rows = mappings.flatMap(({ mapping, phases, records, quarantined }) =>
    phases.map(({ phase, last, last_success: success }, index): Cell[] => [
      mapping,
      phase,
      index === 0 ? records : null,
      index === 0 ? quarantined : null,
      last === null ? 'never ran' : last.status.replaceAll('_', ' '),
      instant(last?.at ?? null),
      instant(success?.at ?? null),
    ]),
  );
  return tableText(['mapping', 'phase', 'records', 'quarantined', 'last run', 'at', 'last success'], rows);
}

function linksText(mappings: readonly MappingStatus[]): string {
  const links = mappings.flatMap(({ mapping, links: own }) => own.map((link) => ({ mapping, ...link })));
  if (links.length === 0) return '';
  const rows = links.map((link): Cell[] => [
    link.mapping,
    link.link,
    link.phase,
    link.linked,
    link.ready,
    link.waiting,
    link.missing_parents,
    link.given_up,
    instant(link.oldest),
  ]);
  const table = tableText(
    ['mapping', 'link', 'phase', 'linked', 'parent here', 'waiting', 'missing parents', 'given up', 'waiting since'],
    rows,
  );
  const wanted = missingParentsText(mappings);
  return wanted === '' ? table : `${table}\n${wanted}`;
}

/** The parents that most rows wait for; blank when none is waited for. */
export function missingParentsText(mappings: readonly MappingStatus[]): string {
  const rows = mappings.flatMap(({ links }) =>
    links.flatMap((link) =>
      link.most_wanted.map((parent): Cell[] => [link.link, parent.parent_ref, parent.rows, instant(parent.oldest)]),
    ),
  );
  return rows.length === 0 ? '' : tableText(['link', 'missing parent', 'rows waiting', 'since'], rows);
}

/** Records that are gone, and whose rows are still as they were; blank where there are none. */
function deletionsText(mappings: readonly MappingStatus[]): string {
  const rows = mappings
    .filter(({ deletions: { pending, confirmed, refused } }) => pending + confirmed + refused > 0)
    .map(({ mapping, deletions: { pending, confirmed, refused } }): Cell[] => [mapping, pending, confirmed, refused]);
  return rows.length === 0
    ? ''
    : tableText(['mapping', 'gone, to be carried out', 'confirmed', 'still referred to'], rows);
}

function recommendationsText(recommendations: readonly Recommendation[]): string {
  if (recommendations.length === 0) return 'Nothing to do.\n';
  return `Next:\n${recommendations.map((one) => `  ${sentence(one)}\n`).join('')}`;
}

function sentence({ action, mapping, phase, link, count: rows, parents, reason, command }: Recommendation): string {
  const because = reason === null ? '' : ` (${reason})`;
  const then = command === null ? '' : `: ${command}`;
  switch (action) {
    case 'run':
      return `${mapping} was never loaded${then}`;
    case 'mend':
      return `${mapping} failed in ${phase ?? ''}${because}; mend it, then${then}`;
    case 'resume':
      return `${mapping} was stopped in ${phase ?? ''}${because}; go on${then}`;
    case 'decide': {
      const what = rows === null ? '' : ` about ${counted(rows, 'record')} that ${rows === 1 ? 'is' : 'are'} gone`;
      return `${mapping} was stopped${because}: somebody has to decide${what}${then}`;
    }
    case 'carry_out':
      return `${counted(rows ?? 0, 'record')} of ${mapping} ${rows === 1 ? 'is' : 'are'} gone; a run marks or removes ${rows === 1 ? 'its row' : 'their rows'}${then}`;
    case 'look_at_refused':
      return rows === 1
        ? `1 record of ${mapping} is gone and its row stays, because other rows refer to it; every run tries again${then}`
        : `${counted(rows ?? 0, 'record')} of ${mapping} are gone and their rows stay, because other rows refer to them; every run tries again${then}`;
    case 'link':
      return `${counted(rows ?? 0, 'row')} of ${link ?? ''} can be linked now${then}`;
    case 'load_parents':
      return `${counted(rows ?? 0, 'record')} of ${mapping} ${rows === 1 ? 'waits' : 'wait'} for ${counted(parents ?? 0, 'parent')} (${link ?? ''}) that ${parents === 1 ? 'is' : 'are'} not here, and ${rows === 1 ? 'is' : 'are'} linked by a run once ${parents === 1 ? 'it is' : 'they are'}; why${then}`;
    case 'look_at_quarantine':
      return `${count(rows ?? 0)} of ${mapping} are in quarantine${reason === null ? '' : `, most often ${reason}`}${then}`;
  }
}
