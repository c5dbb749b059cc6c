/** What a log line may hold of an error: codes, names and places. Never a foreign message, detail or parameter. */
export interface ErrorFields {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly sqlState?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly syscall?: string;
  readonly at: readonly string[];
  readonly cause?: ErrorFields;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Deeper causes say nothing new, and a circle must end. */
const DEEPEST = 5;

/**
 * The parts of an error that cannot hold a record's values. PostgreSQL's `message`, `detail`, `hint`, `where` and
 * Sequelize's `parameters` and `sql` quote them, so they stay behind; our own errors promise a message without values.
 */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const driver = driverError(error);
  const code = textOf(driver, 'code') ?? textOf(error, 'code');
  const cause = depth < DEEPEST && error.cause !== undefined ? errorFields(error.cause, depth + 1) : undefined;
  return {
    name: error.name,
    ...optional('message', error.name === 'SyncError' ? error.message : undefined),
    ...optional(code !== undefined && SQLSTATE.test(code) ? 'sqlState' : 'code', code),
    ...optional('constraint', textOf(driver, 'constraint')),
    ...optional('table', textOf(driver, 'table')),
    ...optional('column', textOf(driver, 'column')),
    ...optional('syscall', textOf(error, 'syscall')),
    at: framesOf(error),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Sequelize wraps the driver's error in `original`. */
function driverError(error: Error): Error {
  return 'original' in error && error.original instanceof Error ? error.original : error;
}

function textOf(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function optional(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}

/** Stack frames without the first lines, which repeat the message. */
function framesOf(error: Error): string[] {
  const lines = error.stack?.split('\n') ?? [];
  return lines.filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line)).map((line) => line.trim());
}
