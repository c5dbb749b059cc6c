/** A SOQL text that cannot be read. `offset` is where, in UTF-16 units from the start of the text, 0 <= offset <= length. */
export class SoqlSyntaxError extends Error {
  override readonly name = 'SoqlSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
