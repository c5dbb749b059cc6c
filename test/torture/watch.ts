import type { Found, FoundRow } from './found.ts';
import { KINDS } from './kinds.ts';
import { asReferred, differing, mayBe, ROW_KINDS, ROWS, type RowKind } from './rows.ts';
import type { Town } from './town.ts';
import { type Citizen, isMeant, type Version } from './citizen.ts';

/**
 * Looks at the rows while the story goes on: each may be behind its record, but never falls back behind what it has
 * shown before, and one that has followed its record does not come back without it.
 * @param form  of the project that ran last, or runs
 * @returns what is wrong, a line each
 */
export function fallenBack(town: Town, found: Found, form: string): string[] {
  const wrong: string[] = [];
  for (const kind of ROW_KINDS) {
    const rows = new Map(found.rows[kind].map((row) => [String(row['id']), row]));
    for (const citizen of town.all(kind)) {
      const row = rows.get(citizen.id);
      const line = (row === undefined ? null : shownBy(row, citizen, kind, town)) ?? lookAtEnd(citizen, row, form);
      if (line !== null) wrong.push(`${kind} ${citizen.id} ${line}`);
    }
  }
  return wrong;
}

function shownBy(row: FoundRow, citizen: Citizen, kind: RowKind, town: Town): string | null {
  if (citizen.drifted) return null;
  const { shown } = citizen;
  const allowed = mayBe(citizen, town);
  const possible = citizen.history.filter(
    (version) => canLoad(version, kind) && differing(row, ROWS[kind](version, asReferred), allowed).length === 0,
  );
  const current = possible.filter(({ stamp }) => shown === null || stamp >= shown);
  if (possible.length === 0) return `shows what it never was: ${JSON.stringify(row)}`;
  if (current.length === 0) return `shows an older state than before: ${JSON.stringify(row)}`;
  citizen.shown = Math.min(...current.map(({ stamp }) => stamp));
  return null;
}

function canLoad({ values, form }: Version, kind: RowKind): boolean {
  return KINDS[kind].isValid(values) && isMeant({ kind, values }, form);
}

/** Of kinds whose rows follow them by themselves: a membership also goes with its school. */
function lookAtEnd(citizen: Citizen, row: FoundRow | undefined, form: string): string | null {
  const { kind, here, history, stamp, shown } = citizen;
  const isGone = here === 'deleted' || (here === 'live' && !isMeant(citizen, form));
  // Of a change in the very second in which it went, or without a stamp, nobody can say which was the later one.
  const isLater = history.every((version) => version.stamp < stamp);
  if (shown === null || !isGone || !isLater || (kind !== 'student' && kind !== 'school')) return null;
  const hasFollowed = kind === 'student' ? row?.['active'] === false : row === undefined;
  if (citizen.seenGone && !hasFollowed) return `is gone (${here}), and its row is back`;
  citizen.isAwaited &&= hasFollowed;
  citizen.seenGone = hasFollowed && !citizen.isAwaited;
  return null;
}
