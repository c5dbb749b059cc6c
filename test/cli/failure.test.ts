import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/cli/failure.ts';
import { SyncError } from '../../src/errors/sync-error.ts';

const CANARY = 'Zanzibar-Quince';

function thrownBy(wrong: () => unknown): TypeError {
  try {
    wrong();
  } catch (error) {
    if (error instanceof TypeError) return error;
  }
  throw new RangeError('nothing was thrown');
}

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

  it('is in one line what is wrong with a flag', () => {
    const told = 'Parsing --limit \n\tExpected an integer but received: x\nSee more help with --help';
    const error = Object.assign(new Error(told), { oclif: { exit: 2 } });

    expect(failureOf(error)).toMatchObject({
      code: 'USAGE_INVALID',
      message: 'Parsing --limit: Expected an integer but received: x',
    });
  });

  it('never repeats a foreign message, which may quote a record', () => {
    const error = new Error(`invalid input syntax for type date: "${CANARY}"`);

    const told = failureOf(error);

    expect(told).toMatchObject({ exit: 1, code: 'INTERNAL', message: 'Unexpected Error' });
    expect(JSON.stringify(told)).not.toContain(CANARY);
  });

  it.each<[string, () => unknown]>([
    ['is looked into', () => 'x' in (CANARY as unknown as object)],
    ['is no pair', () => new Map([CANARY] as unknown as [string, string][])],
    ['is called', () => [1].map(CANARY as unknown as () => number)],
  ])('nor what the language says of a value that %s', (_what, wrong) => {
    const thrown = thrownBy(wrong);

    const told = failureOf(thrown);

    expect(thrown.message).toContain(CANARY);
    expect(told).toMatchObject({ code: 'INTERNAL', message: 'Unexpected TypeError' });
  });

  it('names file and reason of trouble with a file', () => {
    const error = Object.assign(new Error('x'), { code: 'EACCES', syscall: 'open', path: '/etc/shadow' });

    expect(failureOf(error).message).toBe('open failed with EACCES: /etc/shadow');
  });
});
