import type { IncomingMessage } from 'node:http';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SyncError } from '../errors/sync-error.ts';
import { bytesOf } from './http-client.ts';
import type { Deadlines } from './settings.ts';

/** One page of a Bulk result, while it is on its way. */
export interface ResultPage {
  /** Records in this page, by its header. */
  readonly records: number;
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
  /** The CSV as it comes, unpacked. Throws a transient SyncError when it breaks off. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Resolves when all bytes have come over the network, or none will come any more; never rejects. */
  readonly downloaded: Promise<void>;
  /** Stops the download, if it still goes on. */
  close(): void;
}

/** Packed bytes that may wait for the reader: the download keeps network speed while the database works. */
const AHEAD_BYTES = 8 * 1024 * 1024;
/** A larger piece is not faster to read, and stays in memory longer. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Takes over an answer with a result page.
 * @throws SyncError when it is no such page; its body is never read then
 */
export function resultPage(answer: IncomingMessage, deadlines: Deadlines, signal: AbortSignal): ResultPage {
  try {
    const { records, next } = readHeaders(answer);
    const { chunks, downloaded } = download(answer, deadlines, signal);
    return { records, next, chunks: honest(chunks, signal), downloaded, close: () => answer.destroy() };
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

function readHeaders({ headers }: IncomingMessage): { records: number; next: string | null } {
  const type = headers['content-type'] ?? '';
  if (!/^text\/csv\b/i.test(type)) {
    throw new SyncError(
      'ORG_UNEXPECTED_ANSWER',
      `a result page comes as ${type === '' ? 'nothing known' : type}, not CSV`,
    );
  }
  const locator = headers['sforce-locator'];
  // Without this header nobody knows whether there are more pages: neither the end nor the first page again.
  if (typeof locator !== 'string' || locator === '') throw broken('a result page does not say where the next begins');
  const records = Number(headers['sforce-numberofrecords']);
  if (!Number.isInteger(records)) throw broken('a result page does not say how many records it has');
  return { records, next: locator === 'null' ? null : locator };
}

function download(
  answer: IncomingMessage,
  deadlines: Deadlines,
  signal: AbortSignal,
): { chunks: Readable; downloaded: Promise<void> } {
  const ahead = new PassThrough({ highWaterMark: AHEAD_BYTES });
  const stop = watch(answer, ahead, deadlines);
  const downloaded = new Promise<void>((resolve) => {
    answer.once('close', () => {
      stop();
      resolve();
    });
  });
  const abort = (): void => {
    answer.destroy(new Error('stopped'));
  };
  signal.addEventListener('abort', abort, { once: true });
  const done = (): void => {
    signal.removeEventListener('abort', abort);
  };
  if (answer.headers['content-encoding'] !== 'gzip') {
    pipeline(answer, ahead, done);
    return { chunks: ahead, downloaded };
  }
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  pipeline(answer, ahead, plain, done);
  return { chunks: plain, downloaded };
}

/** Ends an answer that stalls, or that drips for ever. Time in which we do not read is not the org's. */
function watch(answer: IncomingMessage, ahead: PassThrough, { idleMs, pageMs }: Deadlines): () => void {
  let heardAt = performance.now();
  let readingMs = 0;
  const hear = (): void => {
    const now = performance.now();
    readingMs += now - heardAt;
    heardAt = now;
    if (readingMs > pageMs) answer.destroy(new Error('the page did not end in time'));
  };
  const timer = setInterval(
    () => {
      if (ahead.writableNeedDrain) heardAt = performance.now();
      else if (performance.now() - heardAt >= idleMs) answer.destroy(new Error('no byte came in time'));
    },
    Math.max(1, idleMs / 4),
  );
  answer.on('data', hear);
  return () => {
    clearInterval(timer);
  };
}

async function* honest(chunks: Readable, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* bytesOf(chunks);
  } catch (cause) {
    signal.throwIfAborted();
    throw broken('a result page broke off', cause);
  }
}

function broken(message: string, cause?: unknown): SyncError {
  return new SyncError('ORG_RESULT_BROKEN', message, { cause, details: { transient: true } });
}
