import type { MappingStatus } from './mapping-status.ts';

/**
 * What to do next, as data; whoever speaks to a person makes a sentence of it.
 * - `run`: the mapping has never been loaded.
 * - `mend`: its last step failed, with `reason` as code.
 * - `resume`: its last step was stopped or interrupted; a new run goes on.
 * - `decide`: its last step was stopped because a person has to say what is right, with `reason` as code; `count` records
 *   that are gone wait for it, where that is the question.
 * - `carry_out`: `count` records are gone, and a run marks or deletes their rows.
 * - `link`: `count` rows wait although their parent is here; running the phase links them.
 * - `load_parents`: `count` records wait for `parents` parents that are not here; `command` says why these are not.
 * - `look_at_refused`: `count` records are gone, and their rows stay, because something refers to them.
 * - `look_at_quarantine`: `count` records are in quarantine, `reason` is the most frequent code.
 */
export interface Recommendation {
  readonly action:
    | 'run'
    | 'mend'
    | 'resume'
    | 'decide'
    | 'carry_out'
    | 'link'
    | 'load_parents'
    | 'look_at_refused'
    | 'look_at_quarantine';
  readonly mapping: string;
  readonly phase: string | null;
  readonly link: string | null;
  readonly count: number | null;
  readonly parents: number | null;
  readonly reason: string | null;
  /** A command that does it, where one does. */
  readonly command: string | null;
}

/** The most pressing first. */
export function recommend(mappings: readonly MappingStatus[]): Recommendation[] {
  const all = mappings.flatMap((mapping) => [
    ...afterLastStep(mapping),
    ...forDeletions(mapping),
    ...forLinks(mapping),
    ...forQuarantine(mapping),
  ]);
  return all.toSorted((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action));
}

const ORDER: readonly Recommendation['action'][] = [
  'mend',
  'decide',
  'resume',
  'run',
  'carry_out',
  'link',
  'load_parents',
  'look_at_refused',
  'look_at_quarantine',
];

/** Where to look before deciding, by the code that has stopped a step; the mapping's name follows. */
const DECISIONS: Readonly<Record<string, string>> = {
  DELETES_LIMIT: 'sluice deletes list --select',
  QUARANTINE_LIMIT: 'sluice quarantine list --select',
};

const NOTHING = { phase: null, link: null, count: null, parents: null, reason: null, command: null };

function afterLastStep({ mapping, phases, deletions }: MappingStatus): Recommendation[] {
  const [reading] = phases;
  if (reading === undefined) return [];
  if (reading.last === null) {
    return [{ ...NOTHING, action: 'run', mapping, phase: reading.phase, command: `sluice run --select ${mapping}` }];
  }
  return phases.flatMap(({ phase, last }): Recommendation[] => {
    const command = `sluice run --select ${mapping} --phase ${phase}`;
    if (last?.status === 'failed') {
      return [{ ...NOTHING, action: 'mend', mapping, phase, reason: last.error?.code ?? null, command }];
    }
    const code = last?.error?.code ?? null;
    const decide = isDecided(code, deletions) ? undefined : DECISIONS[code ?? ''];
    if (last?.status === 'stopped' && decide !== undefined) {
      const count = code === 'DELETES_LIMIT' ? deletions.pending : null;
      return [{ ...NOTHING, action: 'decide', mapping, phase, count, reason: code, command: `${decide} ${mapping}` }];
    }
    if (last?.status === 'stopped' || last?.status === 'interrupted') {
      return [{ ...NOTHING, action: 'resume', mapping, phase, reason: last.error?.code ?? null, command }];
    }
    return [];
  });
}

/** Whether somebody has said of all records what shall become of them. */
function isDecided(code: string | null, { pending }: MappingStatus['deletions']): boolean {
  return code === 'DELETES_LIMIT' && pending === 0;
}

function forDeletions({ mapping, phases, deletions }: MappingStatus): Recommendation[] {
  const { pending, confirmed, refused } = deletions;
  const isStopped = phases.some(({ last }) => last?.error?.code === 'DELETES_LIMIT');
  const toCome = confirmed + (isStopped ? 0 : pending);
  const run = `sluice run --select ${mapping}`;
  const list = `sluice deletes list --select ${mapping} --status refused`;
  return [
    ...(toCome === 0 ? [] : [{ ...NOTHING, action: 'carry_out' as const, mapping, count: toCome, command: run }]),
    ...(refused === 0
      ? []
      : [{ ...NOTHING, action: 'look_at_refused' as const, mapping, count: refused, command: list }]),
  ];
}

function forLinks({ mapping, links }: MappingStatus): Recommendation[] {
  return links.flatMap(({ link, phase, ready, waiting, missing_parents: parents }): Recommendation[] => {
    const command = `sluice run --select ${mapping} --phase ${phase}`;
    const why = `sluice pending ${mapping}`;
    return [
      ...(ready === 0 ? [] : [{ ...NOTHING, action: 'link' as const, mapping, phase, link, count: ready, command }]),
      ...(waiting === 0
        ? []
        : [
            {
              ...NOTHING,
              action: 'load_parents' as const,
              mapping,
              phase,
              link,
              count: waiting,
              parents,
              command: why,
            },
          ]),
    ];
  });
}

function forQuarantine({ mapping, quarantined, quarantine }: MappingStatus): Recommendation[] {
  if (quarantined === 0) return [];
  const reason = quarantine[0]?.code ?? null;
  const command = `sluice quarantine list --select ${mapping}`;
  return [{ ...NOTHING, action: 'look_at_quarantine', mapping, count: quarantined, reason, command }];
}
