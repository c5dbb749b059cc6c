import { CAN } from './capabilities.ts';
import type { Found, FoundRow } from './found.ts';
import { checkJobs } from './jobs.ts';
import { KINDS } from './kinds.ts';
import { type Fate, fateOf, isHeld, type Look, versionOf } from './look.ts';
import { asLoaded, asReferred, differing, type Here, mayBe, ROW_KINDS, ROWS, type RowKind } from './rows.ts';
import { checkState } from './state-lines.ts';
import type { Town } from './town.ts';
import type { Citizen } from './citizen.ts';

/** Holds what was found against what should be there. @returns what is wrong, a line each */
export function wrongIn(town: Town, found: Found, form: string): string[] {
  const wrong: string[] = [];
  const rows = new Map<string, FoundRow>();
  for (const kind of ROW_KINDS) {
    for (const row of found.rows[kind]) {
      const id = String(row['id']);
      if (rows.has(id)) wrong.push(`${kind} ${id} has more than one row`);
      if (town.citizens.get(id)?.kind !== kind) wrong.push(`${kind} ${id} was never in the org`);
      rows.set(id, row);
    }
  }
  const look: Look = { town, found, form, rows, wrong };
  for (const citizen of town.citizens.values()) {
    if (citizen.kind === 'job') continue;
    checkOne(citizen, citizen.kind, look);
  }
  checkJobs(look);
  return wrong;
}

function checkOne(citizen: Citizen, kind: RowKind, look: Look): void {
  const { rows, wrong, form } = look;
  const row = rows.get(citizen.id);
  const name = `${kind} ${citizen.id}`;
  const fate = fateOf(citizen, look);
  const here: Here = (parent, ref) =>
    typeof ref === 'string' && look.town.citizens.get(ref)?.kind === parent && rows.has(ref) ? ref : null;
  checkState(citizen, fate, row !== undefined, look);
  if (row === undefined) {
    if (fate === 'loaded') wrong.push(`${name} has no row`);
    else if (mustHaveStayed(citizen, fate)) wrong.push(`${name} (${fate}) has lost its row`);
    return;
  }
  const isGone = fate === 'gone' && goesWith(citizen);
  if (isGone && KINDS[kind].atEnd === 'hard' && !isHeld(citizen, look)) {
    wrong.push(`${name} is gone (${citizen.here}), and its row is still there`);
    return;
  }
  if (kind === 'student' && fate === 'loaded' && row['active'] !== true) wrong.push(`${name} is not active`);
  if (kind === 'student' && fate === 'quarantined' && !citizen.wasGone && row['active'] !== true) {
    wrong.push(`${name} was never gone, and is not active`);
  }
  if (kind === 'student' && isGone && row['active'] !== false) wrong.push(`${name} is gone and active`);
  if ('remark' in row && citizen.remark !== undefined && row['remark'] !== citizen.remark) {
    wrong.push(`${name} has lost what was written into its local column`);
  }
  const isLoaded = fate === 'loaded';
  const versions = isLoaded ? [versionOf(citizen, form)] : citizen.versions;
  const differences = versions.map((version) =>
    isLoaded
      ? differing(row, ROWS[kind](version, here), asLoaded(kind, version, look.town))
      : differing(row, ROWS[kind](version, asReferred), mayBe(citizen, look.town)),
  );
  if (differences.some((columns) => columns.length === 0) || (citizen.drifted && !isLoaded)) return;
  const best = differences.toSorted((a, b) => a.length - b.length)[0];
  wrong.push(`${name} (${fate}): ${best === undefined ? 'no version of it could be read' : best.join('; ')}`);
}

/** Whether its row follows it when it is gone. */
function goesWith({ kind, here }: Citizen): boolean {
  if (!CAN.deletes) return false;
  return here !== 'live' || KINDS[kind].leftFilter === 'delete';
}

/** A row that was loaded stays unless it is deleted, or one that it cannot be without. */
function mustHaveStayed({ kind, loaded }: Citizen, fate: Fate): boolean {
  if (!loaded || kind === 'membership') return false;
  return fate !== 'gone' || !CAN.deletes || KINDS[kind].atEnd !== 'hard';
}
