import { restDateTime } from '../query/json-value.ts';
import { fieldOf } from '../schema/object-schema.ts';
import { deletedIn } from '../references.ts';
import { notFound, Problem } from './problem.ts';
import { jsonReply, type Reply } from './reply.ts';
import { route, type Call, type Route } from './route.ts';

const MINUTE = 60_000;
const OLDEST_START = 30 * 24 * 60 * MINUTE;

/** What changed and what was deleted between two instants, by id. They stand before `/sobjects/X/ID`. */
export const REPLICATION_ROUTES: readonly Route[] = [
  route('GET', /^\/sobjects\/(\w+)\/updated\/?$/, updated),
  route('GET', /^\/sobjects\/(\w+)\/deleted\/?$/, deleted),
];

function updated(call: Call): Reply {
  const { start, end, latest } = windowOf(call);
  const table = tableOf(call);
  const [stamps, ids] = ['SystemModstamp', 'Id'].map((name) => {
    const field = fieldOf(table.whole, name);
    return field === undefined ? () => null : table.column(field);
  });
  const isDeleted = deletedIn(table);
  const found: string[] = [];
  for (let index = 0; index < table.size; index += 1) {
    const stamp = Number(stamps?.(index) ?? 0);
    if (stamp >= start && stamp < end && !isDeleted(index)) found.push(String(ids?.(index)));
  }
  return jsonReply({ ids: found, latestDateCovered: restDateTime(latest) });
}

function deleted(call: Call): Reply {
  const { start, end, latest, now } = windowOf(call);
  const { deletions } = call.org.records;
  const from = Math.max(start, deletions.knownFrom(now));
  const found = deletions.between(tableOf(call).schema.name, from, end);
  return jsonReply({
    deletedRecords: found.map(({ id, at }) => ({ id, deletedDate: restDateTime(at) })),
    earliestDateAvailable: restDateTime(deletions.knownFrom(now)),
    latestDateCovered: restDateTime(latest),
  });
}

function tableOf({ org, params }: Call): NonNullable<ReturnType<Call['org']['data']['table']>> {
  const table = org.data.table(params[0] ?? '');
  if (table === undefined) throw notFound();
  return table;
}

/** Seconds are ignored, in both. */
function windowOf({ org, request }: Call): { start: number; end: number; latest: number; now: number } {
  const [start = 0, end = 0] = ['start', 'end'].map((name) => {
    const time = Date.parse(request.url.searchParams.get(name) ?? '');
    if (Number.isNaN(time)) throw new Problem(400, 'INVALID_REPLICATION_DATE', `${name} must be a date-time`);
    return Math.floor(time / MINUTE) * MINUTE;
  });
  const now = org.now().getTime();
  if (end - start < MINUTE) {
    throw new Problem(400, 'INVALID_REPLICATION_DATE', 'startDate must be at least one minute less than endDate');
  }
  if (start < now - OLDEST_START) {
    throw new Problem(400, 'INVALID_REPLICATION_DATE', 'startDate cannot be more than 30 days ago');
  }
  return { start, end, latest: Math.min(end, Math.floor(now / MINUTE) * MINUTE), now };
}
