import { describe, expect, it } from '@jest/globals';
import { compileExpression } from '../../src/expression/expression.ts';
import { ExpressionFailure } from '../../src/expression/problem.ts';
import { gives, record, says, SCOPE } from './record.ts';

describe('the rules of the nonprofit', () => {
  it.each([
    ['years(birthdate, today) < 25', { birthdate: '2001-05-06' }, true],
    ['years(birthdate, today) < 25', { birthdate: '2001-05-05' }, false],
    ['hours > 0 && hours < 24', { hours: '2.5' }, true],
    ['hours > 0 && hours < 24', { hours: '24' }, false],
    ['!blank(source.Email)', { Email: 'ada@school.example' }, true],
    ['!blank(source.Email)', {}, false],
    ["starts_with(source.Id, '00Q')", { Id: '00Q8a00000abcdeEAA' }, true],
    ['blank(name) && blank(source.Account.Name)', { name: ' ' }, true],
    ['grade in [9, 10, 11, 12]', { grade: '11' }, true],
  ])('%s', (text, values, expected) => {
    expect(says(text, values as Record<string, string>)).toBe(expected);
  });
});

describe('names', () => {
  it('are the columns, the fields of the source in any case, and today', () => {
    expect(gives('name', { name: 'Ada' })).toBe('Ada');
    expect(gives('source.account.NAME', { 'Account.Name': 'North High' })).toBe('North High');
    expect(gives('today')).toBe('2026-05-05');
  });

  it('reach columns of one name in two tables, and columns that are no words', () => {
    expect(gives('email.status', { 'email.status': 'bounced' })).toBe('bounced');
    expect(gives('row.email.status', { 'email.status': 'bounced' })).toBe('bounced');
    expect(gives('row["in"]', { in: 'x' })).toBe('x');
    expect(gives('row["postal code"]', { 'postal code': '64111' })).toBe('64111');
    expect(gives('row.package', { package: 'x' })).toBe('x');
    expect(gives('concat(type, primary)', { type: 'a', primary: 'b' })).toBe('ab');
  });

  it('are told, each once, with the place in which they are asked for', () => {
    const expression = compileExpression(
      'source.email == name || name == primary || source.EMAIL == type',
      SCOPE,
      'boolean',
    );
    const asked: string[] = [];

    const values = {
      column: (name: string, place: number) => (asked.push(`${name} ${place}`), `a ${name}`),
      field: (path: string, place: number) => (asked.push(`${path} ${place}`), 'x'),
      today: '2026-05-05',
    };
    expression.test(values);

    expect(expression).toMatchObject({ fields: ['Email'], columns: ['name', 'primary', 'type'], kind: 'boolean' });
    expect(asked).toEqual(['Email 0', 'name 0', 'name 0', 'primary 1', 'Email 0', 'type 2']);
  });

  it('may be any field where the engine selects what is named', () => {
    const expression = compileExpression('source.Anything__c', { columns: {}, fields: 'any' }, 'value');

    expect(expression.fields).toEqual(['Anything__c']);
  });
});

describe('null', () => {
  it('comes out of every operator and function that it goes into', () => {
    for (const text of ['grade + 1', '-grade', 'grade < 5', '!active', 'lower(name)', 'years(birthdate, today)']) {
      expect(gives(text)).toBeNull();
    }
    expect(gives('name in ["a"]')).toBeNull();
    expect(gives('split(name, ";").exists(part, part == "a")')).toBeNull();
  });

  it('can be asked for, and stood in for', () => {
    expect(says('birthdate == null')).toBe(true);
    expect(says('birthdate != null')).toBe(false);
    expect(says('name == primary')).toBe(true);
    expect(says('name == "Ada"')).toBe(false);
    expect(says('name != "Ada"')).toBe(true);
    expect(says('blank(grade)')).toBe(true);
    expect(gives('coalesce(grade, 0) + 1')).toBe('1');
    expect(gives('min(grade, 3)')).toBe('3');
    expect(gives('concat("Grade ", grade)')).toBe('Grade ');
  });

  it('is what an empty text is read as', () => {
    expect(says('name == null', { name: '' })).toBe(true);
    expect(says('source.Email == null', { Email: '' })).toBe(true);
    expect(says('grade == null', { grade: '' })).toBe(true);
  });

  it('leaves a condition open, as in SQL, unless the other side decides', () => {
    expect(says('grade < 5')).toBeNull();
    expect(says('grade < 5 && name == null')).toBeNull();
    expect(says('grade < 5 && name != null')).toBe(false);
    expect(says('name != null && grade < 5')).toBe(false);
    expect(says('grade < 5 || name == null')).toBe(true);
    expect(says('active')).toBeNull();
    expect(gives('active ? "yes" : "no"')).toBe('no');
  });
});

