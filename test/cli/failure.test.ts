import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/cli/failure.ts';
import { SyncError } from '../../src/errors/sync-error.ts';

const CANARY = 'Zanzibar-Quince';

describe('what a person is told of an error', () => {
  it('is what our own error says: code, message, next steps, exit', () => {
    const error = new SyncError('AUTH_FAILED', 'the org refuses', { details: { errorCode: 'invalid_grant' } });

    expect(failureOf(error)).toEqual({
      exit: 3,
      code: 'AUTH_FAILED',
      message: 'the org refuses',
      actions: error.actions,
      details: { errorCode: 'invalid_grant' },
      place: [],
    });
  });

  it('never repeats a foreign message, which may quote a record', () => {
    const error = new Error(`invalid input syntax for type date: "${CANARY}"`);

    const told = failureOf(error);

    expect(told).toMatchObject({ exit: 1, code: 'INTERNAL', message: 'Unexpected Error' });
    expect(JSON.stringify(told)).not.toContain(CANARY);
  });

  it('names file and reason of trouble with a file', () => {
    const error = Object.assign(new Error('x'), { code: 'EACCES', syscall: 'open', path: '/etc/shadow' });

    expect(failureOf(error).message).toBe('open failed with EACCES: /etc/shadow');
  });
});
