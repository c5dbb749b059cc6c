import { applyChange, changeOf } from '../apply-change.ts';
import { FAULT_KINDS, type FaultRule } from '../faults.ts';
import { resetState, type OrgState } from '../org-state.ts';
import { openQuery } from '../query/open-query.ts';
import { restQuery } from '../query/rest-query.ts';
import { jsonBody, type OrgRequest } from './org-request.ts';
import { notFound, Problem } from './problem.ts';
import { emptyReply, jsonReply, type Reply } from './reply.ts';

type Control = (org: OrgState, request: OrgRequest) => Reply;

/** `/simulator/...`: what no real org has, without signing in and uncounted. docs/simulated-org.md shows the requests. */
const CONTROLS: Readonly<Record<string, Control>> = {
  'GET usage': (org) => {
    const { user, system } = process.cpuUsage();
    const { rss } = process.memoryUsage();
    return jsonReply({ cpu_ms: (user + system) / 1000, rss_bytes: rss, api_requests: org.limit.used });
  },
  'DELETE usage': (org) => done(() => org.limit.renew()),
  'GET query': look,
  'POST changes': (org, request) => {
    const { changes, ...single } = jsonBody(request);
    const told = (Array.isArray(changes) ? changes : [single]).map(changeOf);
    return jsonReply({ ids: told.map((change) => applyChange(change, org)) });
  },
  'DELETE changes': (org) => done(() => resetState(org)),
  'POST faults': (org, request) => done(() => void org.faults.add(faultRule(jsonBody(request)))),
  'DELETE faults': (org) => done(() => org.faults.clear()),
  'POST timeouts': (org, request) => {
    const { bulkRows, restRows } = jsonBody(request);
    if (bulkRows !== undefined) org.timeouts.bulkRows = rowsOf(bulkRows);
    if (restRows !== undefined) org.timeouts.restRows = rowsOf(restRows);
    return emptyReply();
  },
  'DELETE jobs': (org, { url }) => done(() => org.jobs.expire(url.searchParams.get('id') ?? undefined)),
  'DELETE sessions': (org) => done(() => org.sessions.expireAll()),
};

export function controlReply(request: OrgRequest, org: OrgState): Reply {
  const name = `${request.method} ${request.url.pathname.replace(/^\/simulator\//, '')}`;
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (control === undefined) throw notFound();
  return control(org, request);
}

/** The rows of a query, all of them; `deleted=true` shows those in the bin too. */
function look(org: OrgState, { url }: OrgRequest): Reply {
  const soql = url.searchParams.get('q') ?? '';
  const deletedToo = url.searchParams.get('deleted') === 'true';
  const { totalSize, records, print } = restQuery(openQuery({ soql, data: org.data, now: org.now(), deletedToo }), '');
  const rows = Array.from({ length: records }, (_, at) => print(at));
  return { ...jsonReply(null), body: `{"totalSize":${String(totalSize)},"records":[${rows.join(',\n')}]}\n` };
}

function done(act: () => void): Reply {
  act();
  return emptyReply();
}

/** null takes the limit away. */
function rowsOf(value: unknown): number {
  return typeof value === 'number' ? value : Infinity;
}

function faultRule(body: Record<string, unknown>): FaultRule {
  const { fault } = body;
  const kind: unknown = typeof fault === 'object' && fault !== null && 'kind' in fault ? fault.kind : undefined;
  if (typeof kind !== 'string' || !FAULT_KINDS.includes(kind)) {
    throw new Problem(400, 'INVALID_FAULT', `fault.kind must be one of ${FAULT_KINDS.join(', ')}`);
  }
  // Its numbers are used as they come: a fault that is told wrongly only strikes wrongly.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return body as unknown as FaultRule;
}
