import type { OrgState } from '../org-state.ts';
import type { OrgRequest } from './org-request.ts';
import type { Reply } from './reply.ts';

/** What a handler gets beside the request. */
export interface Call {
  readonly request: OrgRequest;
  readonly org: OrgState;
  /** The parts of the path that the route leaves open, decoded. */
  readonly params: readonly string[];
  /** `/services/data/v62.0` as the client wrote it, and the version alone. */
  readonly apiPath: string;
  readonly apiVersion: string;
}

export interface Route {
  readonly method: string;
  /** Path behind `/services/data/vXX.X`. */
  readonly path: RegExp;
  readonly handle: (call: Call) => Reply;
}

export function route(method: string, path: RegExp, handle: (call: Call) => Reply): Route {
  return { method, path, handle };
}
