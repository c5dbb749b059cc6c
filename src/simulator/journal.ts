import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { changeOf } from './apply-change.ts';
import type { Change } from './changes.ts';

export class ForeignJournalError extends Error {
  override readonly name = 'ForeignJournalError';
}

/**
 * A file that remembers every change of an org, one line of JSON each under a line that says whose they are. A line is
 * there before its change is answered, so an org that was killed begins again where it was.
 */
export class Journal {
  readonly #file: string;
  readonly #head: string;

  /** @param orgId changes of another org mean nothing here */
  constructor(file: string, orgId: string) {
    this.#file = file;
    this.#head = `${JSON.stringify({ org: orgId })}\n`;
  }

  /**
   * The changes so far, oldest first; begins the file where there is none. A last line that was cut off is dropped:
   * nobody was told of that change.
   * @throws ForeignJournalError where the file belongs to an org of another seed or size
   */
  read(): Change[] {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '') {
      writeFileSync(this.#file, this.#head);
      return [];
    }
    if (!whole.startsWith(this.#head)) {
      throw new ForeignJournalError(`${this.#file} keeps the changes of an org of another seed or size`);
    }
    if (whole.length < text.length) truncateSync(this.#file, Buffer.byteLength(whole));
    const lines = whole.slice(this.#head.length).split('\n').slice(0, -1);
    return lines.map((line) => changeOf(JSON.parse(line)));
  }

  add(change: Change): void {
    appendFileSync(this.#file, `${JSON.stringify(change)}\n`);
  }

  clear(): void {
    writeFileSync(this.#file, this.#head);
  }
}
