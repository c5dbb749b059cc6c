import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';
import type { Strike } from '../faults.ts';

/** A request with its body read. */
export interface OrgRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly strikes: readonly Strike[];
}

/** Salesforce refuses longer ones; a longer query must travel by Bulk. */
const LONGEST_HEAD = 16_384;
const LONGEST_BODY = 10_000_000;

export async function readBody(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST_BODY) throw new Problem(413, 'REQUEST_ENTITY_TOO_LARGE', 'The request is too large');
  }
  return Buffer.concat(pieces).toString('utf8');
}

export function refuseLongHead(message: IncomingMessage): void {
  const head = message.rawHeaders.reduce((sum, text) => sum + text.length + 2, message.url?.length ?? 0);
  if (head > LONGEST_HEAD) throw new Problem(414, 'URI_TOO_LONG', 'URI Too Long');
}

/** @throws Problem JSON_PARSER_ERROR where the body is no JSON object */
export function jsonBody(request: OrgRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(request.body === '' ? '{}' : request.body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, with whatever else is no object.
  }
  throw new Problem(400, 'JSON_PARSER_ERROR', 'Unexpected character in the request body: a JSON object is expected');
}
