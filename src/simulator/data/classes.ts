import { idMaker, NOWHERE } from '../ids.ts';
import { CLASS } from '../schema/class.ts';
import { accountId, missingAccountId } from './account-blocks.ts';
import { pick, place } from './chance.ts';
import type { Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';
import { LAST_NAMES } from './words.ts';

export const classId = idMaker(CLASS.keyPrefix);
export const missingClassId = idMaker(CLASS.keyPrefix, NOWHERE);

/** At full size 7 classes have no year, 2 no name, and 3 name a school that does not exist. */
const BROKEN = { every: 1200, noYear: 7, noName: 2, missingSchool: 3 };

export function classes(sizes: Sizes, draw: Draw): Generated {
  const noYear = share(BROKEN.noYear);
  const noName = noYear + share(BROKEN.noName);
  const missingSchool = noName + share(BROKEN.missingSchool);
  // The broken ones stand a little way in, so that a look at the first rows does not find only them.
  const rank = (index: number): number => (index + sizes.classes - Math.floor(sizes.classes / 3)) % sizes.classes;

  function share(broken: number): number {
    return Math.floor((sizes.classes * broken) / BROKEN.every);
  }
  const year = (index: number): number => 2017 + (draw(1, index) % 12);

  return {
    schema: CLASS,
    count: sizes.classes,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 200, index)),
      Name: (index) => {
        const at = rank(index);
        if (at >= noYear && at < noName) return null;
        return `${pick(draw(2, index), LAST_NAMES)} ${pick(draw(3, index), ['Grade 8', 'Algebra', 'Advisory', 'Lab'])} ${String(year(index))}`;
      },
      School__c: (index) => {
        const at = rank(index);
        if (at >= noName && at < missingSchool) return missingAccountId(at % 2);
        return accountId(place(draw(4, index), sizes.schools));
      },
      Class_Year_Number__c: (index) => (rank(index) < noYear ? null : year(index)),
    },
  };
}
