/** What an org remembers of deletions, emptied bins or not: 15 days of them, and less when the log was trimmed. */
export class DeleteLog {
  readonly #byObject = new Map<string, Map<string, number>>();
  #from = -Infinity;

  /** A record that is deleted again counts once, by its last deletion. */
  add(object: string, id: string, at: number): void {
    const ids = this.#byObject.get(object) ?? new Map<string, number>();
    this.#byObject.set(object, ids);
    ids.delete(id);
    ids.set(id, at);
  }

  knows(object: string, id: string): boolean {
    return this.#byObject.get(object)?.has(id) === true;
  }

  remove(object: string, id: string): void {
    this.#byObject.get(object)?.delete(id);
  }

  /** Deletions within [from, until), oldest first. */
  between(object: string, from: number, until: number): { id: string; at: number }[] {
    const all = [...(this.#byObject.get(object) ?? [])].map(([id, at]) => ({ id, at }));
    return all.filter(({ at }) => at >= Math.max(from, this.#from) && at < until).toSorted((a, b) => a.at - b.at);
  }

  /** Forgets what was deleted before. */
  trim(before: number): void {
    this.#from = Math.max(this.#from, before);
  }

  /** The first instant that it still knows of. */
  knownFrom(now: number): number {
    return Math.max(this.#from, now - DAYS_KEPT * 86_400_000);
  }

  clear(): void {
    this.#byObject.clear();
    this.#from = -Infinity;
  }
}

const DAYS_KEPT = 15;
