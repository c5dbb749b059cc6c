import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatSoql } from '../../src/soql/format.ts';
import { parseSoql } from '../../src/soql/parse.ts';
import { filteredFields, selectedFields, selectedPaths } from '../../src/soql/paths.ts';
import {
  countQuery,
  withCondition,
  withFields,
  withLimit,
  withMoreFields,
  withOrderBy,
} from '../../src/soql/rewrite.ts';
import { SoqlSyntaxError } from '../../src/soql/syntax-error.ts';
import { conditionText, queryText } from './soql-texts.ts';

const contacts = parseSoql("SELECT Id, c.Account.Name FROM Contact c WHERE A = 'x' OR B = 2 ORDER BY Id LIMIT 5");

describe('selected fields', () => {
  it('are paths from the object, without its alias or name, at their places', () => {
    const text = 'SELECT c.Id, Contact.Name, Account.Name, toLabel(Type), COUNT(Id) n FROM Contact c GROUP BY Id';
    const fields = selectedFields(parseSoql(text));

    expect(fields.map((field) => field.path)).toEqual(['Id', 'Name', 'Account.Name', 'Type']);
    expect(fields.map((field) => text.slice(field.offset, field.end))).toEqual([
      'c.Id',
      'Contact.Name',
      'Account.Name',
      'Type',
    ]);
  });

  it('reach through TYPEOF', () => {
    const query = parseSoql('SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Event');

    expect(selectedPaths(query)).toEqual(['What.Phone', 'What.Name']);
  });
});

describe('filtered fields', () => {
  it('are those of WHERE, GROUP BY, HAVING and ORDER BY', () => {
    const query = parseSoql(
      "SELECT COUNT(Id) FROM Contact WHERE NOT (A = 1 AND B IN ('x')) GROUP BY C HAVING MAX(D) > 1 ORDER BY E",
    );

    expect(filteredFields(query).map((field) => field.path)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });
});

describe('rewriting', () => {
  it('adds a condition without loosening what was asked', () => {
    const narrowed = withCondition(contacts, 'SystemModstamp >= 2024-01-01T00:00:00Z AND SystemModstamp < TODAY');

    expect(formatSoql(narrowed)).toContain(
      "WHERE (A = 'x' OR B = 2) AND SystemModstamp >= 2024-01-01T00:00:00Z AND SystemModstamp < TODAY ORDER",
    );
    expect(formatSoql(withCondition(parseSoql('SELECT Id FROM Contact'), "A = 'x' OR B = 2"))).toBe(
      "SELECT Id FROM Contact WHERE A = 'x' OR B = 2",
    );
  });

  it('refuses a condition that cannot be read, with the place in it', () => {
    expect(() => withCondition(contacts, 'A = ')).toThrow(SoqlSyntaxError);
  });

  it('replaces fields, adds fields, sets the limit and the order', () => {
    expect(selectedPaths(withFields(contacts, ['Email']))).toEqual(['Email']);
    expect(selectedPaths(withMoreFields(contacts, ['id', 'account.name', 'Email']))).toEqual([
      'Id',
      'Account.Name',
      'Email',
    ]);
    expect(formatSoql(withOrderBy(withLimit(contacts, null), 'Name DESC, Id'))).toMatch(/ORDER BY Name DESC, Id$/);
    expect(formatSoql(withOrderBy(withLimit(contacts, 7), null))).toMatch(/LIMIT 7$/);
  });

  it('counts what a query means', () => {
    expect(formatSoql(countQuery(contacts))).toBe("SELECT COUNT() FROM Contact c WHERE A = 'x' OR B = 2 LIMIT 5");
  });

  it('gives queries that can be read, whatever they were made of', () => {
    fc.assert(
      fc.property(queryText, conditionText, (text, condition) => {
        const narrowed = formatSoql(withCondition(parseSoql(text), condition));

        expect(formatSoql(parseSoql(narrowed))).toBe(narrowed);
        expect(formatSoql(parseSoql(formatSoql(countQuery(parseSoql(text)))))).toContain('COUNT()');
      }),
    );
  });
});
