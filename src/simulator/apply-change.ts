import type { Change } from './changes.ts';
import { Problem } from './http/problem.ts';
import type { Records } from './records.ts';
import type { OrgSchema } from './schema/org-schema.ts';

/**
 * Makes a change that was told from outside.
 * @returns the id of a row that is new, else null
 */
export function applyChange(
  change: Change,
  org: { readonly records: Records; readonly schema: OrgSchema },
): string | null {
  const { records, schema } = org;
  switch (change.kind) {
    case 'insert':
      return records.insert(change.object, change.values, change.id, change);
    case 'update':
      records.update(change.object, change.id, change.values, change);
      return null;
    case 'touchFormula':
      records.touchFormula(change.object, change.id, change.values);
      return null;
    case 'remove':
      records.remove(change.object, change.id, change);
      return null;
    case 'undelete':
      records.undelete(change.object, change.id, change);
      return null;
    case 'purge':
      records.purge(change.object, change.id, change);
      return null;
    case 'emptyBin':
      records.emptyBin(change.object, change);
      return null;
    case 'merge':
      records.merge(change.object, change.winner, change.losers, change);
      return null;
    case 'hide':
    case 'show':
    case 'rename':
    case 'retype':
    case 'shorten':
    case 'addPicklistValue':
      schema.apply(change);
      return null;
  }
}

/** What each kind must tell. */
type Keys = Readonly<Record<string, 'string' | 'number' | 'object'>>;
const REQUIRED: Readonly<Record<Change['kind'], Keys>> = {
  insert: { object: 'string', values: 'object' },
  update: { object: 'string', id: 'string', values: 'object' },
  touchFormula: { object: 'string', id: 'string', values: 'object' },
  remove: { object: 'string', id: 'string' },
  undelete: { object: 'string', id: 'string' },
  purge: { object: 'string', id: 'string' },
  emptyBin: {},
  merge: { object: 'string', winner: 'string', losers: 'object' },
  hide: { name: 'string' },
  show: { name: 'string' },
  rename: { object: 'string', field: 'string', to: 'string' },
  retype: { object: 'string', field: 'string', type: 'string' },
  shorten: { object: 'string', field: 'string', length: 'number' },
  addPicklistValue: { object: 'string', field: 'string', value: 'string' },
};

/** @throws Problem INVALID_CHANGE where it is none */
export function changeOf(body: unknown): Change {
  const told: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { kind } = told;
  const required = new Map<unknown, Keys>(Object.entries(REQUIRED)).get(kind);
  if (required === undefined) {
    throw new Problem(400, 'INVALID_CHANGE', `kind must be one of ${Object.keys(REQUIRED).join(', ')}`);
  }
  for (const [name, type] of Object.entries(required)) {
    if (typeof told[name] === type && told[name] !== null) continue;
    throw new Problem(400, 'INVALID_CHANGE', `${String(kind)} needs ${Object.keys(required).join(', ')}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its keys were looked at above
  return told as unknown as Change;
}
