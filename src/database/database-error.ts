import { types } from 'node:util';
import type { ErrorCode } from '../errors/codes.ts';
import type { RowCode } from '../errors/row-codes.ts';
import { SyncError } from '../errors/sync-error.ts';

const { isNativeError } = types;

/**
 * What the database refused, without a row's values: the server's `detail`, its `where` and the message of a data
 * error quote them, so none of these is kept.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** Five characters, or null when the server said nothing (lost connection). */
  readonly sqlState: string | null;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  /** Node's code for trouble with the socket: `ECONNREFUSED` and the like. */
  readonly socketCode: string | null;

  constructor(facts: DatabaseErrorFacts) {
    super(facts.message);
    this.sqlState = facts.sqlState;
    this.constraint = facts.constraint;
    this.table = facts.table;
    this.column = facts.column;
    this.socketCode = facts.socketCode;
  }
}

interface DatabaseErrorFacts {
  readonly message: string;
  readonly sqlState: string | null;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly socketCode: string | null;
}

/**
 * What a database error means for who caught it.
 * - `row`: some row of the statement is at fault; narrow it down, quarantine it, go on.
 * - `transient`: the same work can succeed in a new transaction.
 * - `fatal`: trying again cannot help; stop the run with this code.
 */
export type DatabaseTrouble =
  | {
      readonly kind: 'row';
      readonly code: RowCode;
      readonly constraint: string | null;
      readonly table: string | null;
      readonly column: string | null;
    }
  | { readonly kind: 'transient'; readonly code: ErrorCode }
  | { readonly kind: 'fatal'; readonly code: ErrorCode };

const ROW_STATES: Readonly<Record<string, RowCode>> = {
  '23502': 'MISSING_REQUIRED_FIELD',
  '23503': 'FK_NOT_FOUND',
  '23505': 'DUPLICATE_RECORD',
  '23514': 'DB_CONSTRAINT',
  '22001': 'DB_CONSTRAINT',
  '21000': 'DUPLICATE_RECORD',
  '44000': 'DB_CONSTRAINT',
  // An index entry larger than a page: the value is at fault, though the class says "program limit".
  '54000': 'DB_CONSTRAINT',
};

const FATAL_STATES: Readonly<Record<string, ErrorCode>> = {
  '3D000': 'DATABASE_AUTH_FAILED',
  '42501': 'DATABASE_PERMISSION',
  '25006': 'DATABASE_PERMISSION',
  '53100': 'DATABASE_FULL',
  '42P01': 'DATABASE_SCHEMA_MISMATCH',
  '42703': 'DATABASE_SCHEMA_MISMATCH',
  '42P10': 'DATABASE_SCHEMA_MISMATCH',
  '42804': 'DATABASE_SCHEMA_MISMATCH',
  '3F000': 'DATABASE_SCHEMA_MISMATCH',
  '428C9': 'DATABASE_SCHEMA_MISMATCH',
};

const TRANSIENT_STATES: Readonly<Record<string, ErrorCode>> = {
  '40000': 'DATABASE_BUSY',
  '40001': 'DATABASE_BUSY',
  '40P01': 'DATABASE_BUSY',
  '55P03': 'DATABASE_BUSY',
  '57014': 'DATABASE_BUSY',
  '53200': 'DATABASE_BUSY',
  '53300': 'DATABASE_BUSY',
  '25P04': 'DATABASE_BUSY',
  '57P01': 'DATABASE_LOST',
  '57P02': 'DATABASE_LOST',
  '57P03': 'DATABASE_UNREACHABLE',
  '57P05': 'DATABASE_LOST',
  '25P03': 'DATABASE_LOST',
};

const SOCKET_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'DATABASE_UNREACHABLE',
  ENOTFOUND: 'DATABASE_UNREACHABLE',
  EAI_AGAIN: 'DATABASE_UNREACHABLE',
  ETIMEDOUT: 'DATABASE_UNREACHABLE',
  EHOSTUNREACH: 'DATABASE_UNREACHABLE',
  ENETUNREACH: 'DATABASE_UNREACHABLE',
  ENOENT: 'DATABASE_UNREACHABLE',
  ECONNRESET: 'DATABASE_LOST',
  EPIPE: 'DATABASE_LOST',
};

/** Classes whose trouble is a row's: cardinality, data, integrity, check option, raised by a function or trigger. */
const ROW_CLASSES = new Set(['09', '21', '22', '23', '27', '38', '39', '44', 'P0']);

/** Classes that the standard and PostgreSQL define and that are no row's fault; any other class is a trigger's own. */
const OTHER_CLASSES = new Set(
  '00 01 02 03 08 0A 0B 0F 0L 0P 0Z 10 20 24 25 26 28 2B 2D 2F 34 3B 3D 3F 40 42 53 54 55 57 58 72 F0 HV XX'.split(' '),
);

/** Classes whose messages name objects and settings, never a row's values. */
const CLASSES_WITH_PLAIN_TEXT = new Set(['08', '0A', '25', '26', '28', '3D', '3F', '40', '42', '53', '55', '57', '58']);

