/** How a run ends for the shell. See docs/commands.md; a test holds the two together. */
export const EXIT = {
  done: 0,
  dataFailure: 1,
  wrongUse: 2,
  environment: 3,
  apiBudget: 5,
  locked: 6,
  stalePlan: 7,
  interrupted: 130,
} as const;

/** What one code of trouble means for the caller: whether trying again can help, the exit code, the next step. */
export interface ErrorSpec {
  readonly retryable: boolean;
  readonly exit: (typeof EXIT)[keyof typeof EXIT];
  readonly next: string;
}

/** Every trouble that stops a step, a run or a command. A code is never given another meaning. */
export const ERRORS = {
  // Configuration: nothing was run.
  CONFIG_NOT_FOUND: {
    retryable: false,
    exit: 2,
    next: 'Run the command in a project folder, or name the file with --config path/to/sync.config.yaml.',
  },
  CONFIG_INVALID: { retryable: false, exit: 2, next: 'Run `sluice lint` to see every problem with file and line.' },
  CONFIG_UNKNOWN_KEY: { retryable: false, exit: 2, next: 'Run `sluice lint` to see the nearest known key.' },
  CONFIG_ENV_MISSING: {
    retryable: false,
    exit: 2,
    next: 'Set the environment variable, or give a default: ${NAME:-default}.',
  },
  USAGE_INVALID: { retryable: false, exit: 2, next: 'Run the command with --help to see its arguments and flags.' },
  SELECTION_EMPTY: { retryable: false, exit: 2, next: 'Run `sluice mapping list` to see names, phases and tags.' },
  NOTHING_TO_LINT: { retryable: false, exit: 2, next: 'Add a mapping under mappings/, or check `--config`.' },
  LINT_FAILED: {
    retryable: false,
    exit: 1,
    next: 'Correct what is listed: each problem has its file, line and column.',
  },
  NOTHING_TO_TEST: {
    retryable: false,
    exit: 2,
    next: 'Add cases under mappings/tests; docs/testing-mappings.md shows how.',
  },
  TEST_FAILED: {
    retryable: false,
    exit: 1,
    next: 'Compare what was expected with what came: correct the mapping, or the case.',
  },
  NOT_FOUND: { retryable: false, exit: 2, next: 'List what there is with the matching `list` command.' },

  // The org.
  AUTH_FAILED: {
    retryable: false,
    exit: 3,
    next: 'Check the credentials in the environment, then run `sluice doctor`. A failed login is never tried again.',
  },
  AUTH_INCOMPLETE: { retryable: false, exit: 2, next: 'Set the environment variables that this kind of login needs.' },
  ORG_UNREACHABLE: {
    retryable: true,
    exit: 3,
    next: 'Check the network and salesforce.login_url, then run the command again: nothing is lost.',
  },
  ORG_BUSY: {
    retryable: true,
    exit: 3,
    next: 'The org cannot serve now. Look at status.salesforce.com, then run the command again: nothing is lost.',
  },
  ORG_SESSION_REFUSED: {
    retryable: false,
    exit: 3,
    next: 'The org refuses a session that it has just given out. Check the session policy of the connected app.',
  },
  ORG_ACCESS_DENIED: {
    retryable: false,
    exit: 3,
    next: 'Ask an administrator of the org for API access and read permission, then run `sluice doctor`.',
  },
  ORG_OBJECT_MISSING: {
    retryable: false,
    exit: 2,
    next: 'Check the object name in the mapping, and that the user may read it.',
  },
  ORG_FIELD_MISSING: {
    retryable: false,
    exit: 2,
    next: 'Check the field name in the mapping. A field that has vanished is often a lost permission.',
  },
  ORG_CHANGED: {
    retryable: false,
    exit: 2,
    next: 'Sign in to the org that the rows come from, or use another database. When it is the same org under a new id, run `sluice state reset --org` first.',
  },
  SCHEMA_CHANGED: {
    retryable: false,
    exit: 2,
    next: 'Use a database of its own for this project. When you have moved the tables to this schema, run `sluice state reset --schema` first.',
  },
  IMPORT_CHANGED: {
    retryable: false,
    exit: 2,
    next: 'Give the mapping another name, or its project another database. When it is the same import, run `sluice state reset NAME --import` first.',
  },
  CURSOR_MISSING: {
    retryable: false,
    exit: 2,
    next: 'Write `incremental: { cursor: LastModifiedDate }` in the mapping, or `incremental: false` to read everything in every run.',
  },
  ORG_QUERY_REFUSED: { retryable: false, exit: 2, next: 'Correct the SOQL in the mapping, then run `sluice lint`.' },
  ORG_QUERY_TIMEOUT: { retryable: false, exit: 3, next: 'Filter on an indexed field, or use `api: bulk`.' },
  ORG_JOB_FAILED: { retryable: false, exit: 3, next: 'Read the reason that the org gave, then run the command again.' },
  ORG_LOCATOR_EXPIRED: { retryable: true, exit: 3, next: 'Run the command again: the query is asked anew.' },
  ORG_RESULT_BROKEN: {
    retryable: true,
    exit: 3,
    next: 'Run the command again. If it stays, try `api: rest` in the mapping and tell Salesforce support.',
  },
  ORG_UNEXPECTED_ANSWER: {
    retryable: false,
    exit: 3,
    next: 'The org, or a proxy before it, sent something that is not its API. Run `sluice doctor`.',
  },
  API_BUDGET_SPENT: {
    retryable: false,
    exit: 5,
    next: 'Run again, when the quota has recovered (it is a rolling 24 hours): it goes on where this run stopped. Or raise salesforce.api_budget.',
  },
  API_BUDGET_TOO_SMALL: {
    retryable: false,
    exit: 5,
    next: 'Raise salesforce.api_budget.per_run above what the message says: with this budget, every run would stop at the same place. What is committed is kept.',
  },
  RETRY_BUDGET_SPENT: {
    retryable: true,
    exit: 3,
    next: 'The org or the network failed too often in one run. What was committed is kept; run again later.',
  },

  // Files that a mapping reads in place of the org.
  SOURCE_FILE_MISSING: {
    retryable: false,
    exit: 2,
    next: 'Put the file there, correct the path in the mapping, or write `optional: true`.',
  },
  SOURCE_FILE_BROKEN: {
    retryable: false,
    exit: 2,
    next: 'Correct the file: CSV in UTF-8, the first line naming the columns that the mapping uses.',
  },

  // The database.
  DATABASE_UNREACHABLE: {
    retryable: true,
    exit: 3,
    next: 'Check DATABASE_URL and that the server runs, then run `sluice doctor`.',
  },
  DATABASE_AUTH_FAILED: { retryable: false, exit: 3, next: 'Check user, password and database in DATABASE_URL.' },
  DATABASE_PERMISSION: { retryable: false, exit: 3, next: 'Grant the named right to the user of DATABASE_URL.' },
  DATABASE_UNSUPPORTED: { retryable: false, exit: 3, next: 'Use PostgreSQL 13 or newer.' },
  DATABASE_FULL: { retryable: true, exit: 3, next: 'Free disk space on the database server, then run again.' },
  DATABASE_BUSY: {
    retryable: true,
    exit: 3,
    next: 'Another program holds locks or connections that this one needs. Run again when it has finished.',
  },
  DATABASE_LOST: { retryable: true, exit: 3, next: 'Run again: every commit is whole, and what was open is repeated.' },
  DATABASE_FAILED: { retryable: false, exit: 3, next: 'Read the log (`--log-level debug`) for the SQLSTATE.' },
  DATABASE_SCHEMA_MISMATCH: {
    retryable: false,
    exit: 2,
    next: 'Run `sluice db diff` to see what differs, then `sluice db migrate` or correct the table files.',
  },
  DATABASE_UNSAFE_CHANGE: {
    retryable: false,
    exit: 1,
    next: 'Make this change by hand, or correct the table file; `sluice db diff` shows it.',
  },
  EMBEDDED_UNAVAILABLE: {
    retryable: false,
    exit: 3,
    next: 'Set DATABASE_URL to a PostgreSQL server of your own; the embedded one has no build for this machine.',
  },
  EMBEDDED_FAILED: { retryable: false, exit: 3, next: 'Read .sluice/postgres.log, or set DATABASE_URL instead.' },

  STATE_TOO_NEW: {
    retryable: false,
    exit: 3,
    next: 'Update Sluice: a newer one has been here. Its state cannot be taken back.',
  },

  // Runs.
  RUN_LOCKED: { retryable: true, exit: 6, next: 'Wait for the other run, or look at it with `sluice runs list`.' },
  RUN_INTERRUPTED: { retryable: true, exit: 130, next: 'Run again: committed work is kept and the rest continues.' },
  QUARANTINE_LIMIT: {
    retryable: false,
    exit: 1,
    next: 'Look at `sluice quarantine list`; correct the mapping or the data, or raise limits.quarantine.',
  },
  QUARANTINE_KEY_MISSING: {
    retryable: false,
    exit: 2,
    next: 'Set SLUICE_QUARANTINE_KEY to the key of this project; where it never had one, make it with `openssl rand -base64 32`.',
  },
  HISTORY_NOT_ALLOWED: {
    retryable: false,
    exit: 2,
    next: 'Grant TRIGGER on the table to the user of DATABASE_URL, or take `history` out of sync.config.yaml.',
  },
  HISTORY_MISSING: {
    retryable: false,
    exit: 2,
    next: 'A run can be reverted only while its history is kept: see `history` in docs/configuration.md.',
  },
  REVERT_REFUSED: {
    retryable: false,
    exit: 1,
    next: 'Revert the later runs first, newest first, or put the listed rows right by hand.',
  },
  RECONCILE_DIFFERS: {
    retryable: false,
    exit: 1,
    next: 'Run `sluice reconcile --fix` to read again what differs, or `--format csv` to see the records by id.',
  },
  DELETES_LIMIT: {
    retryable: false,
    exit: 1,
    next: 'Look at `sluice deletes list`: a lost permission looks the same as a mass deletion. Then `sluice deletes confirm`, or raise limits.deletes.',
  },
  LINK_MISSING_PARENT: {
    retryable: false,
    exit: 1,
    next: 'Load the parent first, or choose another `on_missing` policy for this link.',
  },
  STEP_FAILED: { retryable: false, exit: 1, next: 'Look at `sluice runs show` for the step and its reason.' },
  PARENT_STEP_FAILED: { retryable: false, exit: 1, next: 'Mend the step that failed first, then run again.' },
  PLUGIN_FAILED: { retryable: false, exit: 2, next: 'Correct the plugin; the message names the file and function.' },
  INTERNAL: { retryable: false, exit: 1, next: 'This is a bug in Sluice. Please report the code and the log file.' },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;
