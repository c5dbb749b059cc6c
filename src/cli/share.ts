import { SyncError } from '../errors/sync-error.ts';

/** `1%` or `0.01` as a share from 0 to 1; null when not given. @throws SyncError USAGE_INVALID */
export function shareOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (percent === '%' ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  throw new SyncError('USAGE_INVALID', `"${text}" is not a share: write 1% or 0.01.`);
}
