import type { ErrorCode } from '../errors/codes.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { HttpAnswer } from './http-client.ts';
import { isMap } from '../config/is-record.ts';
import { parseJson } from './json.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly transient?: boolean;
}

/** By Salesforce's errorCode. Bulk leaves out the underscores of some, so they are compared without. */
const BY_ERROR_CODE: Readonly<Record<string, Meaning>> = {
  INVALIDFIELD: { code: 'ORG_FIELD_MISSING' },
  INVALIDTYPE: { code: 'ORG_OBJECT_MISSING' },
  MALFORMEDQUERY: { code: 'ORG_QUERY_REFUSED' },
  INVALIDQUERYFILTEROPERATOR: { code: 'ORG_QUERY_REFUSED' },
  NUMBEROUTSIDEVALIDRANGE: { code: 'ORG_QUERY_REFUSED' },
  QUERYTOOCOMPLICATED: { code: 'ORG_QUERY_REFUSED' },
  OPERATIONTOOLARGE: { code: 'ORG_QUERY_REFUSED' },
  EXCEEDEDIDLIMIT: { code: 'ORG_QUERY_REFUSED' },
  INVALIDENTITY: { code: 'ORG_QUERY_REFUSED' },
  INVALIDJOB: { code: 'ORG_QUERY_REFUSED' },
  FEATURENOTENABLED: { code: 'ORG_ACCESS_DENIED' },
  QUERYTIMEOUT: { code: 'ORG_QUERY_TIMEOUT' },
  INVALIDQUERYLOCATOR: { code: 'ORG_LOCATOR_EXPIRED' },
  INVALIDLOCATOR: { code: 'ORG_LOCATOR_EXPIRED' },
  REQUESTLIMITEXCEEDED: { code: 'API_BUDGET_SPENT' },
  LIMITEXCEEDED: { code: 'API_BUDGET_SPENT' },
  EXCEEDEDQUOTA: { code: 'API_BUDGET_SPENT' },
  APIDISABLEDFORORG: { code: 'ORG_ACCESS_DENIED' },
  APICURRENTLYDISABLED: { code: 'ORG_ACCESS_DENIED' },
  INSUFFICIENTACCESS: { code: 'ORG_ACCESS_DENIED' },
  FUNCTIONALITYNOTENABLED: { code: 'ORG_ACCESS_DENIED' },
  TXNSECURITYMETERINGERROR: { code: 'ORG_ACCESS_DENIED' },
  UNABLETOLOCKROW: { code: 'ORG_BUSY', transient: true },
  UNKNOWNEXCEPTION: { code: 'ORG_BUSY', transient: true },
  SERVERUNAVAILABLE: { code: 'ORG_BUSY', transient: true },
};

const BUSY_STATUSES = new Set([408, 420, 429, 500, 502, 503, 504]);
/** 401 answers that a new session does not heal. */
const NOT_EXPIRED = ['This session is not valid for use with the REST API', 'Connected app is not attached'];

/** What the org said, taken out of JSON, an OAuth object, HTML or nothing at all. */
export interface OrgFault {
  /** Salesforce's errorCode, or the OAuth error; '' when there is none. */
  readonly errorCode: string;
  /** One line, shortened. */
  readonly message: string;
}

/** Whether a new session would help. */
export function isSessionExpired({ status, body }: HttpAnswer): boolean {
  return status === 401 && !NOT_EXPIRED.some((said) => body.includes(said));
}

/** What an answer that is not a success means for us. */
export function errorOf(answer: HttpAnswer, what: string): SyncError {
  const fault = readFault(answer);
  const meaning = meaningOf(answer.status, fault);
  const said = [`HTTP ${String(answer.status)}`, fault.errorCode, fault.message].filter((part) => part !== '');
  return new SyncError(meaning.code, `${what}: ${said.join(', ')}`, {
    details: {
      status: answer.status,
      errorCode: fault.errorCode,
      transient: meaning.transient === true,
      retryAfterMs: retryAfterMs(answer),
    },
  });
}

function meaningOf(status: number, { errorCode, message }: OrgFault): Meaning {
  const known = BY_ERROR_CODE[plain(errorCode)];
  if (known?.code === 'API_BUDGET_SPENT' && /concurrent/i.test(message)) return { code: 'ORG_BUSY', transient: true };
  // INVALID_FIELD is also said of a literal of the wrong type; only this text names a field that is not there.
  if (known?.code === 'ORG_FIELD_MISSING' && !/no such column|didn't understand relationship/i.test(message)) {
    return { code: 'ORG_QUERY_REFUSED' };
  }
  if (known !== undefined) return known;
  if (BUSY_STATUSES.has(status)) return { code: 'ORG_BUSY', transient: true };
  if (status === 401 || status === 403) return { code: 'ORG_ACCESS_DENIED' };
  if (status === 404) return { code: 'ORG_OBJECT_MISSING' };
  if (status === 414 || status === 431) return { code: 'ORG_QUERY_REFUSED' };
  return { code: 'ORG_UNEXPECTED_ANSWER' };
}

/** Whether the org takes this query by REST only: an object or a form of query that Bulk does not know. */
export function isRefusedByBulk(error: unknown): boolean {
  if (!(error instanceof SyncError) || error.code !== 'ORG_QUERY_REFUSED') return false;
  return plain(String(error.details?.['errorCode'])) === 'INVALIDENTITY' || /bulk/i.test(error.message);
}

function readFault({ body, headers }: HttpAnswer): OrgFault {
  if (/html/i.test(headers['content-type'] ?? '')) return { errorCode: '', message: 'a web page instead of an answer' };
  const parsed = parseJson(body);
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isMap(first)) {
    return { errorCode: '', message: body.trim() === '' ? 'an empty answer' : 'an answer that is not JSON' };
  }
  return {
    errorCode: text(first['errorCode'] ?? first['error']),
    message: oneLine(text(first['message'] ?? first['error_description'])),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The org underlines the place of a mistake in a second line; in one line that says nothing. */
function oneLine(message: string): string {
  return message
    .replace(/\s*\^\s*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}

function plain(errorCode: string): string {
  return errorCode.replaceAll('_', '').toUpperCase();
}

/** Seconds or a date in `Retry-After`, as milliseconds from now; 0 when there is none. */
function retryAfterMs({ headers }: HttpAnswer): number {
  const asked = headers['retry-after'];
  if (asked === undefined) return 0;
  const seconds = Number(asked);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(asked) - Date.parse(headers.date ?? asked);
  return Number.isNaN(until) ? 0 : Math.max(0, until);
}