/** SQLSTATE of an error of ours, of pg or of Sequelize; null when it is none or the server gave none. */
export function sqlState(error: unknown): string | null {
  const facts = factsOf(error);
  return facts === null ? null : facts.sqlState;
}

/** @returns null when the error does not come from the database */
export function classifyDatabaseError(error: unknown): DatabaseTrouble | null {
  const facts = factsOf(error);
  return facts === null ? null : troubleOf(facts);
}

/** Replaces an error of pg or Sequelize by one that holds no row's values; gives back any other error as it is. */
export function withoutValues(error: unknown): unknown {
  if (error instanceof DatabaseError) return error;
  const facts = factsOf(error);
  return facts === null ? error : new DatabaseError(facts);
}

/**
 * The same trouble as one that stops a run or a command.
 * @returns the error itself when it does not come from the database
 */
export function toSyncError(error: unknown): unknown {
  if (error instanceof SyncError) return error;
  const facts = factsOf(error);
  if (facts === null) return error;
  const trouble = troubleOf(facts);
  const code = trouble.kind === 'row' ? 'DATABASE_FAILED' : trouble.code;
  return new SyncError(code, facts.message, {
    cause: withoutValues(error),
    details: { sqlState: facts.sqlState, constraint: facts.constraint, table: facts.table, column: facts.column },
  });
}

function troubleOf(facts: DatabaseErrorFacts): DatabaseTrouble {
  const { sqlState: state, constraint, table, column } = facts;
  if (state === null) {
    return { kind: 'transient', code: SOCKET_CODES[facts.socketCode ?? ''] ?? 'DATABASE_LOST' };
  }
  const stateClass = state.slice(0, 2);
  const fatal = FATAL_STATES[state];
  if (fatal !== undefined) return { kind: 'fatal', code: fatal };
  const transient = TRANSIENT_STATES[state];
  if (transient !== undefined) return { kind: 'transient', code: transient };
  const row = ROW_STATES[state];
  if (row !== undefined) return { kind: 'row', code: row, constraint, table, column };
  if (ROW_CLASSES.has(stateClass) || !OTHER_CLASSES.has(stateClass)) {
    return { kind: 'row', code: 'DB_INTEGRITY', constraint, table, column };
  }
  if (stateClass === '08') return { kind: 'transient', code: 'DATABASE_LOST' };
  if (stateClass === '28') return { kind: 'fatal', code: 'DATABASE_AUTH_FAILED' };
  return { kind: 'fatal', code: 'DATABASE_FAILED' };
}

function factsOf(error: unknown): DatabaseErrorFacts | null {
  if (error instanceof DatabaseError) return error;
  // Not `instanceof`: errors of Node's own modules come from another realm where code runs in a sandbox.
  if (!isNativeError(error)) return null;
  // Sequelize wraps the driver's error.
  const original = fieldOf(error, 'original');
  if (isNativeError(original) && original !== error) return factsOf(original);
  const code = textOf(error, 'code');
  if (code !== null && /^[0-9A-Z]{5}$/.test(code) && 'severity' in error) return serverFacts(error, code);
  if (code !== null && code in SOCKET_CODES) return lostFacts(`cannot reach the database (${code})`, code);
  if (LOST.test(error.message) || error.name.startsWith('SequelizeConnection')) {
    return lostFacts(`the connection to the database was lost: ${error.message}`, timeoutCode(error));
  }
  return null;
}

/** Texts that pg and Sequelize give where there is no code. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|Connection ended|connection is closed|The server does not support SSL)/i;

function timeoutCode(error: Error): string | null {
  return /timeout|timed out/i.test(error.message) ? 'ETIMEDOUT' : null;
}

function lostFacts(message: string, socketCode: string | null): DatabaseErrorFacts {
  return { message, sqlState: null, constraint: null, table: null, column: null, socketCode };
}

function serverFacts(error: Error, state: string): DatabaseErrorFacts {
  const constraint = textOf(error, 'constraint');
  const table = textOf(error, 'table');
  const column = textOf(error, 'column');
  const names = [
    constraint === null ? null : `constraint ${constraint}`,
    table === null ? null : `table ${table}`,
    column === null ? null : `column ${column}`,
  ].filter((name) => name !== null);
  // A trigger may raise any state, with a row's values in its message.
  const raised = textOf(error, 'routine') === 'exec_stmt_raise';
  const said = CLASSES_WITH_PLAIN_TEXT.has(state.slice(0, 2)) && !raised ? error.message : 'the database refused a row';
  const message = names.length === 0 ? `${said} (${state})` : `${said} (${state}, ${names.join(', ')})`;
  return { message, sqlState: state, constraint, table, column, socketCode: null };
}

function textOf(error: Error, name: string): string | null {
  const value = fieldOf(error, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldOf(error: Error, name: string): unknown {
  return Reflect.get(error, name);
}
