/** An answer before it is sent. A body of pieces is made while it goes out, and never stands in memory whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Iterable<string | Buffer> | null;
  /** Two replies with one key have the same body, byte by byte. */
  readonly bodyKey?: string;
}

export function jsonReply(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function emptyReply(status = 204): Reply {
  return { status, headers: {}, body: null };
}