describe('numbers', () => {
  it('are one thing for the author, whole or not', () => {
    expect(gives('grade + 1', { grade: '7' })).toBe('8');
    expect(gives('hours * 2', { hours: '2.50' })).toBe('5');
    expect(gives('grade + hours', { grade: '7', hours: '0.5' })).toBe('7.5');
    expect(says('hours > 2', { hours: '2.5' })).toBe(true);
    expect(says('grade == hours', { grade: '7', hours: '7.0' })).toBe(true);
    expect(says('hours in [1, 2.5]', { hours: '2.5' })).toBe(true);
    expect(gives('7 / 2')).toBe('3.5');
    expect(gives('7 % 4')).toBe('3');
    expect(gives('-7 + 2 * 3')).toBe('-1');
  });

  it('have no noise of binary fractions', () => {
    expect(gives('0.1 + 0.2')).toBe('0.3');
    expect(says('hours * 3 == 0.3', { hours: '0.1' })).toBe(true);
    expect(gives('round_to(1.005, 2)')).toBe('1.01');
    expect(gives('round(-2.5)')).toBe('-3');
    expect(gives('round_to(1234, -2)')).toBe('1200');
  });

  it('are read as Salesforce writes them', () => {
    expect(gives('grade', { grade: '9.0' })).toBe('9');
    expect(gives('grade', { grade: '1.2E7' })).toBe('12000000');
    expect(gives('number(source.Hours__c)', { Hours__c: ' 3.0 ' })).toBe('3');
  });

  it('fail a record rather than lose a digit', () => {
    expect(gives('hours + 0.5', { hours: '1234567890123456' })).toBe('1234567890123456.5');
    expect(() => gives('hours * 10', { hours: '9007199254740991' })).toThrow(ExpressionFailure);
    expect(() => gives('grade', { grade: '9007199254740993' })).toThrow(ExpressionFailure);
    expect(() => gives('grade / hours', { grade: '1', hours: '0' })).toThrow('a division by zero');
    expect(() => gives('grade % hours', { grade: '1', hours: '0' })).toThrow('a division by zero');
  });
});

function years(from: string, to: string): string | null {
  return gives(`years(date("${from}"), date("${to}"))`);
}

