import { describe, expect, it } from '@jest/globals';
import type { Deletes } from '../../src/config/mapping.ts';
import type { Source } from '../../src/config/source.ts';
import { goneSoql } from '../../src/extract/gone-query.ts';
import { parseSoql } from '../../src/soql/parse.ts';
import { selectedPaths } from '../../src/soql/paths.ts';

const WINDOW = { cursor: 'SystemModstamp', from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
const HAS = new Set(['id', 'isdeleted', 'systemmodstamp']);
const WITHIN = 'SystemModstamp >= 2026-01-01T00:00:00Z AND SystemModstamp < 2026-01-02T00:00:00Z';

function sourceOf(soql: string): Source {
  const query = parseSoql(soql);
  return { object: query.from.object, soql, fields: selectedPaths(query), api: 'auto', file: null };
}

function gone(soql: string, more: { rule?: Partial<Deletes>; has?: ReadonlySet<string>; from?: string | null } = {}) {
  const deletes: Deletes = {
    recycleBin: true,
    reconcile: false,
    action: 'hard',
    mark: null,
    leftFilter: 'delete',
    ...more.rule,
  };
  const window = more.from === null ? { ...WINDOW, from: null, to: null } : WINDOW;
  return goneSoql({ source: sourceOf(soql), deletes }, window, more.has ?? HAS);
}

describe('the query for what is gone', () => {
  it('asks for what lies in the recycle bin, in the same window and without the filter', () => {
    expect(gone('SELECT Id, Name FROM Account', {})).toBe(
      `SELECT Id, SystemModstamp, IsDeleted FROM Account WHERE IsDeleted = true AND ${WITHIN}`,
    );
  });

  it('asks by the stamp of the org where it can: a field of its users does not move when a record goes', () => {
    const soql = `SELECT Id, Seen__c FROM Account WHERE Type = 'School'`;
    const deletes: Deletes = { recycleBin: true, reconcile: false, action: 'hard', mark: null, leftFilter: 'keep' };
    const asked = (has: ReadonlySet<string>) =>
      goneSoql({ source: sourceOf(soql), deletes }, { ...WINDOW, cursor: 'Seen__c' }, has);

    expect(asked(HAS)).toContain(`WHERE IsDeleted = true AND ${WITHIN}`);
    expect(asked(new Set(['id', 'isdeleted', 'seen__c']))).toContain(
      `WHERE IsDeleted = true AND ((${WITHIN.replaceAll('SystemModstamp', 'Seen__c')}) OR Seen__c = null)`,
    );
  });

  it('asks also for what the filter no longer means', () => {
    expect(gone(`SELECT Id FROM Account WHERE Type = 'School' OR Type = null`)).toBe(
      `SELECT Id, SystemModstamp, IsDeleted FROM Account WHERE (IsDeleted = true OR (NOT (Type = 'School' OR Type = null))) AND ${WITHIN}`,
    );
  });

  it('does not where such records keep their rows', () => {
    const asked = gone(`SELECT Id FROM Account WHERE Type = 'School'`, { rule: { leftFilter: 'keep' } });

    expect(asked).toBe(`SELECT Id, SystemModstamp, IsDeleted FROM Account WHERE IsDeleted = true AND ${WITHIN}`);
  });

  it('leaves out what only a sub-query says: the org knows none under NOT', () => {
    const some = gone(`SELECT Id FROM Account WHERE Type = 'School' AND Id IN (SELECT AccountId FROM Contact)`);
    const all = gone('SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)');

    expect(some).toContain(`WHERE (IsDeleted = true OR (NOT Type = 'School')) AND`);
    expect(all).toContain('WHERE IsDeleted = true AND');
  });

  it('keeps a date that moves with the day', () => {
    expect(gone('SELECT Id FROM Account WHERE CreatedDate >= LAST_N_DAYS:30')).toContain(
      'NOT CreatedDate >= LAST_N_DAYS:30',
    );
  });

  it('asks for masters where records of the object can be merged', () => {
    const asked = gone('SELECT Id FROM Account', { has: new Set([...HAS, 'masterrecordid']) });

    expect(asked).toContain('SELECT Id, SystemModstamp, IsDeleted, MasterRecordId FROM Account');
  });

  it('leaves order, limit and alias to the reading, and opens the window where nobody knows since when', () => {
    expect(gone(`SELECT a.Id FROM Account a WHERE a.Type = 'School' ORDER BY a.Name LIMIT 5`, { from: null })).toBe(
      `SELECT Id, SystemModstamp, IsDeleted FROM Account a WHERE IsDeleted = true OR (NOT a.Type = 'School')`,
    );
  });

  it('asks without a window where the object has no stamps', () => {
    expect(gone('SELECT Id FROM Pricebook2', { has: new Set(['id', 'isdeleted']) })).toBe(
      'SELECT Id, IsDeleted FROM Pricebook2 WHERE IsDeleted = true',
    );
  });

  it('is none where the object keeps no deleted records, and nothing is filtered', () => {
    expect(gone('SELECT Id FROM User', { has: new Set(['id', 'systemmodstamp']) })).toBeNull();
  });
});
