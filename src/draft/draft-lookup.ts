import type { FieldDescription } from '../salesforce/describe.ts';
import { described, type DraftColumn, type DraftField, type FieldContext } from './draft-field.ts';
import { relationName } from './names.ts';
import type { ParentTable } from './parents.ts';

/** Said once a mapping. */
export const LINK_REMARK = 'The link, set when the parent is here, and the raw reference, which is known even before.';

/** The reference as the org has it, and before it a link where one table holds the parents. */
export function draftLookup(field: FieldDescription, context: FieldContext): DraftField {
  const { referenceTo } = field;
  const relation = relationName(field.name);
  const tables = referenceTo.flatMap((object) => context.parents(object));
  const parent = referenceTo.length === 1 ? theOne(tables, relation) : null;
  if (parent === null) {
    const raw = rawColumn(field, context);
    return { columns: [{ ...raw, remark: manyText(field, tables, relation) }], map: null, link: null };
  }
  const link: DraftColumn = {
    name: context.names.take(relation, field.name, '_id'),
    column: { type: parent.type, references: `${parent.table}.${parent.key}`, on_delete: 'set_null', index: true },
    mapped: { from: field.name, transform: ['salesforce_id'], link: parent.table, on_missing: 'wait' },
    remark: LINK_REMARK,
    calculated: false,
  };
  return { columns: [link, rawColumn(field, context)], map: null, link: parent.table };
}

/** The one table that holds the parents; of several, the one that the field is named for. */
function theOne(tables: readonly ParentTable[], relation: string): ParentTable | null {
  const [first, ...more] = tables;
  if (more.length === 0) return first ?? null;
  return tables.find(({ table }) => relation === table || relation.endsWith(`_${table}`)) ?? null;
}

function rawColumn(field: FieldDescription, { names }: FieldContext): DraftColumn {
  const relation = relationName(field.name);
  const label = field.label.replace(/\s+ID$/iu, '');
  const required = field.nillable || field.defaulted ? {} : { required: true };
  return {
    name: names.take(relation, field.name, '_salesforce_id'),
    column: { type: 'string(18)', ...required, ...described({ ...field, label }, relation) },
    mapped: { from: field.name, transform: ['salesforce_id'] },
    remark: '',
    calculated: false,
  };
}

/** Why there is no link, and how to write one. */
function manyText({ name, referenceTo }: FieldDescription, tables: readonly ParentTable[], relation: string): string {
  const objects = listed(referenceTo, 'or');
  const [first, second] = tables;
  if (first === undefined) {
    return referenceTo.length === 0
      ? ''
      : `The id of a ${objects}. When a table holds those: ${relation}_id: { from: ${name}, link: TABLE }.`;
  }
  const who = `${referenceTo.length > 1 ? 'A ' : 'Any '}${objects}`;
  const here = tables.map(({ table }) => table);
  const column = `Add ${relation}_id to the table file and`;
  if (second === undefined)
    return `${who}. ${column} ${relation}_id: { from: ${name}, link: ${first.table}, on_missing: 'null' }.`;
  const ways = here.map((table) => `{ from: ${name}, link: ${table} }`).join(', ');
  const isOneType = new Set(tables.map(({ type }) => type)).size === 1;
  const how = isOneType
    ? `${column} ${relation}_id: { first_of: [${ways}], on_missing: 'null' }.`
    : `To link: a column for each, here and in the table file, like ${first.table}_id: { from: ${name}, link: ${first.table}, on_missing: 'null' }.`;
  return `${who}; the tables ${listed(here, 'and')} hold some of them. ${how}`;
}

function listed(names: readonly string[], last: 'and' | 'or'): string {
  if (names.length < 2) return names.join('');
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} or another of ${names.length}`;
  return `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1) ?? ''}`;
}
