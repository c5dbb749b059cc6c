import type { Link } from './link.ts';
import type { Source } from './source.ts';
import type { Column, ColumnValue, Table } from './table.ts';

/** A mapping as resolved from `mappings/NAME.yaml` with its table files and maps: checked, defaulted, frozen. */
export interface Mapping {
  /** The file's `mapping`; with several sources, `mapping.source`: each source is a mapping of its own. */
  readonly name: string;
  /** What the mappings of several sources of one file have in common: the file's `mapping`; null for the others. */
  readonly group: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  /** Path relative to the project folder, for messages. */
  readonly file: string;
  /**
   * Hash over everything that decides what a record becomes: SOQL, columns, transforms, maps, table types. When it
   * changes, no record counts as known any more.
   */
  readonly version: string;
  /**
   * Short hashes of what the version is made of, by names for people: `query`, `column contact.first_name`, `table
   * email`, `rules`, `skip_when`, `lookups`.
   */
  readonly parts: Readonly<Record<string, string>>;
  readonly source: Source;
  /** Side queries by which values are looked up in the org. */
  readonly lookups: readonly SideLookup[];
  /** In the order of the project's phases; the first one reads from the org, the others only link. */
  readonly phases: readonly MappingPhase[];
  /** The root first, then its extensions (base before derived), then children in file order. */
  readonly tables: readonly TableMapping[];
  /** Records that one of these holds for are left out, and counted by its name. */
  readonly skipWhen: readonly SkipRule[];
  readonly rules: readonly Rule[];
  readonly hooks: Hooks;
  /** How a run reads only what has changed; null where every run reads everything, as of a file. */
  readonly incremental: Incremental | null;
  /**
   * Seconds after which everything is read again because values can change without the cursor: formulas, roll-ups and
   * fields of parents. Null for never.
   */
  readonly refreshFormulas: number | null;
  /** What becomes of rows whose record is gone; null where nobody looks for that, and rows stay. */
  readonly deletes: Deletes | null;
  /** Seconds after which what still waits for its parent no longer counts as waiting; it is linked all the same. */
  readonly giveUpAfter: number | null;
}

export interface Incremental {
  /** The field that moves with every change: a date-time of the object itself. */
  readonly cursor: string;
  /** Seconds before the watermark from which is read again: a change may be seen later than its stamp says. */
  readonly lookback: number;
}

export interface Deletes {
  /** Asks for deleted records with each window. */
  readonly recycleBin: boolean;
  /** Compares all ids whenever everything is read again, and in `sluice reconcile`. */
  readonly reconcile: boolean;
  readonly action: 'soft' | 'hard' | 'ignore';
  /** For `soft`: the column that marks a row, of the root or an extension, and what it takes. */
  readonly mark: { readonly table: string; readonly column: Column; readonly value: string | null } | null;
  /** Whether a record that the mapping's filter no longer means is taken for a deleted one. */
  readonly leftFilter: 'delete' | 'keep';
}

/** `SELECT by, value FROM object WHERE by IN (...) [AND where]`, in lists of 200. */
export interface SideLookup {
  readonly name: string;
  readonly object: string;
  readonly by: string;
  readonly value: string;
  readonly where: string | null;
  readonly position: Position;
}

export interface SkipRule {
  readonly name: string;
  /** In CEL, over the record and its columns. */
  readonly when: string;
  readonly position: Position;
}

export interface Hooks {
  /** In the transaction of each commit, after its rows are written. */
  readonly afterCommit: readonly FunctionCall[];
  /** In a transaction of its own, when the step has read and written everything. */
  readonly afterStep: readonly FunctionCall[];
}

/** A plugin's function, as `plugin.function`, with the arguments that the YAML gives. */
export interface FunctionCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly position: Position;
}

export interface MappingPhase {
  readonly phase: string;
  /** Records read, checked and staged together. */
  readonly batchSize: number;
  /** Records per transaction. */
  readonly commitSize: number;
  /** `table.column` of the links that this phase resolves; empty for the phase that reads. */
  readonly links: readonly string[];
  /** Names of mappings that must have run before, beside those that links imply. */
  readonly after: readonly string[];
}

export interface TableMapping {
  readonly table: Table;
  /**
   * - `root`: one row a record, found by `key`.
   * - `extension`: joined to the root by the shared primary key; one row a record.
   * - `child`: a row for each of `each`, found by `key` within its parent row.
   */
  readonly role: 'root' | 'extension' | 'child';
  /** Columns by which an existing row is found; some may be links. For an extension, the primary key. */
  readonly key: readonly string[];
  /** For a root: further keys, tried in order where `key` finds no row. The row that is found becomes the record's. */
  readonly match: readonly (readonly string[])[];
  /** For a root whose primary key is the record's id: local rows that become the org's. */
  readonly adopt: Adoption | null;
  /** For a root: what becomes of a record that has no row. */
  readonly unmatched: 'insert' | 'skip' | 'quarantine';
  /** For a root: rows that hold all these values are never touched. */
  readonly leave: readonly ColumnValue[];
  /** For a root in whose rows several records may meet: which of them is shown; the first that differs decides. */
  readonly prefer: readonly Preference[];
  readonly columns: readonly ColumnMapping[];
  /** For a child: the table whose row owns it, and the column that holds that row's primary key. */
  readonly parent: { readonly table: string; readonly column: string } | null;
  /** For a child: what its rows take from the record. */
  readonly each: readonly EachEntry[];
  /** For a child: true when a record gives it any number of rows, not one for each entry; see {@link isListTable}. */
  readonly list: boolean;
  /** For a child: whether rows that the record no longer names go. */
  readonly set: 'add_only' | 'replace';
  /** For a child that is replaced: what becomes of its rows when the record names none. */
  readonly whenEmpty: 'keep' | 'clear';
  /** For a child: no row where this holds; in CEL, over the child row and the record. */
  readonly skipWhen: { readonly text: string; readonly position: Position } | null;
  /** For a child: no row when this column is blank. */
  readonly skipWhenBlank: string | null;
  /** For a child: boolean column that is true in at most one row of a parent; the first entry wins. */
  readonly onePrimary: string | null;
}

