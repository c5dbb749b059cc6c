import { findRows } from '../query/find-rows.ts';
import { openQuery, type QueryCall } from '../query/open-query.ts';
import { TOO_LONG } from '../timeouts.ts';
import { restDateTime } from '../query/json-value.ts';
import { Problem } from '../http/problem.ts';
import { firstRunning, idMaker } from '../ids.ts';
import { csvPlan, type CsvForm, type CsvPlan } from './render-csv.ts';

/**
 * UploadComplete: waiting its turn. InProgress: running. JobComplete: results can be read.
 * Failed: `errorMessage` says why. Aborted: by the client.
 * A poll moves it on: `pollsQueued` polls later it runs, `pollsRunning` polls later it is complete.
 */
export type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export interface Job {
  readonly id: string;
  readonly operation: 'query' | 'queryAll';
  readonly object: string;
  readonly created: number;
  readonly form: Readonly<Record<'columnDelimiter' | 'lineEnding', string>>;
  readonly apiVersion: string;
  /** Of the data as it was when the job was created. */
  readonly dataVersion: number;
  readonly csv: CsvPlan;
  readonly rows: Int32Array;
  /** How it will fail when it has run, where it means more rows than the org can find in time. */
  readonly timeout: string | null;
  state: JobState;
  polls: number;
  errorMessage: string | null;
}

export interface JobRequest {
  readonly operation: 'query' | 'queryAll';
  readonly columnDelimiter: string;
  readonly lineEnding: string;
  readonly apiVersion: string;
}

export interface JobPace {
  readonly pollsQueued: number;
  readonly pollsRunning: number;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
};

const jobId = idMaker('750');

/** A query that ran too long, and one whose results could not be fetched in time, in the org's own words; in turn. */
const TIMEOUTS: readonly string[] = [
  'InternalServerError : Retried more than thirty times',
  `QUERY_TIMEOUT: ${TOO_LONG}`,
];

/** The query jobs of the org. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #pace: JobPace;
  #made = firstRunning();

  constructor(pace: JobPace) {
    this.#pace = pace;
  }

  /**
   * Checks the query and fixes its rows with the values they have now, whatever changes before they are read. (A REST
   * query fixes its rows too, and reads their values page by page.) A query that cannot be read fails here, not later.
   * @param timeoutRows a job that means more rows fails
   */
  create(request: JobRequest, call: Omit<QueryCall, 'deletedToo'>, timeoutRows = Infinity): Job {
    const data = call.data.snapshot();
    const scope = openQuery({ ...call, data, deletedToo: request.operation === 'queryAll' });
    const csv = csvPlan(scope, formOf(request));
    const ordered = scope.query.orderBy.length > 0 || scope.query.limit !== null;
    const rows = findRows(scope);
    this.#made += 1;
    const job: Job = {
      id: jobId(this.#made),
      operation: request.operation,
      object: scope.table.schema.name,
      created: call.now.getTime(),
      form: { columnDelimiter: request.columnDelimiter, lineEnding: request.lineEnding },
      apiVersion: request.apiVersion,
      dataVersion: data.version,
      csv,
      rows: ordered ? rows : inChunkOrder(rows),
      state: 'UploadComplete',
      polls: 0,
      timeout: rows.length > timeoutRows ? (TIMEOUTS[this.#made % TIMEOUTS.length] ?? null) : null,
      errorMessage: null,
    };
    this.#jobs.set(job.id, job);
    return job;
  }

  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new Problem(404, 'NOT_FOUND', 'The requested resource does not exist');
    return job;
  }

  all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** A poll: the only thing that lets a job move on. */
  poll(job: Job): void {
    if (job.state !== 'UploadComplete' && job.state !== 'InProgress') return;
    job.polls += 1;
    if (job.polls > this.#pace.pollsQueued) job.state = 'InProgress';
    if (job.polls <= this.#pace.pollsQueued + this.#pace.pollsRunning) return;
    job.state = job.timeout === null ? 'JobComplete' : 'Failed';
    job.errorMessage = job.timeout;
  }

  /** Takes a job away with its results, as an org does after seven days; all of them unless one is told. */
  expire(id?: string): void {
    if (id === undefined) this.#jobs.clear();
    else this.#jobs.delete(id);
  }

  abort(job: Job): void {
    if (job.state !== 'UploadComplete' && job.state !== 'InProgress') {
      throw new Problem(400, 'INVALIDJOBSTATE', `Aborting already Completed Job not allowed`);
    }
    job.state = 'Aborted';
  }

  remove(job: Job): void {
    if (job.state === 'UploadComplete' || job.state === 'InProgress') {
      throw new Problem(400, 'INVALIDJOBSTATE', 'A query job can only be deleted in a terminal state');
    }
    this.#jobs.delete(job.id);
  }
}

/** What a job looks like; `detailed` adds what only GET tells. */
export function jobInfo(job: Job, detailed: boolean): Record<string, unknown> {
  const info = {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: '0055e000000000AAAQ',
    createdDate: restDateTime(job.created),
    systemModstamp: restDateTime(job.created),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.apiVersion),
    ...job.form,
  };
  if (!detailed) return info;
  const done = job.state === 'JobComplete' ? job.rows.length : 0;
  return {
    ...info,
    jobType: 'V2Query',
    retries: 0,
    totalProcessingTime: done === 0 ? 0 : Math.ceil(done / 50),
    numberRecordsProcessed: done,
    isPkChunkingSupported: true,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  };
}

function formOf(request: JobRequest): CsvForm {
  const delimiter = DELIMITERS[request.columnDelimiter];
  if (delimiter === undefined) {
    throw new Problem(400, 'INVALID_FIELD', `columnDelimiter ${request.columnDelimiter} is not valid`);
  }
  if (request.lineEnding !== 'LF' && request.lineEnding !== 'CRLF') {
    throw new Problem(400, 'INVALID_FIELD', `lineEnding ${request.lineEnding} is not valid`);
  }
  return { delimiter, lineEnding: request.lineEnding === 'LF' ? '\n' : '\r\n' };
}

const CHUNK = 5000;

/** Salesforce reads large tables in chunks side by side, so their rows come in no order that one may trust. */
function inChunkOrder(rows: Int32Array): Int32Array {
  const chunks: Int32Array[] = [];
  for (let from = 0; from < rows.length; from += CHUNK) chunks.push(rows.subarray(from, from + CHUNK));
  const mixed = [...chunks.filter((_, at) => at % 2 === 1), ...chunks.filter((_, at) => at % 2 === 0)];
  const ordered = new Int32Array(rows.length);
  let to = 0;
  for (const chunk of mixed) {
    ordered.set(chunk, to);
    to += chunk.length;
  }
  return ordered;
}
