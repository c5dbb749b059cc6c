import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { FileSource, Source } from '../config/source.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import { CsvFile, type CsvLine } from './csv-file.ts';
import { type FileRows, fileRows } from './file-rows.ts';
import { findSuperseded } from './later-lines.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';

export interface FileRequest extends Omit<ReadRequest, 'soql' | 'fields'> {
  readonly source: Source;
  /** Only these records; null for all. */
  readonly ids: readonly string[] | null;
}

export interface FileReaderDeps {
  /** Folder of the project: paths are relative to it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onExpected: (records: number) => void;
  /** @param what  a code and a path, as reports count warnings */
  readonly onWarning: (what: string, times: number) => void;
}

/**
 * Opens the file of a mapping: one slice, in constant memory. Of lines with one id, the last one counts, with a warning.
 * @returns null when the file may be missing and is, which is a warning
 * @throws SyncError SOURCE_FILE_MISSING, SOURCE_FILE_BROKEN
 */
export async function openFileReader(request: FileRequest, deps: FileReaderDeps): Promise<RowReader | null> {
  const { source, version } = request;
  if (source.file === null) throw new RangeError(`${source.object} is no file`);
  const csv = await openCsv(source.file, deps);
  if (csv === null) return null;
  try {
    const rows = fileRows(await headerOf(csv), source, version);
    const { lines, superseded } = await findSuperseded(async function* ids() {
      for await (const some of recordLines(csv)) yield some.map((line) => rows.idOf(line));
    });
    if (superseded.size > 0) deps.onWarning(`DUPLICATE_RECORD ${source.file.path}`, superseded.size);
    const wanted = request.ids === null ? null : new Set(request.ids);
    if (wanted === null) deps.onExpected(Math.min(lines - superseded.size, request.limit ?? Infinity));
    return new FileReader(csv, request, { rows, superseded, wanted });
  } catch (error) {
    await csv.close();
    throw error;
  }
}

interface Choice {
  readonly rows: FileRows;
  readonly superseded: ReadonlySet<number>;
  readonly wanted: ReadonlySet<string> | null;
}

class FileReader implements RowReader {
  readonly #csv: CsvFile;
  readonly #request: FileRequest;
  readonly #records: AsyncGenerator<readonly SourceRecord[], void, undefined>;
  #ready: SourceRecord[] = [];
  #ended = false;
  #given = 0;
  #done = false;

  constructor(csv: CsvFile, request: FileRequest, choice: Choice) {
    this.#csv = csv;
    this.#request = request;
    this.#records = recordsOf(csv, choice);
  }

  async next(): Promise<SourceBatch | null> {
    if (this.#done) return null;
    const { batchSize, limit, source } = this.#request;
    const room = Math.min(batchSize, (limit ?? Infinity) - this.#given);
    // One more than is given, to know whether more will come.
    while (!this.#ended && this.#ready.length <= room) await this.#read();
    const records = this.#ready.slice(0, room);
    this.#ready = this.#ready.slice(room);
    this.#given += records.length;
    this.#done = (this.#ended && this.#ready.length === 0) || this.#given === limit;
    return {
      slice: { kind: 'file', ordinal: 1, job: null, locator: null },
      fields: source.fields,
      records,
      last: this.#done,
    };
  }

  async close(): Promise<void> {
    await this.#records.return();
    await this.#csv.close();
  }

  async #read(): Promise<void> {
    const some = await this.#records.next();
    if (some.done === true) this.#ended = true;
    else this.#ready = this.#ready.length === 0 ? [...some.value] : [...this.#ready, ...some.value];
  }
}

async function* recordsOf(
  csv: CsvFile,
  { rows, superseded, wanted }: Choice,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  let line = 0;
  for await (const some of recordLines(csv)) {
    const first = line;
    line += some.length;
    const latest = some.filter((_line, at) => !superseded.has(first + at));
    const records = latest.map((one) => rows.recordOf(one));
    yield wanted === null ? records : records.filter(({ id }) => wanted.has(id));
  }
}

/** The lines below the header. */
async function* recordLines(csv: CsvFile): AsyncGenerator<readonly CsvLine[], void, undefined> {
  let isHeader = true;
  for await (const lines of csv.lines()) {
    yield isHeader ? lines.slice(1) : lines;
    isHeader &&= lines.length === 0;
  }
}

async function headerOf(csv: CsvFile): Promise<CsvLine | undefined> {
  for await (const [first] of csv.lines()) if (first !== undefined) return first;
  return undefined;
}

async function openCsv({ path, delimiter, optional }: FileSource, deps: FileReaderDeps): Promise<CsvFile | null> {
  const { folder, signal, onWarning } = deps;
  const whole = resolve(folder, path);
  const outside = relative(folder, whole).split(sep)[0] === '..' && !isAbsolute(path);
  if (outside) throw new SyncError('SOURCE_FILE_MISSING', `${path} leads out of the project's folder.`);
  let handle: FileHandle;
  try {
    handle = await open(whole, 'r');
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    if (missing && optional) {
      onWarning(`SOURCE_FILE_MISSING ${path}`, 1);
      return null;
    }
    const why = missing ? 'is not there' : 'cannot be read';
    throw new SyncError('SOURCE_FILE_MISSING', `${path} ${why}.`, { cause: error });
  }
  if ((await handle.stat()).isFile()) return new CsvFile(handle, { name: path, delimiter, signal });
  await handle.close();
  throw new SyncError('SOURCE_FILE_MISSING', `${path} is no file.`);
}
