import type { Transaction } from 'sequelize';

export interface QueryResult<Row> {
  readonly rows: Row[];
  /** Rows that the statement returned or changed, from the command tag. */
  readonly rowCount: number;
}

/** Who can run SQL: the pool, one session, or an open transaction. Values are parameters ($1, ...), never text. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

/** An open transaction. Sequelize owns it; COPY goes over the same connection. */
export interface Tx extends Queryable {
  /** To hand to Sequelize models and plugin hooks. */
  readonly sequelize: Transaction;
  /**
   * Runs `COPY ... FROM STDIN` in text format.
   * @param sql  the COPY statement
   * @param payload  all rows in COPY text form, each line ending in \n; written at once, because a batch is in memory
   *   anyhow and drain-paced writes make the server wait for our event loop
   * @returns rows copied
   */
  copy(sql: string, payload: string): Promise<number>;
  /** Runs `work` under a savepoint: an error rolls back to it and is thrown on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** A number for the underlying connection, stable while it lives: what was created for it (TEMP tables) stays. */
  readonly connection: object;
}

/** A connection of its own, for what must live as long as the process: the advisory lock. */
export interface Session extends Queryable {
  close(): Promise<void>;
}

export interface Database extends Queryable {
  /** Major server version, for example 18. */
  readonly serverVersion: number;
  /** Schema of the target tables. */
  readonly schema: string;
  /** Runs `work` in a transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  session(): Promise<Session>;
  close(): Promise<void>;
}
