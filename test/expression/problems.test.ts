import { describe, expect, it } from '@jest/globals';
import { problemIn, told } from './record.ts';

describe('a name that stands for nothing', () => {
  it('is told with those that are known, for whoever looks for the nearest', () => {
    expect(problemIn('years(birthdat, today)')).toMatchObject({
      message: 'there is no column birthdat here',
      offset: 6,
      length: 8,
      unknown: { name: 'birthdat', known: expect.arrayContaining(['birthdate', 'today']) },
    });
    expect(problemIn('!blank(source.Emial)')).toMatchObject({
      message: 'the source has no field Emial here',
      offset: 7,
      unknown: { name: 'Emial', known: expect.arrayContaining(['Email']) },
    });
    expect(problemIn('startswith(name, "a")')).toMatchObject({
      offset: 0,
      unknown: { name: 'startswith', known: expect.arrayContaining(['starts_with']) },
    });
  });

  it.each([
    ['Email', '0: there is no column Email here | Write source.Email for the field of the source.'],
    ['status', '0: there is no column status here | Several tables have it: write contact.status or email.status.'],
    ['contact.grade', '0: there is no column contact.grade here | Write grade.'],
    ['source', '0: source is the whole record: name a field of it, as in source.Email'],
    ['row', '0: row is the whole row: name a column of it, as in row.type'],
    ['package == name', '0: "package" is a word of the language; a column with this name is row.package'],
    ['in == name', '0: "in" is not expected here | A column with this name is written row["in"].'],
    ['constructor', '0: there is no column constructor here'],
    ['row.toString', '0: there is no column toString here'],
    ['row["__proto__"]', '0: there is no column __proto__ here'],
    ['source.constructor', '0: the source has no field constructor here'],
    ['lower(name).length', '0: only names have parts: source.Account.Name, contact.type'],
  ])('%s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });
});

describe('types that do not fit', () => {
  it.each([
    ['birthdate < 5', '0: a date cannot be compared with an integer'],
    ['grade > 1 && birthdate < 5', '13: a date cannot be compared with an integer'],
    ['birthdate < "2010-01-01"', '0: a date cannot be compared with text | Write date("2010-01-01").'],
    ['seen_at > today', '0: a timestamp cannot be compared with a date | Write timestamp(today).'],
    ['source.Hours__c > 2', '0: text cannot be compared with an integer | Write number(source.Hours__c).'],
    ['hours == source.Hours__c', '0: a number cannot be compared with text | Write number(source.Hours__c).'],
    ['active == "true"', '0: true or false cannot be compared with text | Write boolean("true").'],
    ['name == ""', '0: a value that is empty is null, never "" | Write blank(name).'],
    ['name != ""', '0: a value that is empty is null, never "" | Write !blank(name).'],
    ['name + grade', '7: text is needed here, and this is an integer | Write text(grade).'],
    ['grade + name', '8: a number is needed here, and this is text | Write number(name).'],
    ['start_date + 7', '0: + does not count with dates | Write days(from, to) or years(from, to).'],
    ['-name', '1: a number is needed here, and this is text | Write number(name).'],
    ['!name', '1: true or false is needed here, and this is text | Write boolean(name).'],
    ['active && hours', '10: true or false is needed here, and this is a number'],
    ['name ? 1 : 2', '0: true or false is needed here, and this is text | Write boolean(name).'],
    ['active ? 1 : "a"', '13: an integer is needed here, and this is text | Write integer("a").'],
    ['active < true', '0: true or false has no order: < compares numbers, dates and texts'],
    ['details == details', '0: JSON cannot be compared with JSON'],
    ['[1, "a"] == null', '4: an integer is needed here, and this is text | Write integer("a").'],
    ['grade in ["7", "8"]', '0: text is needed here, and this is an integer | Write text(grade).'],
    ['one_of(grade, ["7"])', '7: text is needed here, and this is an integer | Write text(grade).'],
    ['"a" in name', '7: in looks into a list, and this is text | For a part of a text, write contains(name, ...).'],
    ['lower(grade)', '6: lower: x is text, and this is an integer | Write text(grade).'],
    ['years("2010-01-01", today)', '6: years: from is date or timestamp, and this is text | Write date("2010-01-01").'],
    ['substring(name, hours)', '16: substring: from is integer, and this is a number | Write round(hours).'],
    ['coalesce(grade, name)', '16: an integer is needed here, and this is text | Write integer(name).'],
    ['split(name, ";")', '0: a list is no value for a column | Write join(list, ", ") or nth(list, 1).'],
    [
      'name.exists(a, true)',
      '0: exists goes through a list, and this is text | Write split(x, ";") to make a list of a text.',
    ],
    ['[1].exists(a, a)', '14: true or false is needed here, and this is an integer'],
  ])('%s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it('hold for the whole where a condition is wanted', () => {
    expect(told('grade + 1', 'boolean')).toBe('0: true or false is needed here, and this is an integer');
    expect(told('name', 'boolean')).toBe('0: true or false is needed here, and this is text | Write boolean(name).');
  });
});

