import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** Texts of valid queries, of many shapes and spacings. */

const path = fc.constantFrom('Id', 'Name', 'Account.Name', 'c.Email', 'Class__c', 'npsp__Primary_Affiliation__r.Name');

const textLiteral = fc
  .array(
    fc.oneof(fc.constantFrom("\\'", '\\\\', '\\n', '\\%', '\\u00e9'), fc.constantFrom('a', ' ', '%', '(', '"', '汉')),
  )
  .map((parts) => `'${parts.join('')}'`);

const literal = fc.oneof(
  textLiteral,
  fc.integer().map(String),
  fc.constantFrom('null', 'TRUE', 'false', '1.50', '2024-05-06', '2024-05-06T07:08:09Z', 'today', 'LAST_N_DAYS:30'),
);

const comparison = fc.oneof(
  fc.tuple(path, fc.constantFrom('=', '!=', '<>', ' <', '<=', '> ', ' >= '), literal).map((parts) => parts.join('')),
  fc.tuple(path, textLiteral).map(([field, text]) => `${field} like ${text}`),
  fc
    .tuple(
      path,
      fc.constantFrom('IN', 'not  in', 'INCLUDES', 'EXCLUDES'),
      fc.array(literal, { minLength: 1, maxLength: 4 }),
    )
    .map(([field, operator, list]) => `${field} ${operator}(${list.join(' ,')})`),
  path.map((field) => `${field} IN (SELECT Id FROM Account WHERE Type = 'School')`),
);

const { condition } = fc.letrec<{ condition: string; simple: string }>((tie) => ({
  simple: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    tie('condition').map((inner) => `( ${inner})`),
    tie('condition').map((inner) => `NOT(${inner})`),
  ),
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('simple'),
    fc
      .tuple(fc.constantFrom(' AND ', '\nor\t'), fc.array(tie('simple'), { minLength: 2, maxLength: 3 }))
      .map(([word, parts]) => parts.join(word)),
  ),
}));

export const conditionText: Arbitrary<string> = condition;

const selected = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: path },
    { weight: 1, arbitrary: fc.constantFrom('toLabel(Name)', '(SELECT Id FROM Contacts)', 'FIELDS(STANDARD)') },
  ),
  { minLength: 1, maxLength: 5 },
);

const maybe = (text: Arbitrary<string>): Arbitrary<string> => fc.oneof(fc.constant(''), text);

export const queryText: Arbitrary<string> = fc
  .tuple(
    selected,
    maybe(fc.constant(' c')),
    maybe(conditionText.map((text) => `\nWHERE ${text}`)),
    maybe(fc.constantFrom(' ORDER BY Id', ' order by Name desc nulls last, Id')),
    maybe(fc.nat().map((limit) => ` LIMIT ${String(limit)}`)),
    maybe(fc.constantFrom(' FOR VIEW', ' ALL ROWS')),
  )
  .map(([items, alias, ...clauses]) => `select ${items.join(' ,')}\nFrom Contact${alias}${clauses.join('')}`);
