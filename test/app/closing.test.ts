import { describe, expect, it } from '@jest/globals';
import { closing } from '../../src/app/closing.ts';

describe('closing what was opened', () => {
  it('goes backwards, goes on after a failure, and happens once', async () => {
    const told: unknown[] = [];
    const opened = closing((error) => told.push((error as Error).message));
    for (const name of ['log', 'database', 'org']) {
      opened.add(async () => {
        told.push(name);
        if (name === 'database') throw new Error('cannot close');
      });
    }

    await Promise.all([opened.close(), opened.close()]);

    expect(told).toEqual(['org', 'database', 'cannot close', 'log']);
  });
});
