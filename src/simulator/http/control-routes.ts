import { FAULT_KINDS, type FaultRule } from '../faults.ts';
import { applyChange, changeOf } from '../apply-change.ts';
import type { OrgState } from '../org-state.ts';
import { jsonBody, type OrgRequest } from './org-request.ts';
import { notFound, Problem } from './problem.ts';
import { emptyReply, jsonReply, type Reply } from './reply.ts';

/** `/simulator/...`: what no real org has. Faults from another process, and what the org itself costs. */
export function controlReply(request: OrgRequest, org: OrgState): Reply {
  const { pathname } = request.url;
  if (pathname === '/simulator/usage' && request.method === 'GET') {
    const { user, system } = process.cpuUsage();
    const { rss } = process.memoryUsage();
    return jsonReply({ cpu_ms: (user + system) / 1000, rss_bytes: rss, api_requests: org.limit.used });
  }
  if (pathname === '/simulator/faults' && request.method === 'POST') {
    org.faults.add(faultRule(jsonBody(request)));
    return emptyReply();
  }
  if (pathname === '/simulator/faults' && request.method === 'DELETE') {
    org.faults.clear();
    return emptyReply();
  }
  if (pathname === '/simulator/timeouts' && request.method === 'POST') {
    const { bulkRows, restRows } = jsonBody(request);
    if (bulkRows !== undefined) org.timeouts.bulkRows = rowsOf(bulkRows);
    if (restRows !== undefined) org.timeouts.restRows = rowsOf(restRows);
    return emptyReply();
  }
  if (pathname === '/simulator/jobs' && request.method === 'DELETE') {
    org.jobs.expire(request.url.searchParams.get('id') ?? undefined);
    return emptyReply();
  }
  if (pathname === '/simulator/changes' && request.method === 'POST') {
    const { changes, ...single } = jsonBody(request);
    const told = (Array.isArray(changes) ? changes : [single]).map(changeOf);
    return jsonReply({ ids: told.map((change) => applyChange(change, org)) });
  }
  throw notFound();
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
