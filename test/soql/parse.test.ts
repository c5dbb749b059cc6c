import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatSoql } from '../../src/soql/format.ts';
import { parseCondition, parseSoql } from '../../src/soql/parse.ts';
import { selectedPaths } from '../../src/soql/paths.ts';
import { SoqlSyntaxError } from '../../src/soql/syntax-error.ts';
import { conditionText, queryText } from './soql-texts.ts';

function refusalOf(text: string): { message: string; at: string; offset: number } {
  try {
    parseSoql(text);
  } catch (error) {
    if (error instanceof SoqlSyntaxError) {
      return { message: error.message, at: text.slice(error.offset), offset: error.offset };
    }
    throw error;
  }
  throw new Error(`not refused: ${text}`);
}

describe('parseSoql', () => {
  it.each([
    'SELECT Id, Account.Name, Account.Owner.Profile.Name FROM Contact',
    "SELECT c.Id, c.Account.Name FROM Contact c WHERE c.LastName = 'a'",
    'SELECT COUNT() FROM Contact WHERE Email != null',
    'SELECT COUNT(Id) total FROM Contact',
    'SELECT Type, COUNT(Id) n, MAX(SystemModstamp) newest FROM Account GROUP BY Type HAVING COUNT(Id) > 5 ORDER BY COUNT(Id) DESC LIMIT 10',
    'SELECT Type, COUNT(Id) FROM Account GROUP BY ROLLUP(Type)',
    'SELECT Id, (SELECT Id, LastName FROM Contacts WHERE Email != null ORDER BY Id LIMIT 5) FROM Account',
    "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Type = 'School')",
    "SELECT Id FROM Contact WHERE AccountId NOT IN ('001', null)",
    "SELECT Id FROM Contact WHERE (A = 1 OR B = 2.5) AND (NOT C LIKE 'x\\_%') AND D <= -3",
    "SELECT Id FROM Contact WHERE Skills__c INCLUDES ('a;b', 'c') AND Skills__c EXCLUDES ('d')",
    'SELECT Id FROM Contact WHERE CreatedDate >= 2024-05-06T07:08:09.000+01:00 AND Birthdate < 2010-01-02',
    'SELECT Id FROM Contact WHERE CreatedDate = TODAY OR CreatedDate = LAST_N_DAYS:3 OR CreatedDate > N_MONTHS_AGO:2',
    'SELECT Id FROM Contact WHERE DoNotCall = true AND Active__c != false',
    'SELECT Id FROM Contact ORDER BY LastName NULLS LAST, Id DESC NULLS FIRST LIMIT 10 OFFSET 5',
    'SELECT FIELDS(ALL) FROM Contact LIMIT 200',
    'SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Opportunity THEN Amount ELSE Name END FROM Event',
    'SELECT Id FROM Contact USING SCOPE mine WITH SECURITY_ENFORCED',
    'SELECT Id FROM Contact WITH USER_MODE LIMIT 1 FOR VIEW FOR REFERENCE',
    'SELECT Id FROM Contact LIMIT 1 FOR UPDATE ALL ROWS',
    'SELECT Id FROM Contact ALL ROWS',
    'SELECT toLabel(Status__c) FROM Contact',
    "SELECT Id FROM Contact WHERE DISTANCE(Place__c, GEOLOCATION(37.7, -122.4), 'mi') < 20",
    'SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Contact GROUP BY CALENDAR_YEAR(CreatedDate)',
  ])('reads %s and prints it as it was', (text) => {
    expect(formatSoql(parseSoql(text))).toBe(text);
  });

  it('takes keywords in any case, any white space, and <> for !=', () => {
    const text = "select Id,\n\tName\nfrom Account\nwhere Name<>'x'and(Type='a' or Type=NULL)order by Name asc limit 3";

    expect(formatSoql(parseSoql(text))).toBe(
      "SELECT Id, Name FROM Account WHERE Name != 'x' AND (Type = 'a' OR Type = null) ORDER BY Name LIMIT 3",
    );
  });

  it('knows what an escaped text means', () => {
    const condition = parseCondition(String.raw`Name = 'O\'Neil \\ \n \u00e9 100\%'`);

    expect(condition).toMatchObject({ right: { kind: 'string', value: "O'Neil \\ \n é 100%" } });
  });

  it('tells where every node stands', () => {
    const text = "SELECT Id, Account.Name FROM Contact WHERE LastName LIKE 'a%'";
    const query = parseSoql(text);

    const [, name] = query.select;
    expect(text.slice(name?.offset, name?.end)).toBe('Account.Name');
    expect(text.slice(query.from.offset, query.from.end)).toBe('Contact');
    expect(text.slice(query.where?.offset, query.where?.end)).toBe("LastName LIKE 'a%'");
  });

  it.each([
    ['', 'expected SELECT, found the end of the query', ''],
    ['SELECT', 'expected a field', ''],
    ['SELECT Id', 'expected FROM or a comma', ''],
    ['SELECT Id,', 'expected a field', ''],
    ['SELECT FROM Contact', 'expected a field, found FROM', 'FROM Contact'],
    ['SELECT Id, FROM Contact', 'expected a field, found FROM', 'FROM Contact'],
    ['SELECT Id Name FROM Contact', 'expected FROM or a comma, found Name', 'Name FROM Contact'],
    ['SELECT * FROM Contact', 'FIELDS(ALL)', '* FROM Contact'],
    ['SELECT Id FROM', 'expected an object', ''],
    ['SELECT Id FROM Contact WHERE Name IS NULL', 'write = null', 'IS NULL'],
    ['SELECT Id FROM Contact WHERE Name IS NOT NULL', 'write != null', 'IS NOT NULL'],
    ['SELECT Id FROM Contact WHERE Name == 1', 'single =', '= 1'],
    ['SELECT Id FROM Contact WHERE Name = abc', 'single quotes', 'abc'],
    ['SELECT Id FROM Contact WHERE Name = "abc"', 'single quotes', '"abc"'],
    ["SELECT Id FROM Contact WHERE Name = 'abc", 'never closed', "'abc"],
    ["SELECT Id FROM Contact WHERE Name = 'a\\q'", 'escape', "\\q'"],
    ['SELECT Id FROM Contact WHERE A = 1 AND B = 2 OR C = 3', 'OR follows AND', 'OR C = 3'],
    ['SELECT Id FROM Contact WHERE A = 1 OR B = 2 AND C = 3', 'AND follows OR', 'AND C = 3'],
    ['SELECT Id FROM Contact WHERE (A = 1', 'expected AND, OR or )', ''],
    ['SELECT Id FROM Contact WHERE A IN ()', 'expected a value', ')'],
    ['SELECT Id FROM Contact WHERE A IN :ids', 'Apex', ':ids'],
    ['SELECT Id FROM Contact WHERE A = :id', 'Apex', ':id'],
    ['SELECT Id FROM Contact WHERE A LIKE 3', 'a text in single quotes', '3'],
    ['SELECT Id FROM Contact WHERE A = 2024-13', 'not a number, date', '2024-13'],
    ['SELECT Id FROM Contact LIMIT 10 WHERE A = 1', 'clauses come in the order', 'WHERE A = 1'],
    ['SELECT Id FROM Contact LIMIT ten', 'a whole number', 'ten'],
    ['SELECT Id FROM Contact;', 'without a semicolon', ';'],
    ['SELECT Id FROM Contact WHERE CreatedDate = LAST_N_DAYS', 'expected :', ''],
  ])('refuses %j and tells the place', (text, message, at) => {
    const refusal = refusalOf(text);

    expect(refusal.message).toContain(message);
    expect(refusal.at).toBe(at);
  });

  it('stops at a depth that no person writes, before the stack does', () => {
    const text = `SELECT Id FROM Contact WHERE ${'('.repeat(50_000)}A = 1`;

    expect(refusalOf(text).message).toContain('nested');
  });
});