/** The columns of a child as this entry fills them; index-aligned with {@link TableMapping.columns}. */
export interface EachEntry {
  readonly columns: readonly ColumnMapping[];
}

export interface Adoption {
  /** Column by which the local row is found. */
  readonly by: string;
  readonly ignoreCase: boolean;
  /** `table.column` of references that no table file declares; those that one does are moved anyway. */
  readonly move: readonly string[];
}

export type Preference =
  /** The earlier in the list the better; a value that is not listed comes last. */
  | { readonly column: Column; readonly values: readonly string[] }
  /** Null comes last either way. */
  | { readonly column: Column; readonly highest: boolean };

/** Where a value comes from. */
export type Input =
  /**
   * First field that is not blank, or with `join` all that are not blank with that text between them. `indexes` into
   * {@link Source.fields}, beside each path.
   */
  | {
      readonly kind: 'fields';
      readonly paths: readonly string[];
      readonly indexes: readonly number[];
      readonly join: string | null;
    }
  | { readonly kind: 'constant'; readonly value: string | null }
  /** In CEL, over the record and the columns that stand before this one. */
  | { readonly kind: 'expression'; readonly text: string; readonly position: Position }
  /** What a resolver gives for these fields; asked once a batch, for all its records. */
  | {
      readonly kind: 'resolved';
      readonly resolver: Resolver;
      readonly paths: readonly string[];
      readonly indexes: readonly number[];
    }
  /** The first that gives a value; of a link, the first whose parent is here. */
  | { readonly kind: 'first_of'; readonly alternatives: readonly Alternative[] };

/** A side query of the mapping, or a plugin's function. */
export type Resolver =
  { readonly kind: 'lookup'; readonly name: string } | { readonly kind: 'function'; readonly call: FunctionCall };

/** One of several ways to a value. */
export interface Alternative {
  readonly input: Exclude<Input, { readonly kind: 'first_of' }>;
  /** Separators; each item is a candidate. Empty for none; only where the column is a link. */
  readonly split: readonly string[];
  readonly transforms: readonly TransformCall[];
  readonly map: ValueMap | null;
  /** Index into {@link Link.lookups}: how this candidate is looked up. */
  readonly lookup: number;
}

export interface ColumnMapping {
  readonly column: Column;
  readonly input: Input;
  /** For an entry of a child: separators at which the value falls into items, each a row; empty for none. */
  readonly split: readonly string[];
  readonly transforms: readonly TransformCall[];
  readonly map: ValueMap | null;
  /** A blank value here refuses the record (also when the table allows null). */
  readonly required: boolean;
  readonly format: 'email' | 'phone' | 'url' | 'salesforce_id' | null;
  /** A plugin's check of the value. */
  readonly check: FunctionCall | null;
  readonly onNull: 'write' | 'keep' | 'default';
  readonly onUnknown: OnBad;
  readonly onInvalid: OnBad;
  readonly write: 'always' | 'once' | 'if_blank';
  /** What happens when the row that is found holds another value: it is written over, or the record refused. */
  readonly onConflict: 'write' | 'quarantine';
  readonly nowWhen: NowWhen | null;
  readonly link: Link | null;
  /** Index into {@link Link.lookups}: how the value of this entry is looked up; 0 outside of entries. */
  readonly lookup: number;
  readonly position: Position;
}

/** A blank time becomes that of the write when the row comes to hold these values. */
export interface NowWhen {
  readonly becomes: readonly ColumnValue[];
  /** What the row must have held before; empty for anything, also for no row. */
  readonly from: readonly ColumnValue[];
}

export type OnBad = 'quarantine' | 'null' | 'keep' | 'default';

export interface TransformCall {
  /** Built in, or `plugin.function`. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A value map from `mappings/maps/NAME.yaml` or written in place. */
export interface ValueMap {
  readonly name: string;
  /** Keys are already folded when `ignoreCase` is set (trimmed, lower case). */
  readonly values: Readonly<Record<string, string>>;
  readonly ignoreCase: boolean;
}

/** A check over the record and its columns. */
export interface Rule {
  readonly name: string;
  readonly when: string | null;
  /** In CEL; null where a plugin's check judges. */
  readonly check: string | null;
  readonly use: FunctionCall | null;
  readonly severity: 'error' | 'warn';
  readonly position: Position;
}

/** A place in a file of the project; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
