import { SyncError } from '../errors/sync-error.ts';

/** What a login gives. */
export interface Grant {
  readonly accessToken: string;
  /** Where all further calls go; it can differ from the login host. */
  readonly instanceUrl: string;
  readonly orgId: string | null;
  readonly userId: string | null;
}

/** Signs in, once. Throws AUTH_FAILED when the org says no. */
export type SignIn = (signal: AbortSignal) => Promise<Grant>;

/**
 * The one session of a run.
 * - no grant: the first {@link Session.grant} signs in.
 * - grant: used until the org refuses it, which it may do at any request.
 * - failed: the org said no to a login. It is never asked again: users get locked.
 */
export class Session {
  readonly #signIn: SignIn;
  #grant: Grant | null = null;
  #renewing: Promise<Grant> | null = null;
  #failure: SyncError | null = null;

  constructor(signIn: SignIn) {
    this.#signIn = signIn;
  }

  async grant(signal: AbortSignal): Promise<Grant> {
    return this.#grant ?? (await this.renew(null, signal));
  }

  /**
   * A session other than `refused`: the one that another request has got meanwhile, or a new one. All who wait share
   * one login.
   */
  async renew(refused: Grant | null, signal: AbortSignal): Promise<Grant> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#grant !== null && this.#grant !== refused) return this.#grant;
    this.#renewing ??= this.#login(signal).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #login(signal: AbortSignal): Promise<Grant> {
    try {
      this.#grant = await this.#signIn(signal);
      return this.#grant;
    } catch (error) {
      if (error instanceof SyncError && error.code === 'AUTH_FAILED') this.#failure = error;
      throw error;
    }
  }
}
