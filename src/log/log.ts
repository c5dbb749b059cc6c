import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Bindings, type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorFields } from './error-fields.ts';
import { safeFields } from './safe-fields.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Past this the log file is put aside as FILE.1 at the next start, in bytes. */
const KEEP_BYTES = 10 * 1024 * 1024;

export interface LogOptions {
  readonly level: LogLevel;
  /** null for stderr. */
  readonly file: string | null;
  /** Told once when the log cannot be written, with the system's code (`ENOSPC`): no reason to stop a run. */
  readonly onTrouble: (code: string) => void;
}

/** Opens the log: JSON, one line an event. */
export function openLog({ level, file, onTrouble }: LogOptions): Logger {
  let told = false;
  const trouble = (error: unknown): void => {
    if (!told) onTrouble(codeOf(error));
    told = true;
  };
  try {
    const stream = destination(file);
    stream.on('error', trouble);
    return logTo(stream, level);
  } catch (error) {
    trouble(error);
    return logTo({ write: () => undefined }, 'silent');
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}

/** A log on a stream that is handed in. */
export function logTo(stream: DestinationStream, level: LogLevel): Logger {
  const log = pino({ ...OPTIONS, level }, stream);
  // pino asks formatters.bindings for the first logger only, so a child's fields are made safe on their way in. Children
  // inherit from their parent, so this holds for theirs as well.
  // oxlint-disable-next-line typescript/unbound-method -- called with the right logger below
  const { child } = log;
  return Object.defineProperty(log, 'child', {
    value(this: Logger, fields: Bindings): unknown {
      return child.call(this, safeFields(fields), undefined);
    },
  });
}

function destination(file: string | null): ReturnType<typeof pino.destination> {
  if (file === null) return pino.destination({ dest: 2, sync: true });
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > KEEP_BYTES) renameSync(file, `${file}.1`);
  // Synchronous: what was logged before a kill is there to read. A run logs dozens of lines, not thousands.
  return pino.destination({ dest: file, sync: true });
}

/**
 * Redaction by construction: nothing reaches a line but still messages, and fields that {@link safeFields} knows.
 */
const OPTIONS: LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  // In place of pino's own, which prints message and stack. It is asked before the formatters for a child's fields.
  serializers: { err: (value: unknown) => (value instanceof Error ? errorFields(value) : value) },
  formatters: {
    level: (label) => ({ level: label }),
    log: safeFields,
  },
  hooks: {
    // Arguments for %s would be moving parts in a still message: they are dropped. A bare error becomes a field.
    logMethod([first, second], method) {
      if (first instanceof Error) method.call(this, { err: errorFields(first) }, text(second) ?? 'error');
      else if (typeof first === 'string') method.call(this, first);
      else method.call(this, first, text(second));
    },
  },
};

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
