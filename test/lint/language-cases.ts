import { SOUND } from '../support/project-folder.ts';
import { type Case, CONFIG, HOUSE, HOUSES, LAST_COLUMN, PEOPLE, PERSON } from './case.ts';

const NAME = '{ from: Name, required: true }';
const HOUSE_LINK = '{ from: House__c, link: house }';
const MAILBOX = 'address: { transform: [trim, lower], format: email }';
const PLUGIN = {
  [CONFIG]: 'version: 1\nproject: village\nphases: [places, people, moving-in]\nplugins: [./town.ts]\n',
};
const SKILL = {
  'mappings/tables/skill.yaml':
    'table: skill\ncolumns: { name: { type: string(80), unique: true }, kind: { type: text, required: true } }\n',
};

/** The problem is told where `at` begins; `text` is what is put in. */
type Told = readonly [when: string, rule: string, text: string, at: string, more?: Partial<Case>];

function column(...[when, rule, written, at, more = {}]: Told): Case {
  return { rule, when, file: PEOPLE, from: NAME, to: written, at, ...more };
}

function house(...[when, rule, written, at, more = {}]: Told): Case {
  return { rule, when, file: PEOPLE, from: HOUSE_LINK, to: written, at, ...more };
}

/** Lines of the mapping itself, before its phases. */
function mapping(...[when, rule, lines, at, more = {}]: Told): Case {
  return { rule, when, file: PEOPLE, from: 'phases:\n', to: `${lines}\nphases:\n`, at, ...more };
}

/** Lines of the root table, beside its key. */
function root(...[when, rule, line, at, more = {}]: Told): Case {
  const from = '    key: salesforce_id\n';
  return { rule, when, file: PEOPLE, from, to: `${from}    ${line}\n`, at, ...more };
}

function child(...[when, rule, line, at, more = {}]: Told): Case {
  return {
    rule,
    when,
    file: PEOPLE,
    from: '    parent: person\n',
    to: `    parent: person\n    ${line}\n`,
    at,
    ...more,
  };
}

const PLUGINS: readonly Case[] = [
  {
    rule: 'plugin',
    when: 'its file is not there',
    file: CONFIG,
    from: 'phases:',
    to: 'plugins: [./gone.ts]\nphases:',
    at: './gone.ts',
  },
  column(
    'a transform of a plugin is misspelt',
    'unknown-function',
    '{ from: Name, transform: [town.transfrom] }',
    'town.transfrom',
    {
      suggestion: 'Did you mean "town.transform"?',
      also: PLUGIN,
    },
  ),
  column('no plugin is listed', 'unknown-function', '{ from: Name, use: town.resolver }', 'town.resolver'),
  mapping('a hook is misspelt', 'unknown-function', 'hooks: { after_step: [town.hok] }', 'town.hok', {
    suggestion: 'Did you mean "town.hook"?',
    also: PLUGIN,
  }),
  column(
    'a check stands where a transform is needed',
    'function-kind',
    '{ from: Name, transform: [town.check] }',
    'town.check',
    {
      also: PLUGIN,
    },
  ),
  mapping(
    'a check of values stands where records are judged',
    'function-kind',
    'rules: [{ name: sane, use: { town.check: { size: 1 } } }]',
    'town.check',
    { also: PLUGIN },
  ),
  column(
    'an argument of a plugin function is misspelt',
    'function-arguments',
    '{ from: Name, use: { town.resolver: { sise: 3 } } }',
    'sise',
    { also: PLUGIN },
  ),
];

