import { idMaker, NOWHERE } from '../ids.ts';
import { ACCOUNT } from '../schema/account.ts';
import type { Sizes } from './sizes.ts';

/** Accounts stand in blocks: schools, districts, households, then everything else. */
export interface AccountBlocks {
  readonly districts: number;
  readonly households: number;
  readonly others: number;
  readonly end: number;
}

export function accountBlocks(sizes: Sizes): AccountBlocks {
  const districts = sizes.schools;
  const households = districts + sizes.districts;
  const others = households + sizes.households;
  return { districts, households, others, end: others + sizes.organizations };
}

export const accountId = idMaker(ACCOUNT.keyPrefix);

/** Account ids that name nothing: schools that were deleted, districts that were never moved over. */
export const missingAccountId = idMaker(ACCOUNT.keyPrefix, NOWHERE);
