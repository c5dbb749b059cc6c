import { CAN } from './capabilities.ts';
import type { Found, FoundRow } from './found.ts';
import { KINDS, type KindName, trimmed, type Values } from './kinds.ts';
import { type Citizen, isMeant, type Town, type Version } from './town.ts';

/** Ids of the rows that may be referred to. */
type Here = (kind: KindName, id: Values[string] | undefined) => string | null;

/**
 * What the project makes of one version of a record, in plain words: written from the mapping files, not from the
 * engine. Without the columns that others decide: marks and local ones.
 */
const ROWS: Readonly<Record<Exclude<KindName, 'job'>, (version: Version, here: Here) => FoundRow>> = {
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

/** Links of each kind whose row is there before its parent: column in the state, field of the org. */
const WAITING: Readonly<Record<KindName, Readonly<Record<string, string>>>> = {
  school: { 'school.parent_id': 'ParentId' },
  student: { 'person.school_id': 'AccountId', 'student.home_id': 'npsp__Primary_Affiliation__c' },
  membership: { 'membership.person_id': 'npe5__Contact__c' },
  job: {},
  note: { 'note.person_id': 'ContactId', 'note.school_id': 'AccountId' },
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

/** Holds what was found against what should be there. @returns what is wrong, a line each */
export function wrongIn(town: Town, found: Found, form: string): string[] {
  const wrong: string[] = [];
  const rows = new Map<string, FoundRow>();
  for (const kind of ['school', 'student', 'membership', 'note'] as const) {
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

interface Look {
  readonly town: Town;
  readonly found: Found;
  readonly form: string;
  readonly rows: ReadonlyMap<string, FoundRow>;
  readonly wrong: string[];
}

/** What must become of a record, as things are now. */
type Fate = 'loaded' | 'quarantined' | 'deferred' | 'left out' | 'gone';

function fateOf(citizen: Citizen, { form, rows }: Look): Fate {
  if (citizen.here !== 'live' || !isMeant(citizen, form)) return 'gone';
  if (!KINDS[citizen.kind].isValid(citizen.values)) return 'quarantined';
  if (citizen.kind === 'membership' && !rows.has(String(citizen.values['npe5__Organization__c']))) return 'deferred';
  return citizen.kind === 'job' && !rows.has(String(citizen.values['WhoId'])) ? 'left out' : 'loaded';
}

function checkOne(citizen: Citizen, kind: Exclude<KindName, 'job'>, look: Look): void {
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
  if (kind === 'student' && isGone && row['active'] !== false) wrong.push(`${name} is gone and active`);
  if ('remark' in row && citizen.remark !== undefined && row['remark'] !== citizen.remark) {
    wrong.push(`${name} has lost what was written into its local column`);
  }
  const isLoaded = fate === 'loaded';
  const versions = isLoaded ? [{ values: citizen.values, form }] : citizen.versions;
  const differences = versions.map((version) =>
    isLoaded
      ? differing(row, ROWS[kind](version, here), isEqual)
      : differing(row, ROWS[kind](version, asReferred), mayBe(citizen, look)),
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

/** A school that a note names cannot be deleted. */
function isHeld({ kind, id }: Citizen, { found }: Look): boolean {
  return kind === 'school' && found.rows.note.some((row) => row['school'] === id);
}

type Compare = (column: string, is: Cell, should: Cell) => boolean;
type Cell = FoundRow[string] | undefined;

const isEqual: Compare = (_column, is, should) => is === should;

const LINKS = new Set(['parent', 'school', 'home', 'person']);

const asReferred: Here = (_kind, ref) => (typeof ref === 'string' ? ref : null);

/**
 * Links of a row that has lost its record may be made or not, and lead to who their parent was merged into. One of a
 * later phase may still be that of an earlier version.
 */
function mayBe({ history }: Citizen, { town }: Look): Compare {
  return (column, is, should) => {
    if (is === should || !LINKS.has(column)) return is === should;
    if (column === 'home' && history.some(({ values }) => values['npsp__Primary_Affiliation__c'] === is)) return true;
    let winner = typeof should === 'string' ? town.winners.get(should) : undefined;
    const seen = new Set<string>();
    while (winner !== undefined && winner !== is && !seen.has(winner)) {
      seen.add(winner);
      winner = town.winners.get(winner);
    }
    return is === null || winner === is;
  };
}

function differing(row: FoundRow, wanted: FoundRow, isAsWanted: Compare): string[] {
  return Object.entries(wanted)
    .filter(([column, value]) => !isAsWanted(column, row[column], value))
    .map(([column, value]) => `${column} is ${JSON.stringify(row[column])} and should be ${JSON.stringify(value)}`);
}

/** The state knows of each record what is still to be done about it. */
function checkState(citizen: Citizen, fate: Fate, hasRow: boolean, { found, rows, wrong }: Look): void {
  const { kind, id, values } = citizen;
  const { mapping } = KINDS[kind];
  const inState = `${mapping} ${id}`;
  const expect = (what: string, is: boolean, should: boolean) => {
    if (is !== should) wrong.push(`${kind} ${id} (${fate}) ${is ? 'is' : 'is not'} ${what}`);
  };
  if (fate !== 'gone') {
    // What waits for its parent has not been loaded since it was quarantined, and is still told of.
    if (fate === 'quarantined' || fate === 'loaded') {
      expect('in quarantine', found.quarantined.has(inState), fate === 'quarantined');
    }
    if (fate !== 'quarantined') expect('noted as deferred', found.deferred.has(inState), fate === 'deferred');
    if (CAN.leftOut && fate !== 'quarantined') {
      expect('noted as left out', found.leftOut.has(inState), fate === 'left out');
    }
  }
  if (fate !== 'loaded' || !hasRow) return;
  for (const [link, field] of Object.entries(WAITING[kind])) {
    const ref = values[field] ?? null;
    const waits = ref !== null && !rows.has(String(ref));
    expect(`waiting for its ${link}`, found.waiting.has(`${mapping} ${link} ${id}`), waits);
  }
}

/** A row that several tasks share shows one of them, to which none is to be preferred. */
function checkJobs(look: Look): void {
  const { town, found, form, wrong } = look;
  const jobs = town.all('job');
  const claims = new Map<string, Citizen[]>();
  for (const job of jobs) {
    const fate = fateOf(job, look);
    checkState(job, fate, false, look);
    if (fate !== 'loaded') continue;
    const key = keyOf(job.values);
    claims.set(key, [...(claims.get(key) ?? []), job]);
  }
  const shown = new Map<string, FoundRow>();
  for (const row of found.rows.job) {
    const key = `${String(row['person'])} ${String(row['title'])}`;
    if (shown.has(key)) wrong.push(`job ${key} has more than one row`);
    shown.set(key, row);
    const citizen = town.citizens.get(String(row['id']));
    if (citizen === undefined) {
      wrong.push(`job ${key} shows ${String(row['id'])}, which was never in the org`);
      continue;
    }
    const coming = claims.get(key) ?? [];
    if (coming.length === 0) {
      if (
        CAN.deletes &&
        jobs.some((job) => shows(row, job, job.history) && job.here !== 'live' && lastKey(job) === key)
      )
        wrong.push(`job ${key} shows ${citizen.id}, which is gone`);
      continue;
    }
    const possible = coming.includes(citizen) ? [{ values: citizen.values, form }] : citizen.versions;
    if (!shows(row, citizen, possible))
      wrong.push(`job ${key} shows no version of ${citizen.id}: ${JSON.stringify(row)}`);
    if (CAN.deletes && citizen.here !== 'live') wrong.push(`job ${key} shows ${citizen.id}, which is gone`);
    const better = coming.filter((other) => isBefore(rankOf(other.values), rankOfRow(row)));
    if (better.length > 0)
      wrong.push(`job ${key} shows ${citizen.id} and not ${better.map(({ id }) => id).join(' or ')}`);
  }
  for (const [key, coming] of claims) {
    if (!shown.has(key)) wrong.push(`job ${key} has no row for ${coming.map(({ id }) => id).join(', ')}`);
  }
}

function keyOf(values: Values): string {
  return `${String(values['WhoId'])} ${String(values['Subject'])}`;
}

/** Where its row must be, when there is only one way to tell. */
function lastKey({ versions }: Citizen): string | null {
  const keys = new Set(versions.map(({ values }) => keyOf(values)));
  const [key] = keys;
  return keys.size === 1 ? (key ?? null) : null;
}

function shows(row: FoundRow, { id }: Citizen, versions: readonly Version[]): boolean {
  return (
    row['id'] === id &&
    versions.some(
      ({ values }) =>
        row['person'] === values['WhoId'] &&
        row['title'] === values['Subject'] &&
        row['rank'] === (values['Type'] ?? null) &&
        row['done_on'] === (values['ActivityDate'] ?? null),
    )
  );
}

type Rank = readonly [place: number, highest: string];

function rankOf(values: Values): Rank {
  return rank(values['Type'] ?? null, values['ActivityDate'] ?? null);
}

function rankOfRow(row: FoundRow): Rank {
  return rank(row['rank'] ?? null, row['done_on'] ?? null);
}

function rank(type: Values[string], date: Values[string]): Rank {
  const place = ['first', 'second'].indexOf(String(type));
  return [place < 0 ? 2 : place, String(date ?? '')];
}

function isBefore([a, high]: Rank, [b, low]: Rank): boolean {
  return a === b ? high > low : a < b;
}
