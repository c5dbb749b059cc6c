import type { ErrorCode } from '../errors/codes.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Problem } from './problem.ts';

/** The error with which a command refuses a project that has problems: the first error's code, all of them in `details`. */
export function configError(problems: readonly Problem[]): SyncError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return new SyncError('CONFIG_INVALID', 'The project cannot be read.');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const message = `${first.file}:${first.line}:${first.column}: ${first.message}${more}`;
  return new SyncError(codeOf(first), message, {
    details: { problems },
    ...(first.suggestion === null ? {} : { actions: [first.suggestion, 'Run `sluice lint` to see every problem.'] }),
  });
}

function codeOf({ rule }: Problem): ErrorCode {
  if (rule === 'env-missing') return 'CONFIG_ENV_MISSING';
  return rule === 'unknown-key' ? 'CONFIG_UNKNOWN_KEY' : 'CONFIG_INVALID';
}
