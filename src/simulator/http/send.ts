import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { atMost, strikeOf, type Strike } from '../faults.ts';
import type { BodyCache } from './body-cache.ts';
import type { Reply } from './reply.ts';

export interface Sending {
  readonly acceptsGzip: boolean;
  readonly strikes: readonly Strike[];
  readonly cache: BodyCache;
}

/** Smaller bodies are not worth packing. */
const GZIP_FROM = 1024;

/** Sends a reply, chunked and packed where asked, and breaks it where a fault says so. */
export async function sendReply(response: ServerResponse, reply: Reply, sending: Sending): Promise<void> {
  if (strikeOf(sending.strikes, 'drop') !== undefined) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  if (reply.body === null) {
    response.end();
    return;
  }
  const reset = strikeOf(sending.strikes, 'reset');
  const cut = strikeOf(sending.strikes, 'cut');
  const pieces = cutOff(buffersOf(reply.body), cut?.fault.afterBytes ?? Infinity);
  const packed = sending.acceptsGzip && !(typeof reply.body === 'string' && reply.body.length < GZIP_FROM);
  if (packed) response.setHeader('content-encoding', 'gzip');
  const wire = (): Iterable<Buffer> | AsyncIterable<Buffer> =>
    packed ? Readable.from(pieces).pipe(createGzip({ level: 1 })) : pieces;

  if (reset?.fault.withLength === true) {
    const whole = await wholeOf(wire());
    response.setHeader('content-length', whole.length);
    await write(response, [whole], sending.strikes);
    return;
  }
  const key = sending.strikes.length > 0 || reply.bodyKey === undefined ? null : `${String(packed)} ${reply.bodyKey}`;
  const kept = key === null ? undefined : sending.cache.get(key);
  if (key === null || kept !== undefined) await write(response, kept ?? wire(), sending.strikes);
  else await write(response, keeping(wire(), key, sending.cache), []);
}

/** Passes the pieces on and keeps them once all of them went by. */
async function* keeping(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  key: string,
  cache: BodyCache,
): AsyncGenerator<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) {
    all.push(piece);
    yield piece;
  }
  cache.set(key, all);
}

async function write(
  response: ServerResponse,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  strikes: readonly Strike[],
): Promise<void> {
  const reset = strikeOf(strikes, 'reset');
  const stall = strikeOf(strikes, 'stall');
  const breakAt = Math.min(reset?.fault.afterBytes ?? Infinity, stall?.fault.afterBytes ?? Infinity);
  let sent = 0;
  response.flushHeaders();
  for await (const piece of pieces) {
    if (response.destroyed) return;
    if (sent + piece.length >= breakAt) {
      await new Promise((done) => response.write(piece.subarray(0, breakAt - sent), done));
      if (stall !== undefined) await Promise.race([atMost(stall.released, stall.fault.forMs), gone(response)]);
      response.socket?.resetAndDestroy();
      return;
    }
    sent += piece.length;
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

/** Until the client has taken what was written, or has gone. */
async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}

async function gone(response: ServerResponse): Promise<void> {
  if (!response.closed) await once(response, 'close');
}

function* buffersOf(body: string | Iterable<string | Buffer>): Generator<Buffer> {
  if (typeof body === 'string') {
    yield Buffer.from(body);
    return;
  }
  for (const piece of body) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

function* cutOff(pieces: Iterable<Buffer>, length: number): Generator<Buffer> {
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) return;
    yield left >= piece.length ? piece : piece.subarray(0, left);
    left -= piece.length;
  }
}

async function wholeOf(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
