import { jobInfo, type Job } from '../bulk/jobs.ts';
import { hashOf, pageHeaders, pageOf, pagePieces } from '../bulk/result-page.ts';
import { strikeOf } from '../faults.ts';
import { jsonBody } from './org-request.ts';
import { Problem } from './problem.ts';
import { emptyReply, jsonReply, type Reply } from './reply.ts';
import { route, type Call, type Route } from './route.ts';

export const JOB_ROUTES: readonly Route[] = [
  route('POST', /^\/jobs\/query\/?$/, createJob),
  route('GET', /^\/jobs\/query\/?$/, ({ org }) =>
    jsonReply({ done: true, records: org.jobs.all().map((job) => jobInfo(job, false)), nextRecordsUrl: null }),
  ),
  route('GET', /^\/jobs\/query\/(\w+)\/?$/, pollJob),
  route('PATCH', /^\/jobs\/query\/(\w+)\/?$/, abortJob),
  route('DELETE', /^\/jobs\/query\/(\w+)\/?$/, (call) => {
    call.org.jobs.remove(jobOf(call));
    return emptyReply();
  }),
  route('GET', /^\/jobs\/query\/(\w+)\/results\/?$/, results),
];

function createJob({ request, org, apiVersion }: Call): Reply {
  const body = jsonBody(request);
  const { operation, query, columnDelimiter, lineEnding } = body;
  if (operation !== 'query' && operation !== 'queryAll') {
    throw new Problem(400, 'INVALID_FIELD', 'operation must be query or queryAll');
  }
  if (typeof query !== 'string') throw new Problem(400, 'INVALID_FIELD', 'query is required');
  if ((body['contentType'] ?? 'CSV') !== 'CSV') throw new Problem(400, 'INVALID_FIELD', 'contentType must be CSV');
  const wish = {
    operation,
    columnDelimiter: typeof columnDelimiter === 'string' ? columnDelimiter : 'COMMA',
    lineEnding: typeof lineEnding === 'string' ? lineEnding : 'LF',
    apiVersion,
  } as const;
  return jobReply(org.jobs.create(wish, { soql: query, data: org.data, now: org.now() }, org.timeouts.bulkRows), false);
}

function pollJob(call: Call): Reply {
  const job = jobOf(call);
  const failing = strikeOf(call.request.strikes, 'fail-job');
  if (failing === undefined) call.org.jobs.poll(job);
  else {
    job.state = 'Failed';
    job.errorMessage = failing.fault.message;
  }
  return jobReply(job, true);
}

function abortJob(call: Call): Reply {
  if (jsonBody(call.request)['state'] !== 'Aborted') throw new Problem(400, 'INVALIDJOBSTATE', 'state must be Aborted');
  const job = jobOf(call);
  call.org.jobs.abort(job);
  return jobReply(job, false);
}

function results(call: Call): Reply {
  const { request, org } = call;
  const job = jobOf(call);
  if (job.apiVersion !== call.apiVersion) {
    throw new Problem(409, 'INVALIDVERSION', 'The API version differs from the one that the job was created with');
  }
  if (job.state !== 'JobComplete') {
    throw new Problem(400, 'INVALIDJOBSTATE', `Results are not available while the job is ${job.state}`);
  }
  if (strikeOf(request.strikes, 'expire-locator') !== undefined) {
    throw new Problem(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  }
  const { searchParams } = request.url;
  const page = pageOf(job, {
    locator: searchParams.get('locator'),
    maxRecords: searchParams.get('maxRecords'),
    largest: org.bulkPageSize,
  });
  return {
    status: 200,
    headers: pageHeaders(page, request.strikes),
    body: pagePieces(job.csv, page, request.strikes),
    bodyKey: `${job.object} ${String(job.dataVersion)} ${String(hashOf(page.rows))} ${job.csv.header}`,
  };
}

/** Salesforce prints the version of a job as 62.0. */
function jobReply(job: Job, detailed: boolean): Reply {
  const text = JSON.stringify(jobInfo(job, detailed));
  return { ...jsonReply(null), body: text.replace(/"apiVersion":(\d+),/, '"apiVersion":$1.0,') };
}

function jobOf({ org, params, request }: Call): Job {
  if (strikeOf(request.strikes, 'expire-job') !== undefined) org.jobs.expire(params[0]);
  return org.jobs.get(params[0] ?? '');
}
