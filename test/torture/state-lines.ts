import { CAN } from './capabilities.ts';
import { KINDS, type KindName } from './kinds.ts';
import { type Fate, isHeld, type Look } from './look.ts';
import type { Citizen } from './citizen.ts';

/** Links of each kind whose row is there before its parent: column in the state, field of the org. */
const WAITING: Readonly<Record<KindName, Readonly<Record<string, string>>>> = {
  school: { 'school.parent_id': 'ParentId' },
  student: { 'person.school_id': 'AccountId', 'student.home_id': 'npsp__Primary_Affiliation__c' },
  membership: { 'membership.person_id': 'npe5__Contact__c' },
  job: {},
  note: { 'note.person_id': 'ContactId', 'note.school_id': 'AccountId' },
};

/** The state knows of each record what is still to be done about it, and nothing else. */
export function checkState(citizen: Citizen, fate: Fate, hasRow: boolean, look: Look): void {
  const { found, rows, wrong } = look;
  const { kind, id, values } = citizen;
  const { mapping } = KINDS[kind];
  const inState = `${mapping} ${id}`;
  const expect = (what: string, is: boolean, should: boolean) => {
    if (is !== should) wrong.push(`${kind} ${id} (${fate}) ${is ? 'is' : 'is not'} ${what}`);
  };
  // What has left a filter that keeps its row is looked at by nobody: what was noted about it stays as well.
  if (fate === 'gone' && citizen.here === 'live' && KINDS[kind].leftFilter === 'keep') return;
  const status = found.deletions.get(inState) ?? 'none';
  if (!deletionsOf(citizen, fate, hasRow, look).includes(status)) {
    wrong.push(`${kind} ${id} (${fate}): the state of its deletion is ${status}`);
  }
  // Without a trace, and never here: only a reading of everything tells that nobody has to look at it any more.
  if (citizen.here === 'purged' && citizen.shown === null) return;
  // What waits for its parent has not been loaded since it was quarantined, and is still told of.
  const isSettled = fate !== 'deferred' && fate !== 'left out';
  if (isSettled) expect('in quarantine', found.quarantined.has(inState), fate === 'quarantined');
  // One that went without a trace after its row did is asked for, and forgotten, when its parent comes.
  if (citizen.here === 'purged' && !hasRow) return;
  expect('noted as deferred', found.deferred.has(inState), fate === 'deferred');
  if (CAN.leftOut) expect('noted as left out', found.leftOut.has(inState), fate === 'left out');
  // A row that has stayed behind waits as it did before.
  if (hasRow && fate !== 'loaded' && KINDS[kind].atEnd !== 'soft') return;
  if (fate === 'quarantined' || !isSettled) return;
  for (const [link, field] of Object.entries(WAITING[kind])) {
    const ref = values[field] ?? null;
    // See asLoaded().
    if (look.town.winners.has(String(ref))) continue;
    const waits = fate === 'loaded' && hasRow && ref !== null && !rows.has(String(ref));
    expect(`waiting for its ${link}`, found.waiting.has(`${mapping} ${link} ${id}`), waits);
  }
}

/** What may be noted about the end of a record. */
function deletionsOf(citizen: Citizen, fate: Fate, hasRow: boolean, look: Look): readonly string[] {
  if (fate === 'loaded') return ['none'];
  // It was gone before; nothing of it was loaded since it is back.
  if (fate !== 'gone') return ['none', 'done'];
  if (KINDS[citizen.kind].atEnd === 'ignore') return hasRow ? ['ignored'] : ['none', 'ignored'];
  if (hasRow && isHeld(citizen, look)) return ['refused'];
  return hasRow ? ['done'] : ['none', 'done'];
}
