import PQueue from 'p-queue';

/** Runs commits side by side, at most one waiting; after an error, or when the run is told to stop, starts no more. */
export class CommitQueue {
  readonly #queue: PQueue;
  readonly #signal: AbortSignal;
  #error: { readonly thrown: unknown } | null = null;

  constructor(concurrency: number, signal: AbortSignal) {
    this.#queue = new PQueue({ concurrency });
    this.#signal = signal;
  }

  async add(commit: () => Promise<void>): Promise<void> {
    this.throwFirstError();
    void this.#queue.add(async () => {
      if (this.#error !== null || this.#signal.aborted) return;
      try {
        await commit();
      } catch (error) {
        this.#error ??= { thrown: error };
      }
    });
    await this.#queue.onSizeLessThan(1);
  }

  /** Whether no more commits are started. */
  isStopped(): boolean {
    return this.#error !== null || this.#signal.aborted;
  }

  /** Waits until what is under way is committed or rolled back. */
  async settle(): Promise<void> {
    await this.#queue.onIdle();
  }

  throwFirstError(): void {
    if (this.#error !== null) throw this.#error.thrown;
    this.#signal.throwIfAborted();
  }
}
