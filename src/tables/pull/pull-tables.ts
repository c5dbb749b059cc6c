import type { TableFileThere } from '../../config/load-settings.ts';
import { didYouMean } from '../../config/nearest.ts';
import { isName } from '../../config/schema/words.ts';
import type { Database } from '../../database/database.ts';
import { quoteName } from '../../database/quote.ts';
import { SyncError } from '../../errors/sync-error.ts';
import { schemaExists } from '../catalogue.ts';
import { joinedTables } from './joined-tables.ts';
import { draftTable } from './draft-table.ts';
import { isBookkeeping } from './guess.ts';
import { mergeDraft } from './merge.ts';
import type { PullWarning } from './pulled.ts';
import { readFacts, type TableFacts } from './read-facts.ts';
import { tableFileText } from './table-file-text.ts';

export interface PullRequest {
  /** Tables by name; empty for all that are the app's own. */
  readonly tables: readonly string[];
  readonly schema: string;
  /** Files that are there, by file name. */
  readonly files: ReadonlyMap<string, TableFileThere>;
  /** Whether they are replaced. */
  readonly force: boolean;
  /** From a table file to the JSON Schema, for editors. */
  readonly schemaPath: string;
}

export interface PulledFile {
  readonly table: string;
  /** `student.yaml` */
  readonly file: string;
  /** `kept`: a file is there, and nobody said that it may be replaced. */
  readonly action: 'created' | 'replaced' | 'kept';
  readonly columns: number;
  readonly text: string;
}

export interface Pulled {
  readonly files: readonly PulledFile[];
  readonly warnings: readonly PullWarning[];
}

/**
 * Table files of the tables that are there. Reads the database's catalogue, and no row; writes nothing.
 * @throws SyncError NOT_FOUND for a schema or table that is not there
 */
export async function pullTables(database: Database, request: PullRequest): Promise<Pulled> {
  const facts = await database.transaction(async (tx) => {
    // Types are spelled as seen from the search path, which is that of every later command on this schema.
    await tx.query(
      `SET LOCAL search_path = ${[...new Set([request.schema, 'public'])].map((name) => quoteName(name)).join(', ')}`,
    );
    if (!(await schemaExists(tx, request.schema))) {
      throw new SyncError('NOT_FOUND', `There is no schema "${request.schema}" in the database.`, {
        actions: ['Check `database.schema` in sync.config.yaml, or name another with --schema.'],
      });
    }
    return readFacts(tx, request.schema);
  });
  return pulledFrom(facts, request);
}

function pulledFrom(all: ReadonlyMap<string, TableFacts>, request: PullRequest): Pulled {
  const { chosen, warnings } = chooseTables(all, request);
  const hasColumn = knownColumns(chosen, request);
  const bases = joinedTables(chosen, { all, hasColumn });
  const files: PulledFile[] = [];
  for (const facts of chosen.values()) {
    const { name } = facts.live;
    const there = fileOf(name, request);
    const isKept = there !== null && (!request.force || there.content === null);
    const drafted = draftTable(facts, { hasColumn, bases });
    const merged =
      there?.content == null ? { draft: drafted.draft, warnings: [] } : mergeDraft(drafted.draft, there.content);
    if (there !== null && there.content === null && request.force) warnings.push(unreadable(name));
    // What is told of a file that stays as it is was told when it was made.
    if (!isKept) warnings.push(...drafted.warnings, ...merged.warnings);
    files.push({
      table: name,
      file: there?.name ?? `${name}.yaml`,
      action: isKept ? 'kept' : there === null ? 'created' : 'replaced',
      columns: merged.draft.columns.length,
      text: tableFileText(merged.draft, request.schemaPath),
    });
  }
  return { files, warnings };
}

function fileOf(table: string, { files }: PullRequest): (TableFileThere & { readonly name: string }) | null {
  for (const name of [`${table}.yaml`, `${table}.yml`]) {
    const there = files.get(name);
    if (there !== undefined) return { ...there, name };
  }
  return null;
}

function unreadable(table: string): PullWarning {
  return {
    table,
    column: null,
    code: 'file_unreadable',
    message: 'The file that is there is no table file, so nothing of it could be kept; it is left as it is.',
    next: 'Correct what `sluice lint` says of it, or delete it, and pull again.',
  };
}

/** The tables that are asked for, without those that have no file to be. */
function chooseTables(
  all: ReadonlyMap<string, TableFacts>,
  { tables, schema }: PullRequest,
): { readonly chosen: ReadonlyMap<string, TableFacts>; readonly warnings: PullWarning[] } {
  for (const name of tables) {
    if (all.has(name)) continue;
    const hint = didYouMean(name, all.keys());
    throw new SyncError('NOT_FOUND', `There is no table "${name}" in the schema "${schema}".`, {
      actions: [hint ?? 'Views and foreign tables cannot be written, and have no table file.'],
    });
  }
  const chosen = new Map<string, TableFacts>();
  const warnings: PullWarning[] = [];
  for (const [name, facts] of all) {
    if (tables.length > 0 && !tables.includes(name)) continue;
    const reason = tables.length > 0 ? null : notTheApps(name, facts);
    const warning = reason ?? cannotBePulled(name, facts);
    if (warning === null) chosen.set(name, facts);
    else warnings.push({ table: name, column: null, ...warning });
  }
  const folded = Map.groupBy(chosen.keys(), (name) => name.toLowerCase());
  for (const names of folded.values()) {
    if (names.length < 2) continue;
    const message = `The files of ${names.join(' and ')} differ by capitals only, which some file systems do not tell apart.`;
    const next = 'Keep them on a file system that does, or pull one of them by name.';
    warnings.push({ table: names[0] ?? '', column: null, code: 'name_not_possible', message, next });
  }
  return { chosen, warnings };
}

type Reason = Pick<PullWarning, 'code' | 'message' | 'next'>;

function notTheApps(name: string, { belongsTo }: TableFacts): Reason | null {
  const owner =
    belongsTo === 'extension'
      ? 'belongs to an extension'
      : belongsTo === 'partitions'
        ? 'is a partition; its parent is pulled'
        : isBookkeeping(name)
          ? 'is the journal of a migration tool'
          : null;
  if (owner === null) return null;
  return {
    code: 'not_pulled',
    message: `The table ${owner}.`,
    next: `To pull it all the same: sluice db pull ${name}`,
  };
}

function cannotBePulled(name: string, { live }: TableFacts): Reason | null {
  if (!isName(name)) {
    const message = 'The name of the table has characters that table files do not take.';
    return {
      code: 'name_not_possible',
      message,
      next: 'Imports cannot write it; a view could give it another name to read.',
    };
  }
  const unnamed = live.primaryKey.filter((column) => !isName(column));
  if (live.primaryKey.length > 0 && unnamed.length === 0) return null;
  const message =
    live.primaryKey.length === 0
      ? 'The table has no primary key, so its rows cannot be told apart.'
      : `The primary key ${unnamed.join(', ')} has characters that table files do not take.`;
  return { code: 'no_primary_key', message, next: 'Give it one, or leave the table to the app.' };
}

/** Whether a column is in a table file that is pulled now or was there before. */
function knownColumns(
  chosen: ReadonlyMap<string, TableFacts>,
  request: PullRequest,
): (table: string, column: string) => boolean {
  return (table, column) => {
    const facts = chosen.get(table);
    if (facts !== undefined) return isName(column) && facts.live.columns.has(column);
    const content = fileOf(table, request)?.content ?? null;
    if (content === null) return false;
    const key = [content.primary_key ?? 'id'].flat();
    return Object.hasOwn(content.columns, column) || key.includes(column);
  };
}