const VALUES: readonly Case[] = [
  column('an expression does not parse', 'expression', '{ expr: "1 + " }', '" }'),
  column('an expression names a column that stands later', 'expression', '{ expr: "mood" }', 'mood" }'),
  column('an expression names no field of the SOQL', 'expression', '{ expr: "source.Nane" }', 'source.Nane', {
    suggestion: 'Did you mean "source.Name"?',
  }),
  mapping(
    'a rule is misspelt in a block text',
    'expression',
    'rules:\n  - name: named\n    check: |\n      !blank(name)\n      && blank(nane)',
    'nane',
    { suggestion: 'Did you mean "name"?' },
  ),
  mapping(
    'a reason to skip is no condition',
    'expression',
    'skip_when: [{ name: x, when: "source.Name" }]',
    'source.Name',
  ),
  child('a child names a column of no table', 'expression', 'skip_when: blank(adress)', 'adress', {
    suggestion: 'Did you mean "address"?',
  }),
  {
    rule: 'expression',
    when: 'an expression gives what its column cannot hold',
    file: PEOPLE,
    from: LAST_COLUMN,
    to: `${LAST_COLUMN}\n      born: { expr: "today" }`,
    at: 'today" }',
  },
  column('a lookup is not declared', 'unknown-lookup', '{ from: Name, lookup: nams }', 'nams'),
  mapping('a lookup is not used', 'unused-lookup', 'lookups: { age: { object: Case, by: Id, value: Name } }', 'age'),
  mapping(
    'the condition of a lookup does not parse',
    'soql-syntax',
    'lookups: { age: { object: Case, by: Id, value: Name, where: "A == 1" } }',
    '= 1"',
  ),
  column('`use` has no inputs', 'column-input', '{ use: town.resolver }', 'use: town', { also: PLUGIN }),
  column(
    'a way comes from nowhere',
    'column-input',
    '{ first_of: [{ from: Name }, { transform: [trim] }] }',
    '{ transform: [trim] }',
  ),
  mapping('a rule checks nothing', 'column-input', 'rules: [{ name: idle }]', '{ name: idle'),
  mapping(
    'two rules have one name',
    'duplicate-name',
    'rules: [{ name: a, check: "true" }, { name: a, check: "true" }]',
    'a, check: "true" }]',
  ),
  column('a built-in format is misspelt', 'wrong-value', '{ from: Name, format: emial }', 'emial', {
    suggestion: 'Did you mean "email"?',
  }),
  column('one field is joined', 'column-setting', '{ from: Name, join: " " }', 'join'),
  column('a record has one value to split', 'column-setting', '{ from: Name, split: ";" }', 'split'),
  column('a way splits without a link', 'column-setting', '{ first_of: [{ from: Name, split: ";" }] }', 'split'),
  column(
    'the time of the write goes into a text',
    'column-setting',
    '{ from: Name, now_when: { becomes: { mood: sad } } }',
    'now_when',
  ),
  {
    rule: 'value-misfit',
    when: 'the last way gives what its column cannot hold',
    file: PEOPLE,
    from: '{ from: Mood__c, map: mood, on_unknown: keep }',
    to: '{ first_of: [{ from: Mood__c, map: mood }, { value: angry }] }',
    at: 'angry',
  },
  {
    rule: 'column-setting',
    when: 'a child is to refuse conflicts',
    file: PEOPLE,
    from: MAILBOX,
    to: 'address: { on_conflict: quarantine }',
    at: 'on_conflict',
  },
  {
    rule: 'each-entry',
    when: 'an entry splits two columns',
    file: PEOPLE,
    from: '{ address: Mail__c, kind: home, main: true }',
    to: '{ address: { from: Mail__c, split: ";" }, kind: { from: Name, split: ";" }, main: true }',
    at: '{ address: {',
  },
];

const LINKS: readonly Case[] = [
  house('no table is meant', 'unknown-table', '{ from: House__c, link: { table: hose } }', 'hose', {
    suggestion: 'Did you mean "house"?',
  }),
  house(
    'the column written does not exist',
    'link-key',
    '{ from: House__c, link: { table: house, value: idd } }',
    'idd',
    {
      suggestion: 'Did you mean "id"?',
    },
  ),
  house(
    'the column written is of another type',
    'link-key',
    '{ from: House__c, link: { table: house, value: name } }',
    'name } }',
  ),
  house(
    'a number is to be found without regard to case',
    'link-key',
    '{ from: House__c, link: { table: house, by: id, ignore_case: true } }',
    'house, by',
  ),
  house(
    'the table of aliases does not exist',
    'unknown-table',
    '{ from: House__c, link: { table: house, aliases: { table: alias, by: a, value: b } } }',
    'alias, by',
  ),
  house(
    'an alias is not unique',
    'link-key',
    '{ from: House__c, link: { table: house, aliases: { table: house, by: name, value: id } } }',
    'name, value',
  ),
  house(
    'only one way has a link',
    'column-setting',
    '{ first_of: [{ from: House__c, link: house }, { from: Name }] }',
    '[{ from: House__c, link',
  ),
  {
    rule: 'each-entry',
    when: 'a column is a link in one entry only',
    file: PEOPLE,
    from: '[{ address: Mail__c, kind: home, main: true }]',
    to: '[{ address: Mail__c, kind: home, main: true }, { address: { from: House__c, link: { table: house, value: name } }, kind: work, main: false }]',
    at: 'Mail__c, kind: home',
  },
  {
    rule: 'each-entry',
    when: 'entries do not agree on missing parents',
    file: PEOPLE,
    from: `[{ address: Mail__c, kind: home, main: true }]
    parent: person
    key: [person_id, kind]
    skip_when_blank: address
    one_primary: main
    columns:
      ${MAILBOX}`,
    to: `[{ address: { from: Mail__c, on_missing: quarantine }, kind: home, main: true }, { address: House__c, kind: work, main: false }]
    parent: person
    key: [person_id, kind]
    skip_when_blank: address
    one_primary: main
    columns:
      address: { link: { table: house, value: name } }`,
    at: 'House__c, kind: work',
  },
  {
    rule: 'link-policy',
    when: 'a child is to wait',
    file: PEOPLE,
    from: MAILBOX,
    to: 'address: { link: { table: house, by: salesforce_id, value: name }, on_missing: wait }',
    at: 'wait }',
  },
  {
    rule: 'link-policy',
    when: 'the key is resolved in a later phase',
    file: PEOPLE,
    from: 'key: salesforce_id',
    to: 'key: [salesforce_id, house_id]',
    at: HOUSE_LINK,
  },
  {
    rule: 'phase-links',
    when: 'a later phase is to link a child',
    file: PEOPLE,
    from: '[person.house_id]',
    to: '[person.house_id, mailbox.address]',
    at: 'mailbox.address',
  },
  house(
    'a stub lacks what it needs',
    'stub-columns',
    '{ from: House__c, link: house, on_missing: create, create: { values: { salesforce_id: x } } }',
    'create: { values',
  ),
  house(
    'a copy lacks what the stub needs',
    'stub-columns',
    '{ from: House__c, link: house, on_missing: create, create: { copy: [{ table: skill, by: name, columns: { salesforce_id: name } }] } }',
    '{ table: skill',
    { also: SKILL },
  ),
  house(
    'a copy is taken from a column that is not there',
    'unknown-column',
    '{ from: House__c, link: house, on_missing: create, create: { copy: [{ table: skill, by: name, columns: { name: nane } }] } }',
    'nane',
    { also: SKILL, suggestion: 'Did you mean "name"?' },
  ),
  house(
    'a stub is described and never made',
    'policy-without-effect',
    '{ from: House__c, link: house, create: { values: { name: x } } }',
    'create:',
  ),
];

