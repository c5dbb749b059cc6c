import { CAN } from './capabilities.ts';
import type { FoundRow } from './found.ts';
import type { Values } from './kinds.ts';
import { fateOf, type Look, versionOf } from './look.ts';
import { checkState } from './state-lines.ts';
import type { Citizen, Version } from './citizen.ts';

/** A row that several tasks share shows one of them, to which none is to be preferred. */
export function checkJobs(look: Look): void {
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
    const possible = coming.includes(citizen) ? [versionOf(citizen, form)] : citizen.versions;
    if (!shows(row, citizen, possible))
      wrong.push(`job ${key} shows no version of ${citizen.id}: ${JSON.stringify(row)}`);
    if (!coming.includes(citizen) && fateOf(citizen, look) === 'loaded')
      wrong.push(`job ${key} shows ${citizen.id}, which has another row`);
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
