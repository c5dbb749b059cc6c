import { accounts } from './accounts.ts';
import { hash } from './chance.ts';
import { classes } from './classes.ts';
import { contacts } from './contacts.ts';
import type { Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';

/** Every object of the org with the rows it starts with. A new object is one more line here. */
export function generateObjects(sizes: Sizes, seed: number): readonly Generated[] {
  const drawFor =
    (object: number): Draw =>
    (purpose, index) =>
      hash(seed + object * 7919, purpose, index);
  return [accounts(sizes, drawFor(1)), classes(sizes, drawFor(2)), contacts(sizes, drawFor(3))];
}
