import { columnType, isNumber, rangeCheck } from '../../config/column-type.ts';
import type { ColumnType } from '../../config/table.ts';
import { misfit } from '../../config/value-fits.ts';
import type { LiveColumn } from '../catalogue.ts';
import { readDefault } from '../read-default.ts';
import type { LiveRule } from '../read-rule.ts';
import { isPersonalColumn, looksTouched } from './guess.ts';
import type { ColumnDraft, PullWarning } from './pulled.ts';
import type { TableFacts } from './read-facts.ts';
import { type TypeFrom, typeFrom } from './type-from.ts';

/** What the table knows of a column beside the column itself. */
export interface ColumnSurroundings {
  readonly facts: TableFacts;
  /** Primary key of one column. */
  readonly isSoleKey: boolean;
  readonly isKeyPart: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  /** What a CHECK constraint says of this column, where a table file can say it. */
  readonly rule: LiveRule | null;
  readonly references: string | null;
  readonly onDelete: string | null;
}

export interface DraftedColumn {
  readonly draft: ColumnDraft;
  readonly warnings: readonly PullWarning[];
  /** True when the draft says the rule. */
  readonly ruleSaid: boolean;
}

export function draftColumn(live: LiveColumn, around: ColumnSurroundings): DraftedColumn {
  const { facts, isSoleKey, isKeyPart, rule } = around;
  const table = facts.live.name;
  const comment = facts.columns.get(live.name)?.comment ?? '';
  const said = withRule(
    typeFrom(live, { comment, baseType: facts.columns.get(live.name)?.baseType ?? live.type }),
    rule,
  );
  const type = columnType(said.type, said.values ?? []);
  const numbered = live.generated && !live.computed;
  const generatedKey = isSoleKey && isGeneratedKey(live, type);
  const fallback = defaultOf(live, { type, check: said.check }, generatedKey || live.generated);
  const untouchable = !said.known || live.computed || (numbered && !isSoleKey);
  const owner = untouchable && !isKeyPart ? 'local' : 'sync';
  const isTime = type.kind === 'timestamp' && !isKeyPart && owner === 'sync';
  const touch = isTime ? touchOf(live, fallback.default ?? fallback.dbDefault) : null;
  const refers = around.references !== null || facts.others.some(({ columns }) => columns.includes(live.name));
  const pii = !isKeyPart && !refers && isPersonalColumn(table, live.name, type.kind);
  return {
    ruleSaid: rule !== null && said.said,
    draft: {
      name: live.name,
      type: said.type,
      values: said.values,
      dbType: said.dbType,
      generated: generatedKey || ((live.computed || numbered) && owner === 'local'),
      required: live.required && !isKeyPart,
      unique: around.unique,
      default: fallback.default,
      dbDefault: fallback.dbDefault,
      references: around.references,
      onDelete: around.onDelete,
      index: around.index,
      check: said.check,
      owner,
      touch,
      pii,
      description: comment.replaceAll(/\s+/gu, ' ').trim(),
      free: {},
      notes: [
        ...(live.computed ? ['computed by the database'] : []),
        ...(numbered && !isSoleKey ? ['numbered by the database'] : []),
        ...(said.known ? [] : [`${live.type} in the database, which Sluice does not write`]),
        ...(pii ? ['personal by its name'] : []),
        ...(touch === null ? [] : ['written by Sluice, by its name']),
      ],
    },
    warnings: [
      ...(said.known ? [] : [notWritten(table, live)]),
      ...(live.default?.includes(';') === true && fallback.default === null ? [defaultNotSaid(table, live)] : []),
      ...(isSoleKey && !generatedKey && around.references === null && live.default === null
        ? [keyByApp(table, live)]
        : []),
    ],
  };
}

interface SaidType extends TypeFrom {
  readonly check: string | null;
  /** True when the rule is part of what is said. */
  readonly said: boolean;
}

/** A range goes to a number, a list of texts makes an enum of a text. */
function withRule(from: TypeFrom, rule: LiveRule | null): SaidType {
  const { kind } = columnType(from.type, from.values ?? []);
  if (rule?.range != null && isNumber(columnType(from.type, [])) && rangeCheck(rule.range) !== null) {
    return { ...from, check: rule.range, said: true };
  }
  if (rule?.values != null && (kind === 'string' || kind === 'text')) {
    // An enum makes a varchar; anything else has to be said.
    const isVarchar = from.dbType === null;
    return {
      ...from,
      type: 'enum',
      values: rule.values,
      dbType: isVarchar ? null : from.dbType,
      check: null,
      said: true,
    };
  }
  return { ...from, check: null, said: false };
}

function isGeneratedKey(live: LiveColumn, { kind }: ColumnType): boolean {
  if (kind === 'integer' || kind === 'bigint') return live.generated && !live.computed;
  return kind === 'uuid' && readDefault(live.default).kind === 'expression';
}

function defaultOf(
  live: LiveColumn,
  { type, check }: { readonly type: ColumnType; readonly check: string | null },
  isGenerated: boolean,
): { readonly default: string | number | boolean | null; readonly dbDefault: string | null } {
  const none = { default: null, dbDefault: null };
  if (isGenerated || live.default === null) return none;
  const found = readDefault(live.default);
  const isTime = type.kind === 'timestamp' && found.kind === 'now';
  const isDay = type.kind === 'date' && (found.kind === 'now' || found.kind === 'today');
  if (isTime || isDay) return { default: 'now', dbDefault: null };
  if (found.kind === 'none') return none;
  const range = check === null ? null : rangeCheck(check);
  if (found.kind === 'constant' && misfit(found.text, { type, check: range }) === null) {
    return { default: constantOf(found.text, type), dbDefault: null };
  }
  return live.default.includes(';') ? none : { default: null, dbDefault: live.default };
}

function constantOf(text: string, type: ColumnType): string | number | boolean {
  if (type.kind === 'boolean') return text === 'true';
  // A number with more digits than JavaScript holds stays a text.
  return isNumber(type) && String(Number(text)) === text ? Number(text) : text;
}

/** A time that the app would write itself: the database has no default that does, or one for the insert only. */
function touchOf(live: LiveColumn, fallback: unknown): 'insert' | 'change' | null {
  const touch = looksTouched(live.name);
  return touch === 'insert' && fallback !== null ? null : touch;
}

function notWritten(table: string, { name, type }: LiveColumn): PullWarning {
  const isJson = type === 'json';
  const why = isJson ? 'json cannot be compared' : `table files have no type like ${type}`;
  return {
    table,
    column: name,
    code: 'not_written',
    message: `Imports leave the column alone (owner: local): ${why}.`,
    next: isJson
      ? 'Make it jsonb in the database to import into it.'
      : `To import text as PostgreSQL reads ${type}, remove \`owner: local\`: what it refuses is quarantined.`,
  };
}

function defaultNotSaid(table: string, { name, default: value }: LiveColumn): PullWarning {
  const message = `The default ${value ?? ''} cannot be said in a table file.`;
  return { table, column: name, code: 'default_not_said', message, next: 'Nothing: it holds in the database.' };
}

function keyByApp(table: string, { name }: LiveColumn): PullWarning {
  return {
    table,
    column: name,
    code: 'key_by_app',
    message: 'The database makes no primary key here; the app does.',
    next: 'A mapping that adds rows to this table has to fill it, for example with the Salesforce id.',
  };
}
