import type { OrgState } from '../org-state.ts';
import { jsonBody, type OrgRequest } from './org-request.ts';
import { Problem } from './problem.ts';
import { jsonReply, type Reply } from './reply.ts';
import { route, type Call, type Route } from './route.ts';

const MOST_REQUESTS = 25;

interface SubRequest {
  readonly method: string;
  /** `v62.0/sobjects/Contact/describe`, or with `/services/data/` before it. */
  readonly url: string;
}

interface Answered {
  readonly status: number;
  /** As JSON text. */
  readonly body: string;
}

/** Answers one request that is already counted and let in. */
export type Dispatch = (request: OrgRequest, org: OrgState) => Reply;

/** `POST /composite/batch`: up to 25 requests that count as one; each has a status of its own inside a 200. */
export function compositeRoutes(dispatch: Dispatch): readonly Route[] {
  return [route('POST', /^\/composite\/batch\/?$/, (call) => batch(call, dispatch))];
}

function batch(call: Call, dispatch: Dispatch): Reply {
  const { batchRequests, haltOnError } = jsonBody(call.request);
  const requests = Array.isArray(batchRequests) ? batchRequests.map(subRequest) : [];
  if (requests.length === 0) throw new Problem(400, 'JSON_PARSER_ERROR', 'batchRequests must hold a request');
  if (requests.length > MOST_REQUESTS) {
    throw new Problem(400, 'LIMIT_EXCEEDED', `A batch holds at most ${String(MOST_REQUESTS)} requests`);
  }
  const results: string[] = [];
  let hasErrors = false;
  for (const sub of requests) {
    const answered: Answered = hasErrors && haltOnError === true ? halted() : answerOf(sub, call, dispatch);
    if (answered.status >= 400) hasErrors = true;
    results.push(`{"statusCode":${String(answered.status)},"result":${answered.body}}`);
  }
  const text = `{"hasErrors":${String(hasErrors)},"results":[${results.join(',')}]}`;
  return { ...jsonReply(null), body: text };
}

function answerOf(sub: SubRequest, { request, org }: Call, dispatch: Dispatch): Answered {
  const path = sub.url.startsWith('/') ? sub.url : `/services/data/${sub.url}`;
  // Its own headers and faults are the batch's: a sub-request never travels.
  const own = { method: sub.method.toUpperCase(), url: new URL(path, org.url), headers: {}, body: '', strikes: [] };
  try {
    const { status, body } = dispatch({ ...request, ...own }, org);
    return { status, body: body === null ? 'null' : typeof body === 'string' ? body : [...body].join('') };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: error.status, body: JSON.stringify([{ errorCode: error.code, message: error.message }]) };
  }
}

function halted(): Answered {
  const message = 'Batch processing was halted by the user because of an error in an earlier request';
  return { status: 412, body: JSON.stringify([{ errorCode: 'BATCH_PROCESSING_HALTED', message }]) };
}

function subRequest(value: unknown): SubRequest {
  const { method, url }: { method?: unknown; url?: unknown } = typeof value === 'object' ? { ...value } : {};
  if (typeof method === 'string' && typeof url === 'string') return { method, url };
  throw new Problem(400, 'JSON_PARSER_ERROR', 'A request of a batch has a method and a url');
}
