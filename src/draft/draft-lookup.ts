import type { FieldDescription } from '../salesforce/describe.ts';
import { described, type DraftColumn, type DraftField, type FieldContext } from './draft-field.ts';
import { relationName } from './names.ts';
import type { ParentTable } from './parents.ts';
import { type Attributes, entryLines } from './entry-lines.ts';

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
    column: linkColumn(parent),
    mapped: { from: field.name, transform: ['salesforce_id'], link: parent.table, on_missing: 'wait' },
    remark: LINK_REMARK,
    calculated: false,
  };
  return { columns: [link, rawColumn(field, context)], map: null, link: parent.table };
}

function linkColumn({ table, key, type }: ParentTable): Attributes {
  return { type, references: `${table}.${key}`, on_delete: 'set_null', index: true };
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

/** Why there is no link, and what to write for one. */
function manyText({ name, referenceTo }: FieldDescription, tables: readonly ParentTable[], relation: string): string {
  const [object, ...others] = referenceTo;
  if (object === undefined) return '';
  const who = `The id of ${/^[aeiou]/iu.test(object) ? 'an' : 'a'} ${listed([object, ...others], 'or')}`;
  const link = (column: string, table: string, more = ''): string =>
    `  ${column}: { from: ${name}, transform: [salesforce_id], link: ${table}${more} }`;
  const [first, ...more] = tables;
  if (first === undefined) return `${who}. When a table holds those:\n${link(`${relation}_id`, 'TABLE')}`;
  const names = tables.map(({ table }) => table);
  const column = more.length === 0 ? `${relation}_id` : `${relation}_${first.table}_id`;
  return [
    `${who}; ${listed(names, 'and')} ${more.length === 0 ? 'holds' : 'hold'} some. To link them, here and in the table file:`,
    link(column, first.table, ", on_missing: 'null'"),
    ...entryLines(column, linkColumn(first), '  '),
  ].join('\n');
}

function listed(names: readonly string[], last: 'and' | 'or'): string {
  if (names.length < 2) return names.join('');
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} ${last} ${names.length - 3} others`;
  return `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1) ?? ''}`;
}
