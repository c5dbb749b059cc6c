import { isName } from '../../config/schema/words.ts';
import { DB_TYPE } from '../../config/schema/table.ts';
import type { LiveReference } from '../catalogue.ts';
import { type LiveRule, readRule } from '../read-rule.ts';
import { draftColumn } from './draft-column.ts';
import type { ColumnDraft, PullWarning, TableDraft } from './pulled.ts';
import type { TableFacts } from './read-facts.ts';
import { type Constraints, sayableConstraints } from './constraints.ts';

export interface DraftedTable {
  readonly draft: TableDraft;
  readonly warnings: readonly PullWarning[];
}

export interface DraftContext {
  /** Whether a table file has or will have this column, so that one can refer to it. */
  readonly hasColumn: (table: string, column: string) => boolean;
  /** Base tables of joined ones, by name. */
  readonly bases: ReadonlyMap<string, LiveReference>;
}

/** The table file of a table that is there, and what it cannot say. */
export function draftTable(facts: TableFacts, context: DraftContext): DraftedTable {
  const { live } = facts;
  const base = context.bases.get(live.name) ?? null;
  const [soleKey = null, ...more] = live.primaryKey;
  const constraints = sayableConstraints(facts, context);
  const warnings: PullWarning[] = [...constraints.warnings];
  const saidRules = new Set<string>();
  const columns: ColumnDraft[] = [];
  for (const column of live.columns.values()) {
    const reason = unsayable(column.name, column.type);
    if (reason !== null) {
      warnings.push(leftOut(live.name, column.name, reason));
      continue;
    }
    // A joined table has its key from the base.
    if (base !== null && column.name === soleKey) continue;
    const rule = rulesOf(facts, column.name)[0] ?? null;
    const reference = constraints.references.get(column.name) ?? null;
    const drafted = draftColumn(column, {
      facts,
      isSoleKey: more.length === 0 && column.name === soleKey,
      isKeyPart: live.primaryKey.includes(column.name),
      unique: has(constraints.unique, column.name),
      index: has(constraints.indexes, column.name),
      rule: rule?.rule ?? null,
      references: reference === null ? null : `${reference.table}.${reference.column}`,
      onDelete: reference === null || reference.onDelete === 'restrict' ? null : reference.onDelete,
    });
    if (drafted.ruleSaid && rule !== null) saidRules.add(rule.name);
    columns.push(drafted.draft);
    warnings.push(...drafted.warnings);
  }
  warnings.push(...checksNotSaid(facts, saidRules), ...rowSecurity(facts));
  const sets = { unique: several(constraints.unique), indexes: several(constraints.indexes) };
  return { draft: { ...headOf(facts, base), columns, ...sets, free: {} }, warnings };
}

function headOf(
  { live, comment }: TableFacts,
  base: LiveReference | null,
): Pick<TableDraft, 'table' | 'description' | 'extends' | 'onDelete' | 'primaryKey'> {
  const expected = base?.column ?? 'id';
  const plain = live.primaryKey.length === 1 && live.primaryKey[0] === expected;
  return {
    table: live.name,
    description: comment.replaceAll(/\s+/gu, ' ').trim(),
    extends: base?.table ?? null,
    onDelete: base === null || base.onDelete === 'cascade' ? null : base.onDelete,
    primaryKey: plain ? null : live.primaryKey,
  };
}

function several(sets: Constraints['unique']): Constraints['unique'] {
  return sets.filter((columns) => columns.length > 1);
}

function has(sets: Constraints['unique'], column: string): boolean {
  return sets.some((columns) => columns.length === 1 && columns[0] === column);
}

/** Why a table file cannot name the column at all. */
function unsayable(name: string, type: string): string | null {
  if (!isName(name)) return 'its name has characters that table files do not take';
  return new RegExp(DB_TYPE, 'u').test(type) ? null : `its type ${type} cannot be written in a table file`;
}

function leftOut(table: string, column: string, reason: string): PullWarning {
  const message = `The column is left out: ${reason}.`;
  return {
    table,
    column,
    code: 'name_not_possible',
    message,
    next: 'Imports cannot write it; if it is required, give it a default in the database.',
  };
}

function rulesOf({ live }: TableFacts, column: string): { readonly name: string; readonly rule: LiveRule }[] {
  return live.checks.flatMap(({ name, expression }) => {
    const rule = readRule(expression);
    return rule?.column === column ? [{ name, rule }] : [];
  });
}

function checksNotSaid({ live }: TableFacts, said: ReadonlySet<string>): PullWarning[] {
  return live.checks
    .filter(({ name }) => !said.has(name))
    .map(({ name, expression }) => ({
      table: live.name,
      column: readRule(expression)?.column ?? null,
      code: 'check_not_said',
      message: `The constraint ${name} is left to the database: CHECK ${bracketed(expression)}.`,
      next: 'Rows that break it are quarantined as DB_CONSTRAINT; a `rules` entry in the mapping tells sooner.',
    }));
}

function bracketed(expression: string): string {
  return expression.startsWith('(') && expression.endsWith(')') ? expression : `(${expression})`;
}

function rowSecurity({ live, rowSecurity: on }: TableFacts): PullWarning[] {
  if (!on) return [];
  const message = 'Row level security is on: rows that the user of the connection may not see would be added again.';
  const next = 'Use a user that owns the table or has BYPASSRLS.';
  return [{ table: live.name, column: null, code: 'row_security', message, next }];
}
