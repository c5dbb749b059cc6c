import type { FoundRow } from './found.ts';
import { type KindName, trimmed, type Values } from './kinds.ts';
import type { Town } from './town.ts';
import type { Citizen, Version } from './citizen.ts';

/** Ids of the rows that may be referred to. */
export type Here = (kind: KindName, id: Values[string] | undefined) => string | null;

/** Each record of these kinds has a row of its own. */
export type RowKind = Exclude<KindName, 'job'>;

export const ROW_KINDS: readonly RowKind[] = ['school', 'student', 'membership', 'note'];

/**
 * What the project makes of one version of a record, in plain words: written from the mapping files, not from the
 * engine. Without the columns that others decide: marks and local ones.
 */
export const ROWS: Readonly<Record<RowKind, (version: Version, here: Here) => FoundRow>> = {
  school: ({ values }, here) => ({ name: trimmed(values['Name']), parent: here('school', values['ParentId']) }),
  student: ({ values, form }, here) => {
    const motto = trimmed(values['Title']);
    const grade = values['Current_Grade__c'];
    return {
      name: values['LastName'] ?? null,
      school: here('school', values['AccountId']),
      extended: true,
      motto: form === 'loud' ? (motto?.toUpperCase() ?? null) : motto,
      grade: typeof grade === 'number' && grade <= 12 ? grade : null,
      home: here('school', values['npsp__Primary_Affiliation__c']),
      mails: mailsOf(values),
    };
  },
  membership: ({ values }, here) => ({
    role: values['npe5__Role__c'] ?? null,
    school: here('school', values['npe5__Organization__c']),
    person: here('student', values['npe5__Contact__c']),
  }),
  note: ({ values }, here) => ({
    subject: values['Subject'] ?? null,
    school: here('school', values['AccountId']),
    person: here('student', values['ContactId']),
  }),
};

function mailsOf(values: Values): string | null {
  const entries = [
    ['own', values['Email']],
    ['work', values['npe01__WorkEmail__c']],
  ] as const;
  const mails = entries.flatMap(([kind, mail]) => {
    const address = trimmed(mail)?.toLowerCase();
    return address === undefined ? [] : [`${kind} ${address}`];
  });
  return mails.length === 0 ? null : mails.join(', ');
}

type Compare = (column: string, is: Cell, should: Cell) => boolean;
type Cell = FoundRow[string] | undefined;

const LINKS = new Set(['parent', 'school', 'home', 'person']);

export const asReferred: Here = (_kind, ref) => (typeof ref === 'string' ? ref : null);

/**
 * Links of a row that has lost its record may be made or not, and lead to who their parent was merged into. One of a
 * later phase may still be that of an earlier version.
 */
export function mayBe({ history }: Citizen, { winners }: Pick<Town, 'winners'>): Compare {
  return (column, is, should) => {
    if (is === should || !LINKS.has(column)) return is === should;
    if (is === null || leadsTo(should, is, winners)) return true;
    return (
      column === 'home' &&
      history.some(
        ({ values: { npsp__Primary_Affiliation__c: ref = null } }) => ref === is || leadsTo(ref, is, winners),
      )
    );
  };
}

/**
 * What a loaded row may show. No record of an org names one that was merged into another; where ours does all the same,
 * its row leads to the master if it was there before the merge, and nowhere if it came after it.
 */
export function asLoaded(kind: RowKind, version: Version, { winners }: Pick<Town, 'winners'>): Compare {
  const named = ROWS[kind](version, asReferred);
  return (column, is, should) => is === should || (LINKS.has(column) && leadsTo(named[column], is, winners));
}

/** True when that one was merged into this one, perhaps by way of others. */
function leadsTo(from: Cell, to: Cell, winners: Town['winners']): boolean {
  const seen = new Set<string>();
  let winner = typeof from === 'string' ? winners.get(from) : undefined;
  while (winner !== undefined && winner !== to && !seen.has(winner)) {
    seen.add(winner);
    winner = winners.get(winner);
  }
  return winner !== undefined && winner === to;
}

export function differing(row: FoundRow, wanted: FoundRow, isAsWanted: Compare): string[] {
  return Object.entries(wanted)
    .filter(([column, value]) => !isAsWanted(column, row[column], value))
    .map(([column, value]) => `${column} is ${JSON.stringify(row[column])} and should be ${JSON.stringify(value)}`);
}
