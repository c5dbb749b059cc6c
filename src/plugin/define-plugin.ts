import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Logger } from 'pino';
import type { Transaction } from 'sequelize';
import type { TableCounts } from '../flow/counts.ts';
import type { RunReport } from '../flow/run-events.ts';

/**
 * What a plugin holds: functions that the YAML names as `plugin.function`. Each says in one sentence what it does, and
 * by a JSON Schema which arguments it takes; without `args` it takes none. A function's name stands for one function,
 * whatever its kind.
 */
export interface Plugin {
  /** Lower-case letters, digits and _. */
  readonly name: string;
  readonly transforms?: Readonly<Record<string, TransformFunction<Arguments>>>;
  readonly checks?: Readonly<Record<string, CheckFunction<Arguments>>>;
  readonly recordChecks?: Readonly<Record<string, RecordCheckFunction<Arguments>>>;
  readonly resolvers?: Readonly<Record<string, ResolverFunction<Arguments>>>;
  readonly hooks?: Readonly<Record<string, HookFunction<Arguments>>>;
  readonly notifiers?: Readonly<Record<string, NotifierFunction>>;
}

/** Text to text, null for blank. Pure: it is asked again for the same value whenever a record is mapped. */
export interface TransformFunction<Args> extends Described {
  run(value: string | null, args: Args): string | null;
}

/** Judges a value that is not blank, after its transforms. */
export interface CheckFunction<Args> extends Described {
  /** @returns true, or why not: in words that do not hold the value */
  run(value: string, args: Args): true | string;
}

/** Judges a record for a rule of the mapping. */
export interface RecordCheckFunction<Args> extends Described {
  run(record: RecordView, args: Args): true | string;
}

/** Gives the values of a column for a whole batch. */
export interface ResolverFunction<Args> extends Described {
  /**
   * @param inputs  for each value that is wanted, the fields of `from` in their order, null for blank; none is wholly blank
   * @returns as many values, in the same order; null where there is none
   */
  run(
    inputs: readonly (readonly (string | null)[])[],
    context: ResolverContext<Args>,
  ): Promise<readonly (string | null)[]>;
}

/**
 * Runs in a transaction of the step: with the rows of a commit (`after_commit`), or alone at its end (`after_step`). A
 * plan runs it too, and rolls everything back: it must touch nothing but the database.
 */
export interface HookFunction<Args> extends Described {
  /** @returns how many rows it changed, by table; `{}` for none. The report counts them */
  run(context: HookContext<Args>): Promise<RowsChanged>;
}

/** Is told how a run ended. Its own failure is a warning and nothing more. */
export interface NotifierFunction {
  readonly what: string;
  run(report: RunReport, context: NotifierContext): Promise<void> | void;
}

interface Described {
  /** One sentence, for people. */
  readonly what: string;
  /** JSON Schema of the arguments: an object with `properties`. Others are refused. */
  readonly args?: unknown;
}

type Arguments = Readonly<Record<string, unknown>>;

/** A record as it stands when a rule is judged. */
export interface RecordView {
  /** A target column, in PostgreSQL's text form; `table.column` where several tables have the name. */
  readonly column: (name: string) => string | null;
  /** A field as the source sent it. */
  readonly field: (path: string) => string | null;
}

export interface ResolverContext<Args> {
  readonly args: Args;
  readonly query: QueryOrg;
  /** Aborts when the run is told to stop. */
  readonly signal: AbortSignal;
}

/**
 * Asks the org.
 * @param soql  a query; `WHERE AccountId IN :ids` stands for the list
 * @param ids  any number of texts, asked for in lists of 200 at most, each once; blank ones are left out
 * @returns records by the paths as the SELECT has them, as text; null for what the org leaves empty
 */
export type QueryOrg = (soql: string, ids?: readonly (string | null)[]) => Promise<readonly OrgRow[]>;

export type OrgRow = Readonly<Record<string, string | null>>;

export interface HookContext<Args> {
  readonly args: Args;
  /** For Sequelize models: what they write is committed, or rolled back, with everything else. */
  readonly transaction: Transaction;
  /** Runs SQL in that transaction; values are parameters, $1 and so on. */
  readonly query: <Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ) => Promise<SqlResult<Row>>;
  /** A target table as SQL writes it: quoted, with its schema. */
  readonly table: (name: string) => string;
  readonly mapping: string;
  readonly phase: string;
  readonly log: PluginLog;
  readonly signal: AbortSignal;
}

export interface SqlResult<Row> {
  readonly rows: readonly Row[];
  /** Rows that the statement returned or changed. */
  readonly rowCount: number;
}

export type RowsChanged = Readonly<Record<string, Partial<Omit<TableCounts, 'unchanged'>>>>;

export interface NotifierContext {
  readonly log: PluginLog;
  /** Aborts when the notifier has had its time. */
  readonly signal: AbortSignal;
}

/** Text in a field reaches the log only under a name that Sluice knows to be harmless; messages always do. */
export type PluginLog = Pick<Logger, 'debug' | 'info' | 'warn'>;

type ArgsOf<Schema> = Schema extends JSONSchema ? FromSchema<Schema> : Readonly<Record<string, never>>;
type WithArgs<Function, Schema> = Omit<Function, 'args'> & { readonly args?: Schema };

/** {@link Plugin}, but each function's arguments are typed by its own schema. */
export interface TypedPlugin<Transforms, Checks, RecordChecks, Resolvers, Hooks> {
  readonly name: string;
  readonly transforms?: {
    readonly [K in keyof Transforms]: WithArgs<TransformFunction<ArgsOf<Transforms[K]>>, Transforms[K]>;
  };
  readonly checks?: { readonly [K in keyof Checks]: WithArgs<CheckFunction<ArgsOf<Checks[K]>>, Checks[K]> };
  readonly recordChecks?: {
    readonly [K in keyof RecordChecks]: WithArgs<RecordCheckFunction<ArgsOf<RecordChecks[K]>>, RecordChecks[K]>;
  };
  readonly resolvers?: {
    readonly [K in keyof Resolvers]: WithArgs<ResolverFunction<ArgsOf<Resolvers[K]>>, Resolvers[K]>;
  };
  readonly hooks?: { readonly [K in keyof Hooks]: WithArgs<HookFunction<ArgsOf<Hooks[K]>>, Hooks[K]> };
  readonly notifiers?: Readonly<Record<string, NotifierFunction>>;
}

/** Gives back what it is given; it is there for the types. What a plugin holds is checked when it is loaded. */
export function definePlugin<const T, const C, const RC, const R, const H>(
  plugin: TypedPlugin<T, C, RC, R, H>,
): TypedPlugin<T, C, RC, R, H> {
  return plugin;
}