const TABLES: readonly Case[] = [
  root('a further key may fit several rows', 'key-not-unique', 'match: [[name, mood]]', '[name, mood]'),
  root('a further key is not filled', 'key-unmapped', 'match: [[born]]', 'born'),
  root('a row is to be left for a value that cannot be', 'value-misfit', 'leave: { mood: angry }', 'angry'),
  root('a column to leave rows by does not exist', 'unknown-column', 'leave: { modd: sad }', 'modd', {
    suggestion: 'Did you mean "mood"?',
  }),
  root('rows of a root are to be replaced', 'table-setting', 'set: replace', 'set'),
  root('what is preferred is not filled', 'table-setting', 'prefer: [{ column: born, highest: true }]', 'born'),
  root(
    'what is preferred has two measures',
    'table-setting',
    'prefer: [{ column: mood, values: [sad], lowest: true }]',
    '{ column: mood',
  ),
  root('a local row has no id of its own', 'table-setting', 'adopt: { by: name, where: not_salesforce_id }', 'adopt'),
  child('a child is to leave rows', 'table-setting', 'leave: { kind: home }', 'leave'),
  child('nothing is replaced', 'table-setting', 'when_empty: clear', 'when_empty'),
];

/** The houses again, with a primary key of two columns. */
const PAIRED = `table: house
primary_key: [salesforce_id, name]
columns:
  salesforce_id: { type: string(18), required: true, unique: true }
  name: { type: string(80), required: true }
`;
/** People refer to nothing here. */
const UNLINKED = {
  [HOUSE]: PAIRED,
  [PERSON]: (SOUND[PERSON] ?? '').replace('references: house.id, on_delete: set_null', 'index: true'),
  [PEOPLE]: (SOUND[PEOPLE] ?? '')
    .replace('{ from: House__c, link: house }', 'House__c')
    .replace('  moving-in: { links: [person.house_id], after: [houses] }\n', ''),
};

const PAIRS: readonly Case[] = [
  {
    rule: 'table-setting',
    when: 'a row is named by several columns and found by one of them',
    file: HOUSES,
    from: 'tags: [places]',
    to: 'tags: [place]',
    at: 'salesforce_id\n    columns',
    suggestion: 'Write key: [salesforce_id, name], or give the table an `id`.',
    also: UNLINKED,
  },
  {
    rule: 'table-setting',
    when: 'a row is named by several columns and looked for by others, too',
    file: HOUSES,
    from: 'key: salesforce_id',
    to: 'key: [name, salesforce_id]\n    match: [[salesforce_id]]',
    at: 'match',
    also: UNLINKED,
  },
];

const SOURCES: readonly Case[] = [
  {
    rule: 'wrong-value',
    when: 'there are one source and several',
    file: HOUSES,
    from: 'phases:',
    to: 'sources: { a: { object: House__c } }\nphases:',
    at: 'sources',
  },
  {
    rule: 'missing-key',
    when: 'a file has no id',
    file: HOUSES,
    from: 'soql: SELECT Id, Name, SystemModstamp FROM House__c',
    to: 'file: houses.csv',
    at: 'source',
  },
  {
    rule: 'unused-field',
    when: 'one of several sources selects too much',
    file: HOUSES,
    from: 'source:\n  soql: SELECT Id, Name, SystemModstamp FROM House__c\n',
    to: 'sources:\n  huts: { soql: "SELECT Id, Name, Size__c, SystemModstamp FROM Hut__c" }\n  flats: { object: Flat__c }\n',
    at: 'Size__c',
  },
];

/** What can be wrong in the wider language: expressions, plugins, links, sources, settings of tables. */
export const LANGUAGE_CASES: readonly Case[] = [...PLUGINS, ...VALUES, ...LINKS, ...TABLES, ...PAIRS, ...SOURCES];
