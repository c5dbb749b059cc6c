/**
 * Bodies as they went out, so that reading the same unchanged page again costs the org nothing: its CPU is the CPU
 * that a test or a measurement on the same machine would miss. The least lately used go first.
 */
export class BodyCache {
  readonly #maxBytes: number;
  readonly #bodies = new Map<string, readonly Buffer[]>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): readonly Buffer[] | undefined {
    const body = this.#bodies.get(key);
    if (body === undefined) return undefined;
    this.#bodies.delete(key);
    this.#bodies.set(key, body);
    return body;
  }

  set(key: string, body: readonly Buffer[]): void {
    const size = sizeOf(body);
    if (size > this.#maxBytes || this.#bodies.has(key)) return;
    this.#bodies.set(key, body);
    this.#bytes += size;
    for (const [oldest, old] of this.#bodies) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#bodies.delete(oldest);
      this.#bytes -= sizeOf(old);
    }
  }
}

function sizeOf(body: readonly Buffer[]): number {
  return body.reduce((bytes, piece) => bytes + piece.length, 0);
}
