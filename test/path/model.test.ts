import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fixture } from '../support/fixture.ts';
import { play } from '../support/model-play.ts';
import { scripts } from '../support/model-script.ts';
import { openRig } from '../support/rig.ts';

/**
 * Random scripts against a small project that uses the whole language, each held against a plain model.
 *
 * - SLUICE_MODEL_RUNS  how many scripts; 25 unless told
 * - SLUICE_MODEL_SEED, SLUICE_MODEL_PATH  replay what a failure has printed
 * - SLUICE_MODEL_SHRINK=1  look for a smaller script that fails, which takes minutes
 */
const environment = (name: string): string | undefined => process.env[`SLUICE_MODEL_${name}`];
const numRuns = Number(environment('RUNS') ?? 25);
const seed = environment('SEED');
const path = environment('PATH');

describe('whatever happens in the org and here, in whatever parts it is read', () => {
  it(
    'the tables hold what the mappings say',
    async () => {
      let now = Date.parse('2030-01-01T00:00:00Z');
      // Every change has a time of its own, and many have the same.
      const rig = await openRig(
        { students: 1, schools: 1, now: () => new Date((now += 100)) },
        { files: fixture('fair') },
      );
      await rig.run();
      let nth = 0;
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          nth += 1;
          await play(script, rig, nth);
        }),
        {
          numRuns,
          endOnFailure: environment('SHRINK') === undefined,
          ...(seed === undefined ? {} : { seed: Number(seed) }),
          ...(path === undefined ? {} : { path }),
        },
      );
      expect(nth).toBeGreaterThan(0);
    },
    60_000 + numRuns * 60_000,
  );
});
