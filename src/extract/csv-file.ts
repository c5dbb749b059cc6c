import type { FileHandle } from 'node:fs/promises';
import { SyncError } from '../errors/sync-error.ts';
import { type CsvDialect, CsvBroken, CsvReader } from './csv-reader.ts';

/** A line of a file, without its line break; a value may hold line breaks of its own. */
export interface CsvLine {
  readonly text: string;
  /** How many values it has; 0 when that cannot be said. */
  readonly columns: number;
  /** True when its bytes were not valid UTF-8. */
  readonly invalid: boolean;
}

/** Bytes that are read at once. */
const CHUNK = 256 * 1024;

/** An open CSV file. Always read from its start, as often as one likes: a file that is replaced meanwhile stays the old one. */
export class CsvFile {
  readonly #handle: FileHandle;
  readonly #name: string;
  readonly #dialect: CsvDialect;
  readonly #signal: AbortSignal;

  /** @param name  for messages */
  constructor(
    handle: FileHandle,
    { name, delimiter, signal }: { readonly name: string; readonly delimiter: string; readonly signal: AbortSignal },
  ) {
    this.#handle = handle;
    this.#name = name;
    this.#dialect = { delimiter, lenient: true };
    this.#signal = signal;
  }

  /**
   * The lines that are not blank, as they come; the header first.
   * @throws SyncError SOURCE_FILE_BROKEN for a quote that is never closed
   */
  async *lines(): AsyncGenerator<readonly CsvLine[], void, undefined> {
    let ready: CsvLine[] = [];
    let line = 1;
    const csv = new CsvReader((text, columns, invalid) => {
      line += 1 + breaksIn(text);
      if (text.trim() !== '') ready.push({ text, columns, invalid });
    }, this.#dialect);
    const read = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof CsvBroken)) throw error;
        throw new SyncError('SOURCE_FILE_BROKEN', `${this.#name}:${String(line)}: a quote is opened and never closed.`);
      }
    };
    for (let position = 0; ;) {
      this.#signal.throwIfAborted();
      // A new one each time: the reader keeps the end of the last.
      const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      read(() => csv.write(buffer.subarray(0, bytesRead)));
      yield ready;
      ready = [];
    }
    read(() => csv.end());
    yield ready;
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
