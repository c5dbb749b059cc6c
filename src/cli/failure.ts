import { ERRORS, EXIT } from '../errors/codes.ts';
import { SyncError } from '../errors/sync-error.ts';

/** What went wrong, as a person and `--json` are told. */
export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly actions: readonly string[];
  readonly details: Readonly<Record<string, unknown>> | null;
  /** Where in our code it happened, for a report of a bug; empty for trouble that we know. */
  readonly place: readonly string[];
}

/**
 * Whatever was thrown, in our own words.
 * - SyncError: as it says itself.
 * - oclif's complaints about arguments and commands: USAGE_INVALID.
 * - anything else: INTERNAL, with the message only where it cannot hold a record's values.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof SyncError) {
    return {
      exit: error.spec.exit,
      code: error.code,
      // Of our own word about a flag, too, oclif makes two lines and more.
      message: error.code === 'USAGE_INVALID' ? usageText(error.message) : error.message,
      actions: error.actions,
      details: error.details ?? null,
      place: [],
    };
  }
  if (isUsageError(error)) {
    return {
      exit: EXIT.wrongUse,
      code: 'USAGE_INVALID',
      message: usageText(error.message),
      actions: [ERRORS.USAGE_INVALID.next],
      details: null,
      place: [],
    };
  }
  return {
    exit: EXIT.dataFailure,
    code: 'INTERNAL',
    message: safeText(error),
    actions: [ERRORS.INTERNAL.next],
    details: null,
    place: placeOf(error),
  };
}

/** The exit code of oclif's `exit()`, which it throws; null for anything else. */
export function plainExit(error: unknown): number | null {
  return error instanceof Error && 'code' in error && error.code === 'EEXIT' ? (oclifExit(error) ?? 0) : null;
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && oclifExit(error) !== undefined;
}

function oclifExit(error: Error): number | undefined {
  const oclif: unknown = 'oclif' in error ? error.oclif : undefined;
  if (typeof oclif !== 'object' || oclif === null || !('exit' in oclif)) return undefined;
  return typeof oclif.exit === 'number' ? oclif.exit : undefined;
}

/** In one line: oclif puts a flag and what is wrong with it into two. */
function usageText(text: string): string {
  return text
    .replace(/\n?See more help with --help/, '')
    .trim()
    .replaceAll(/\s*\n\s*/gu, ': ')
    .replace('::', ':');
}

function safeText(error: unknown): string {
  if (!(error instanceof Error)) return 'Something that is not an error was thrown.';
  if (isSystemError(error)) return `${error.syscall} failed with ${error.code}${error.path ? `: ${error.path}` : ''}`;
  // A parser's, a driver's and even a TypeError's message may quote what it choked on; this one names variables.
  return error instanceof ReferenceError ? `${error.name}: ${error.message}` : `Unexpected ${error.name}`;
}

function isSystemError(error: Error): error is Error & { code: string; syscall: string; path?: string } {
  return 'syscall' in error && typeof error.syscall === 'string' && 'code' in error && typeof error.code === 'string';
}

function placeOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack?.split('\n') ?? []) : [];
  const frames = lines.filter((line) => line.startsWith('    at ')).map((line) => line.trim());
  return frames.slice(0, 5);
}
