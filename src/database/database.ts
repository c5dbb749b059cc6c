import type { Sequelize, Transaction } from 'sequelize';

/**
 * Rows come as objects. int2, int4 and floats are numbers, booleans are booleans, json is parsed, timestamptz is a
 * Date (milliseconds); everything else is text as PostgreSQL writes it: int8 and numeric lose no digit, and a date has
 * no zone to slip through. Cast to text or int in SQL where another form is wanted.
 */
export interface QueryResult<Row> {
  readonly rows: Row[];
  /** Rows that the statement returned or changed, from the command tag. */
  readonly rowCount: number;
}

/**
 * Who can run SQL: the pool, one session, or an open transaction. Values are parameters ($1, ...), never text.
 * Without values, several statements may be sent at once; the last one's result is given.
 * @throws DatabaseError: never with a row's values in it; see `classifyDatabaseError`
 */
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
   * A statement that the server parses once for each connection.
   * @param name  stands for exactly this SQL as long as the connection lives; at most 63 bytes
   */
  prepared<Row extends object = Record<string, unknown>>(
    name: string,
    sql: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
  /**
   * Runs `COPY ... FROM STDIN` in text format.
   * @param sql  the COPY statement
   * @param payload  all rows in COPY text form, each line ending in \n; written at once, because a batch is in memory
   *   anyhow and drain-paced writes make the server wait for our event loop
   * @returns rows copied
   */
  copy(sql: string, payload: string | Buffer): Promise<number>;
  /**
   * Tells the number (`pg_current_xact_id()`) by which the server knows this transaction. Should the answer to COMMIT be
   * lost with its connection, the server is asked what became of it, so that it is not done twice.
   */
  numberedAs(number: string): void;
  /** Runs `work` under a savepoint: an error rolls back to it and is thrown on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** The underlying connection, the same object while it lives: what was created for it (TEMP tables) stays. */
  readonly connection: object;
}

/** A connection of its own, for what must live as long as the process: the advisory lock. */
export interface Session extends Queryable {
  /** Aborts when the server or the network ends the connection, and with it every lock that it held. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

export interface Database extends Queryable {
  /** Major server version, for example 18. */
  readonly serverVersion: number;
  /** Schema of the target tables. */
  readonly schema: string;
  /** For models; its pool is the one that everything here uses. */
  readonly sequelize: Sequelize;
  /** Runs `work` in a transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  session(): Promise<Session>;
  close(): Promise<void>;
}
