import type { Mapping } from '../config/mapping.ts';
import { stampField } from '../config/stamp-field.ts';
import type { Condition, Query } from '../soql/ast.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withCondition, withFields } from '../soql/rewrite.ts';
import { type Window, windowCondition } from './window.ts';

/**
 * The query for the records of a window that are gone: those in the recycle bin and, where the mapping says so, those
 * that its filter does not mean. It is asked with the deleted records included, and without the filter.
 * @param has  lower-case names of the object's fields; some objects keep no deleted records, and few can be merged
 * @returns null when nothing can be asked
 */
export function goneSoql(
  { source, deletes }: Pick<Mapping, 'source' | 'deletes'>,
  window: Window,
  has: ReadonlySet<string>,
): string | null {
  if (deletes === null) return null;
  const query = parseSoql(source.soql);
  const gone: Condition[] = has.has('isdeleted') ? [IS_DELETED] : [];
  const left = deletes.leftFilter === 'delete' ? leftFilter(query.where) : null;
  if (left !== null) gone.push(left);
  const [first] = gone;
  if (first === undefined) return null;
  const where: Condition = gone.length === 1 ? first : { kind: 'or', conditions: gone, offset: 0, end: 0 };
  const asked: Query = {
    ...withFields(query, goneFields(source, window.cursor, has)),
    where,
    scope: null,
    orderBy: [],
    limit: null,
    offsetRows: null,
    for: [],
    update: null,
  };
  // A field of the org's users moves neither when a record is deleted nor when it leaves the filter; the stamp does.
  const cursor = has.has('systemmodstamp') ? 'SystemModstamp' : window.cursor;
  // An object without stamps has no windows.
  const within = has.has(cursor.toLowerCase()) ? windowCondition({ ...window, cursor }) : '';
  return formatSoql(within === '' ? asked : withCondition(asked, within));
}

/** What the query selects: the id, the stamp that loaded records are remembered with, where there is one, and the rest. */
export function goneFields(
  { fields }: Pick<Mapping['source'], 'fields'>,
  cursor: string,
  has: ReadonlySet<string>,
): readonly string[] {
  const stamp = stampField({ fields }) ?? cursor;
  return [
    'Id',
    ...(has.has(stamp.toLowerCase()) ? [stamp] : []),
    ...(has.has('isdeleted') ? ['IsDeleted'] : []),
    ...(has.has('masterrecordid') ? ['MasterRecordId'] : []),
  ];
}

const IS_DELETED: Condition = {
  kind: 'compare',
  left: { kind: 'path', path: 'IsDeleted', offset: 0, end: 0 },
  operator: '=',
  right: { kind: 'boolean', value: true, offset: 0, end: 0 },
  offset: 0,
  end: 0,
};

/**
 * The opposite of a filter. The org allows no sub-query under NOT or OR, so what only a sub-query says is left out: who
 * leaves by that is found when all ids are compared.
 */
function leftFilter(where: Condition | null): Condition | null {
  if (where === null) return null;
  const conditions = (where.kind === 'and' ? where.conditions : [where]).filter((one) => !hasSubQuery(one));
  const [first] = conditions;
  if (first === undefined) return null;
  const told: Condition = conditions.length === 1 ? first : { kind: 'and', conditions, offset: 0, end: 0 };
  return { kind: 'not', condition: told, offset: 0, end: 0 };
}

function hasSubQuery(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.some(hasSubQuery);
    case 'not':
      return hasSubQuery(condition.condition);
    case 'semi-join':
      return true;
    case 'compare':
    case 'list':
      return false;
  }
}