describe('dates and timestamps', () => {
  it('compare by time', () => {
    expect(says('start_date >= date("2025-08-01")', { start_date: '2025-08-01' })).toBe(true);
    expect(says('birthdate < start_date', { birthdate: '2010-05-06', start_date: '2009-12-31' })).toBe(false);
    expect(says('seen_at > timestamp("2026-01-01")', { seen_at: '2025-12-31T20:00:00-06:00' })).toBe(true);
    expect(says('seen_at == timestamp("2026-01-01T00:00:00.5Z")', { seen_at: '2026-01-01 00:00:00.500+00' })).toBe(
      true,
    );
  });

  it('are read as they come on the path and written as the database takes them', () => {
    expect(gives('birthdate', { birthdate: '2010-05-06T00:00:00.000Z' })).toBe('2010-05-06');
    expect(gives('seen_at', { seen_at: '2026-01-31T09:30:00.000+0000' })).toBe('2026-01-31T09:30:00Z');
    expect(gives('seen_at', { seen_at: '2026-01-31T09:30:00.25-06:00' })).toBe('2026-01-31T15:30:00.250000Z');
    expect(gives('date(seen_at)', { seen_at: '2026-01-31T23:30:00-06:00' })).toBe('2026-02-01');
  });

  it.each(['2023-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '0000-01-01', '01/02/2026', 'today'])(
    '%s is no date',
    (text) => {
      expect(() => gives('birthdate', { birthdate: text })).toThrow(ExpressionFailure);
      expect(() => gives('date(source.Notes__c)', { Notes__c: text })).toThrow(ExpressionFailure);
      expect(() => gives('timestamp(source.Notes__c)', { Notes__c: text })).toThrow(ExpressionFailure);
    },
  );

  it('count years as birthdays do, and backwards too', () => {
    expect(years('2008-02-29', '2026-02-28')).toBe('17');
    expect(years('2008-02-29', '2026-03-01')).toBe('18');
    expect(years('2026-05-05', '2026-05-05')).toBe('0');
    expect(years('2026-05-05', '2024-05-05')).toBe('-2');
    expect(gives('days(seen_at, today)', { seen_at: '2026-05-04T23:59:59Z' })).toBe('1');
  });
});

describe('conditions', () => {
  it('do not mind a side that fails when the other side decides, whichever comes first', () => {
    expect(says('hours != 0 && grade / hours > 1', { grade: '1', hours: '0' })).toBe(false);
    expect(says('grade / hours > 1 && hours != 0', { grade: '1', hours: '0' })).toBe(false);
    expect(says('grade / hours > 1 || hours == 0', { grade: '1', hours: '0' })).toBe(true);
    expect(() => says('grade / hours > 1 || hours != 0', { grade: '1', hours: '0' })).toThrow(ExpressionFailure);
  });
});

describe('lists', () => {
  const to = { To__c: 'ada@school.example; bo@home.example;' };

  it('are split, gone through and joined again', () => {
    expect(gives('join(split(source.To__c, ";").map(part, lower(trim(part))), ", ")', to)).toBe(
      'ada@school.example, bo@home.example',
    );
    expect(gives('length(split(source.To__c, ";").filter(part, !blank(part)))', to)).toBe('2');
    expect(says('split(source.To__c, ";").exists(part, ends_with(part, "home.example"))', to)).toBe(true);
    expect(says('split(source.To__c, ";").all(part, contains(part, "@"))', to)).toBe(false);
    expect(says('split(source.To__c, ";").exists_one(part, blank(part))', to)).toBe(true);
  });

  it('are gone through inside one another', () => {
    const text = 'split(name, ";").exists(a, split(type, ";").exists(b, a == b))';

    expect(says(text, { name: 'x;y', type: 'z;y' })).toBe(true);
    expect(says(text, { name: 'x;y', type: 'z;w' })).toBe(false);
  });

  it('leave a question open when an item does', () => {
    expect(says('[1, null].exists(n, n == 1)')).toBe(true);
    expect(says('[1, null].exists(n, n > 5)')).toBeNull();
    expect(says('[1, null].all(n, n > 0)')).toBeNull();
    expect(says('[1, null].all(n, n > 5)')).toBe(false);
  });
});

describe('an evaluation', () => {
  it('ends: it looks at so many items and makes so long a text', () => {
    const many = Array.from({ length: 900 }, () => 'x').join(';');

    expect(() => gives('split(name, ";").all(a, split(name, ";").all(b, a == b)) ? 1 : 2', { name: many })).toThrow(
      'more than 10000 items',
    );
    expect(() => gives('split(name, ";").all(a, true) ? 1 : 2', { name: `${many};${many}` })).toThrow('1000 items');
    expect(() => gives('replace(name, "a", name)', { name: 'a'.repeat(10_000) })).toThrow('a text grows past');
    expect(() => gives('concat(name, name)', { name: 'a'.repeat(600_000) })).toThrow('a text grows past');
    expect(() => gives('name + name', { name: 'a'.repeat(600_000) })).toThrow('a text grows past');
    expect(() => gives('join([name, name], name)', { name: 'a'.repeat(400_000) })).toThrow('a text grows past');
  });

  it('starts afresh for each record', () => {
    const expression = compileExpression('split(name, ";").all(a, a != "") ? 1 : 2', SCOPE, 'value');
    const name = Array.from({ length: 900 }, () => 'x').join(';');

    for (let time = 0; time < 100; time += 1) expect(expression.evaluate(record({ name }))).toBe('1');
  });

  it('fails without a word of the value', () => {
    const value = 'Mabel Quince';
    for (const text of ['grade', 'hours', 'active', 'birthdate', 'seen_at']) {
      expect(() => gives(text, { [text]: value })).toThrow(`the value of ${text} is not of the column's type`);
    }
    for (const name of ['integer', 'number', 'boolean', 'date', 'timestamp']) {
      expect(() => gives(`${name}(name)`, { name: value })).toThrow(/^\w+: the value cannot be read as [a-z ]+$/);
    }
  });
});
