import { isAscii } from 'node:buffer';
import { SyncError } from '../errors/sync-error.ts';
import type { KeyColumn, OrgKeys } from '../flow/org-key.ts';
import type { JobInfo } from '../salesforce/bulk-jobs.ts';
import type { ResultPage } from '../salesforce/result-page.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { valuesOf } from './csv-line.ts';

/** Ids travel light: few and large pages. */
export const KEYS_OF_A_PAGE = 50_000;

/** What the fields of a query are, by their names. */
export type KeyFields = ReadonlyMap<string, KeyColumn>;

export interface KeysReaderDeps {
  readonly salesforce: Salesforce;
  readonly signal: AbortSignal;
}

/**
 * Reads ids and stamps by a Bulk job and gives its pages on as they came: to take each line apart, and to hash it, would
 * take longer than everything else.
 * @param job  complete
 * @param meanings  what each selected field is, by its name
 */
export async function* keyPages(
  { id: job, records: expected }: Pick<JobInfo, 'id' | 'records'>,
  meanings: KeyFields,
  { salesforce, signal }: KeysReaderDeps,
): AsyncGenerator<OrgKeys, void, undefined> {
  let locator: string | null = null;
  let given = 0;
  do {
    const page: WholePage = await askPage(job, locator, meanings, { salesforce, signal });
    yield page.keys;
    given += page.records;
    if (page.next !== null && page.next === locator) {
      throw new SyncError('ORG_RESULT_BROKEN', 'the pages of the result go round in a circle');
    }
    locator = page.next;
  } while (locator !== null);
  // Whoever compares would take what is missing for records that are gone.
  if (expected === null || given === expected) return;
  throw new SyncError('ORG_RESULT_BROKEN', `the pages hold ${String(given)} keys of ${String(expected)}`);
}

async function askPage(
  job: string,
  locator: string | null,
  meanings: KeyFields,
  { salesforce, signal }: KeysReaderDeps,
): Promise<WholePage> {
  const place = { job, locator, maxRecords: KEYS_OF_A_PAGE };
  const ask = async (): Promise<WholePage> => wholePage(await salesforce.resultPage(place, signal), meanings);
  return salesforce.retry('result page', ask, signal);
}

interface WholePage {
  readonly keys: OrgKeys;
  readonly records: number;
  readonly next: string | null;
}

/** @throws SyncError ORG_RESULT_BROKEN, transient, when the page is not whole */
async function wholePage(page: ResultPage, meanings: KeyFields): Promise<WholePage> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of page.chunks) chunks.push(chunk);
    const text = Buffer.concat(chunks);
    const start = text.indexOf(LF) + 1;
    const columns = columnsOf(text.toString('latin1', 0, start), meanings);
    const csv = text.subarray(start);
    // No id and no stamp has anything else in it: not to be found out by the database.
    if (!isAscii(csv)) throw broken('it has bytes that no id has');
    const records = linesIn(csv);
    if (records !== page.records) throw broken(`it has ${String(records)} records and says ${String(page.records)}`);
    return { keys: { csv, columns, mayRepeat: false }, records, next: page.next };
  } finally {
    page.close();
  }
}

const LF = 10;

/** No id and no stamp has a line break in it; a last line without one was cut off. */
function linesIn(csv: Buffer): number {
  if (csv.length > 0 && csv.at(-1) !== LF) throw broken('it ends within a record');
  let lines = 0;
  for (let at = csv.indexOf(LF); at !== -1; at = csv.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

function columnsOf(header: string, meanings: KeyFields): OrgKeys['columns'] {
  const wanted = new Map([...meanings].map(([name, column]) => [name.toLowerCase(), column]));
  const names = valuesOf(header.trimEnd()).map((name) => name.toLowerCase());
  const columns = names.flatMap((name) => wanted.get(name) ?? []);
  if (new Set(columns).size === wanted.size && names.length === wanted.size) return columns;
  throw broken('its columns are not those of the query');
}

function broken(why: string): SyncError {
  return new SyncError('ORG_RESULT_BROKEN', `a result page is not whole: ${why}`, { details: { transient: true } });
}
