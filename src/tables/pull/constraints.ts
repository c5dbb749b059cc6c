import type { LiveReference } from '../catalogue.ts';
import type { PullWarning } from './pulled.ts';
import type { IndexFacts, TableFacts } from './read-facts.ts';

/** Keys, indexes and references as far as a table file can say them. */
export interface Constraints {
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  /** By the column that refers. */
  readonly references: ReadonlyMap<string, LiveReference>;
  readonly warnings: readonly PullWarning[];
}

export function sayableConstraints(
  facts: TableFacts,
  context: {
    readonly hasColumn: (table: string, column: string) => boolean;
    readonly bases: ReadonlyMap<string, LiveReference>;
  },
): Constraints {
  const { live } = facts;
  const own = (columns: readonly string[]): boolean => columns.every((name) => context.hasColumn(live.name, name));
  const plain = facts.indexes.filter(({ special, columns }) => special === null && own(columns));
  const unique = distinct(plain.filter(({ unique: is, primary }) => is && !primary));
  // An index that no more than repeats a unique one says nothing new.
  const known = new Set([live.primaryKey, ...unique].map((columns) => columns.join('\0')));
  const indexes = distinct(plain.filter(({ unique: is }) => !is)).filter((columns) => !known.has(columns.join('\0')));
  const base = context.bases.get(live.name) ?? null;
  const references = new Map<string, LiveReference>();
  const warnings: PullWarning[] = [];
  for (const reference of live.references) {
    if (reference.name === base?.name) continue;
    const problem = referenceProblem(facts, reference, references, context.hasColumn);
    if (problem === null) references.set(reference.from, reference);
    else warnings.push(notReferred(live.name, reference, problem));
    if (problem === null && facts.setDefault.includes(reference.from)) warnings.push(setDefault(live.name, reference));
  }
  return {
    unique,
    indexes,
    references,
    warnings: [
      ...warnings,
      ...facts.indexes.flatMap((index) => indexWarning(live.name, index, own(index.columns))),
      ...facts.others.map(({ name, kind, columns, definition }): PullWarning => ({
        table: live.name,
        column: columns.length === 1 ? (columns[0] ?? null) : null,
        code: kind === 'reference' ? 'reference_not_said' : 'unique_not_said',
        message: `The constraint ${name} is left to the database: ${definition}.`,
        next: 'Rows that break it are quarantined; load what it refers to first.',
      })),
    ],
  };
}

function distinct(indexes: readonly IndexFacts[]): (readonly string[])[] {
  return [...new Map(indexes.map(({ columns }) => [columns.join('\0'), columns])).values()];
}

interface Problem {
  readonly message: string;
  readonly next: string;
}

function referenceProblem(
  { live }: TableFacts,
  reference: LiveReference,
  taken: ReadonlyMap<string, LiveReference>,
  hasColumn: (table: string, column: string) => boolean,
): Problem | null {
  const { from, table, column, onDelete } = reference;
  if (!hasColumn(live.name, from)) return { message: 'its column is left out', next: 'Nothing.' };
  if (taken.has(from)) {
    return {
      message: `the column refers to ${taken.get(from)?.table ?? ''} already`,
      next: 'Load both parents first.',
    };
  }
  if (!hasColumn(table, column)) {
    return { message: `${table} has no table file`, next: `Pull it, too: sluice db pull ${table}` };
  }
  if (onDelete === 'set_null' && live.columns.get(from)?.required === true) {
    return { message: 'it sets a required column to null', next: 'Change ON DELETE or NOT NULL in the database.' };
  }
  return null;
}

function notReferred(table: string, { name, from, table: parent }: LiveReference, problem: Problem): PullWarning {
  return {
    table,
    column: from,
    code: 'reference_not_said',
    message: `The foreign key ${name} to ${parent} is left out: ${problem.message}.`,
    next: problem.next,
  };
}

function setDefault(table: string, { name, from }: LiveReference): PullWarning {
  return {
    table,
    column: from,
    code: 'reference_not_said',
    message: `The foreign key ${name} does ON DELETE SET DEFAULT, which the file calls restrict.`,
    next: 'Nothing: Sluice does not delete parents.',
  };
}

const WHY: Readonly<Record<Exclude<IndexFacts['special'], null>, string>> = {
  partial: 'holds for some rows only',
  expression: 'is over an expression',
  deferrable: 'is deferrable',
  method: 'is no btree',
};

function indexWarning(table: string, { name, unique, special, definition }: IndexFacts, isOwn: boolean): PullWarning[] {
  if (special === null && isOwn) return [];
  const why = special === null ? 'is over a column that is left out' : WHY[special];
  return [
    {
      table,
      column: null,
      code: unique ? 'unique_not_said' : 'index_not_said',
      message: `${unique ? 'The unique index' : 'The index'} ${name} ${why}: ${definition}.`,
      next: unique
        ? 'It holds in the database, and rows that break it are quarantined; a mapping cannot find rows by it.'
        : 'Nothing: it serves the app as before.',
    },
  ];
}
