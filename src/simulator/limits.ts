import { Problem } from './http/problem.ts';

/** The daily allowance of API requests. */
export class ApiLimit {
  readonly max: number;
  used = 0;

  constructor(max: number) {
    this.max = max;
  }

  /** Counts a request. @throws Problem 403 when the allowance is spent */
  use(): void {
    if (this.used >= this.max) {
      throw new Problem(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', this.header());
    }
    this.used += 1;
  }

  spend(): void {
    this.used = this.max;
  }

  /** A new day. */
  renew(): void {
    this.used = 0;
  }

  header(): Record<string, string> {
    return { 'sforce-limit-info': `api-usage=${String(this.used)}/${String(this.max)}` };
  }
}

/** GET /limits */
export function limitsBody(limit: ApiLimit, jobs: number): Record<string, { Max: number; Remaining: number }> {
  return {
    DailyApiRequests: { Max: limit.max, Remaining: limit.max - limit.used },
    DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
    DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 - jobs },
    DailyBulkV2QueryFileStorageMB: { Max: 976_562, Remaining: 976_562 },
    DataStorageMB: { Max: 20_480, Remaining: 12_345 },
    FileStorageMB: { Max: 20_480, Remaining: 20_000 },
  };
}