describe('laws of the parser', () => {
  it('reads what it prints, and prints the same again', () => {
    fc.assert(
      fc.property(queryText, (text) => {
        const printed = formatSoql(parseSoql(text));

        expect(formatSoql(parseSoql(printed))).toBe(printed);
        expect(selectedPaths(parseSoql(printed))).toEqual(selectedPaths(parseSoql(text)));
      }),
    );
  });

  it('reads a condition alone as it reads it after WHERE', () => {
    fc.assert(
      fc.property(conditionText, (text) => {
        const alone = parseCondition(text);
        const { where } = parseSoql(`SELECT Id FROM Contact WHERE ${text}`);

        expect(shapeOf(where)).toEqual(shapeOf(alone));
      }),
    );
  });

  it('never fails without a place in the text, whatever is cut out of a query or put into it', () => {
    const broken = fc
      .tuple(queryText, fc.nat(), fc.nat(12), fc.oneof(fc.string(), fc.constantFrom('(', ')', "'", ',', ' OR ', '\\')))
      .map(([text, at, cut, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + cut);
      });

    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: 'binary' })), (text) => {
        const place = placeOfRefusal(text);

        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });
});

/** Where a text is refused; 0 for one that is read. */
function placeOfRefusal(text: string): number {
  try {
    parseSoql(text);
    return 0;
  } catch (error) {
    if (error instanceof SoqlSyntaxError && error.message !== '') return error.offset;
    throw error;
  }
}

function shapeOf(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => (key === 'offset' || key === 'end' ? undefined : value)),
  );
}
