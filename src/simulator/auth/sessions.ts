import { randomBytes } from 'node:crypto';
import { Problem } from '../http/problem.ts';

/** Access tokens that are alive. */
export class Sessions {
  readonly #orgId: string;
  readonly #requestsEach: number;
  readonly #left = new Map<string, number>();

  /**
   * @param orgId every token begins with it
   * @param requestsEach requests that a token is good for
   */
  constructor(orgId: string, requestsEach: number) {
    this.#orgId = orgId;
    this.#requestsEach = requestsEach;
  }

  open(): string {
    const token = `${this.#orgId.slice(0, 15)}!AQ${randomBytes(24).toString('base64url')}`;
    this.#left.set(token, this.#requestsEach);
    return token;
  }

  /** @throws Problem 401 for a token that was never given or has died */
  check(authorization: string | undefined): void {
    const token = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    const left = token === undefined ? undefined : this.#left.get(token);
    if (token === undefined || left === undefined || left <= 0) {
      throw new Problem(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    }
    this.#left.set(token, left - 1);
  }

  expireAll(): void {
    this.#left.clear();
  }
}