describe('functions that are not called right', () => {
  it.each([
    [
      'years(birthdate)',
      '0: years is given too few arguments | It is years(from: date or timestamp, to: date or timestamp) -> integer.',
    ],
    ['blank()', '0: blank is given too few arguments | It is blank(x: anything) -> boolean.'],
    ['lower(name, name)', '0: lower is given too many arguments | It is lower(x: text) -> text.'],
    ['name.lower()', '5: lower is a function of its own | Write lower(name).'],
    ['name.startsWith("a")', '5: there is no function startsWith | Write starts_with(x, "...").'],
    ['size(name)', '0: there is no function size | Write length(x).'],
    ['has(source.Email)', '0: there is no function has | Write !blank(x).'],
    ['cel.bind(x, 1, x)', '4: there is no function bind'],
    ['name.matches("^(a+)+$")', '5: matches is a function of its own | Write matches(name, "^(a+)+$").'],
    ['[1].exists(name, true)', '11: name has a meaning here already: choose another name for the item'],
    [
      '[1].map(a, true, a)',
      '4: map is given a name for the item and what to do with it | Write split(x, ";").map(part, ...).',
    ],
    ['matches(name, "(")', '14: the pattern cannot be read: missing closing ): `(`'],
    ['matches(name, type)', '14: matches: the pattern is written out, as a text in quotation marks'],
    ['matches(name, "(a{1000}){1000}")', '14: the pattern cannot be read: invalid repeat count: `{1000}`'],
    ['matches(name, "(?:x{0,1000}y?)+")', '14: the pattern repeats too much'],
    ['split(name, "")', '12: split: a separator has at least one character'],
    ['birthdate < date("2024-13-01")', '12: date: the value cannot be read as a date'],
    ['active || 1 / 0 == 1', '10: a division by zero'],
  ])('%s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });
});

describe('texts that cannot be read', () => {
  it.each([
    ['', '0: the expression is empty'],
    ['grade = 7', '6: "=" is not expected here | Compare with ==.'],
    ['grade === 7', '8: "=" is not expected here | Compare with ==.'],
    ['grade <> 7', '7: ">" is not expected here | Write != for "differs from".'],
    ['active and active', '7: "and" is not expected here | Write && for "and".'],
    ['active AND active', '7: "AND" is not expected here | Write && for "and".'],
    ['active & active', '7: "&" is not expected here | Write && for "and".'],
    ['not active', '4: "active" is not expected here | Write ! for "not": !blank(x).'],
    ['name is null', '5: "is" is not expected here | Write == null or != null.'],
    [
      'name like "a%"',
      '5: "like" is not expected here | Write contains(x, "..."), starts_with(x, "...") or matches(x, "...").',
    ],
    ['“a”', '0: "“" is not expected here | Write straight quotation marks: "text".'],
    ['grade >', '7: the expression ends too early'],
    ['lower(name', '10: a ) is missing here'],
    ['active ? 1', '10: a : is missing here'],
    ['[1, 2', '5: a ] is missing here'],
    ['name == "a', '8: this text is never closed: a quotation mark is missing'],
    ['name == "a\nb"', '10: a text ends on the line where it begins: write \\n for a new line'],
    ['name == "\\q"', '9: invalid escape sequence: \\q'],
    [
      '[1].exists(1, true)',
      '11: the first argument here is a name for the item: part, as in split(x, ";").exists(part, blank(part))',
    ],
    ['{"a": 1}', '0: expressions have no maps | Name a shared value map with `map:` at the column.'],
    [
      'split(name, ";")[0]',
      '17: brackets hold a name in quotation marks: row["postal code"] | For an item of a list, write nth(list, 1): the first is 1.',
    ],
    ['5u', '0: this form of a literal has no meaning here | Write texts as "abc" and numbers as 12 or 1.5.'],
    ['99999999999999999999', '0: a number is too large to compute with exactly'],
    [`${'('.repeat(50)}1${')'.repeat(50)}`, '40: the expression is nested too deeply'],
    [`1${'+1'.repeat(900)}`, '0: the expression has too many parts'],
  ])('%s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it('are too long past 2000 characters', () => {
    expect(problemIn(`name == "${'a'.repeat(2000)}"`)).toMatchObject({
      message: 'an expression has at most 2000 characters',
      offset: 2000,
    });
  });
});
