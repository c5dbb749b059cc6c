/** A refusal as Salesforce words it. REST answers it as `[{message, errorCode}]`, the token endpoint as an object. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function notFound(): Problem {
  return new Problem(404, 'NOT_FOUND', 'The requested resource does not exist');
}
