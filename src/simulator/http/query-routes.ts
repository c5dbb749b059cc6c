import { strikeOf } from '../faults.ts';
import { openQuery } from '../query/open-query.ts';
import { restQuery } from '../query/rest-query.ts';
import { TOO_LONG } from '../timeouts.ts';
import { Problem } from './problem.ts';
import type { Reply } from './reply.ts';
import { route, type Call, type Route } from './route.ts';

const JSON_HEADERS = { 'content-type': 'application/json;charset=UTF-8' };

export const QUERY_ROUTES: readonly Route[] = [
  route('GET', /^\/query\/?$/, (call) => firstPage(call, false)),
  route('GET', /^\/queryAll\/?$/, (call) => firstPage(call, true)),
  route('GET', /^\/query(?:All)?\/([^/]+)$/, nextPage),
];

function firstPage(call: Call, deletedToo: boolean): Reply {
  const soql = call.request.url.searchParams.get('q');
  if (soql === null) throw new Problem(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  if (soql.length > 100_000)
    throw new Problem(400, 'QUERY_TOO_COMPLICATED', 'SOQL statements cannot be longer than 100,000 characters.');
  const { org, apiPath } = call;
  const result = restQuery(openQuery({ soql, data: org.data, now: org.now(), deletedToo }), apiPath);
  if (result.totalSize > org.timeouts.restRows && result.records > 0) {
    throw new Problem(400, 'QUERY_TIMEOUT', TOO_LONG);
  }
  const body = org.queries.first({ result, pageSize: pageSize(call), apiPath });
  return { status: 200, headers: JSON_HEADERS, body };
}

function nextPage(call: Call): Reply {
  const [locator = ''] = call.params;
  if (strikeOf(call.request.strikes, 'expire-locator') !== undefined) call.org.queries.expire(locator);
  return { status: 200, headers: JSON_HEADERS, body: call.org.queries.next(locator) };
}

/** `Sforce-Query-Options: batchSize=500` is a wish; the org never gives more than its own size. */
function pageSize({ request, org }: Call): number {
  const wish = /batchSize=(\d+)/.exec(String(request.headers['sforce-query-options'] ?? ''))?.[1];
  return Math.min(org.restPageSize, Math.min(2000, Math.max(200, Number(wish ?? 2000))));
}
