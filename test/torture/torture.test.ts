import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { play, shorten, tell } from './torture.ts';
import { openWorld, type World } from './world.ts';

/** How many seeds; `npm run torture -- --seeds 10000` plays more. */
const SEEDS = Number(process.env['SLUICE_TORTURE_SEEDS'] ?? 300);
const AT_ONCE = 20;

describe('whatever happens in the org, on the way and to us', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);

  afterAll(async () => {
    await world.close();
  });

  const parts = Array.from({ length: Math.ceil(SEEDS / AT_ONCE) }, (_, part) => part * AT_ONCE + 1);
  it.each(parts)(
    'the tables hold what the org says once it is quiet, from seed %i',
    async (first) => {
      let wrong = '';
      for (let seed = first; wrong === '' && seed < Math.min(first + AT_ONCE, SEEDS + 1); seed += 1) {
        const story = await play(seed, world);
        if (story.wrong.length > 0) wrong = tell(await shorten(story, world));
      }
      expect(wrong).toBe('');
    },
    AT_ONCE * 20_000,
  );
});
