import type { ColumnMapping, FunctionCall, Mapping, SideLookup, TableMapping } from '../config/mapping.ts';
import type { ColumnValue } from '../config/table.ts';
import { inputText, linkText, transformText } from './column-text.ts';

/** A mapping as `mapping show` tells it. */
export interface MappingView {
  readonly name: string;
  /** The mapping file whose sources this one is one of; null when it is the only one. */
  readonly group: string | null;
  readonly description: string;
  readonly file: string;
  readonly tags: readonly string[];
  readonly source: {
    /** The Salesforce object, or the path of a CSV file. */
    readonly object: string;
    readonly soql: string;
    readonly api: string;
    readonly file: Mapping['source']['file'];
  };
  /** What is asked from the org beside the source while a batch is read. */
  readonly lookups: readonly Omit<SideLookup, 'position'>[];
  readonly phases: readonly {
    readonly phase: string;
    readonly batch_size: number;
    readonly commit_size: number;
    readonly links: readonly string[];
    readonly after: readonly string[];
  }[];
  readonly tables: readonly TableView[];
  readonly skip_when: readonly { readonly name: string; readonly when: string }[];
  readonly rules: readonly {
    readonly name: string;
    readonly severity: string;
    readonly when: string | null;
    readonly check: string;
  }[];
  readonly hooks: { readonly after_commit: readonly string[]; readonly after_step: readonly string[] };
}

interface TableView {
  readonly table: string;
  readonly role: string;
  readonly key: readonly string[];
  /** What else decides which row is written, in words. */
  readonly rules: readonly string[];
  readonly columns: readonly ColumnView[];
}

interface ColumnView {
  readonly column: string;
  /** Fields or the constant that feed it; for rows made from fields, one text for each of `each`. */
  readonly from: readonly string[];
  /** What happens on the way and to bad values, in words. */
  readonly rules: readonly string[];
}

export function viewOf(mapping: Mapping): MappingView {
  const { name, group, description, file, tags, source, lookups, phases, tables, skipWhen, rules, hooks } = mapping;
  return {
    name,
    group,
    description,
    file,
    tags,
    source: { object: source.object, soql: source.soql, api: source.api, file: source.file },
    lookups: lookups.map(({ name: lookup, object, by, value, where }) => ({ name: lookup, object, by, value, where })),
    phases: phases.map(({ phase, batchSize, commitSize, links, after }) => ({
      phase,
      batch_size: batchSize,
      commit_size: commitSize,
      links,
      after,
    })),
    tables: tables.map((table) => ({
      table: table.table.name,
      role: table.role,
      key: table.key,
      rules: rowRules(table),
      columns: table.columns.map((column, index) => columnView(table, column, index)),
    })),
    skip_when: skipWhen.map(({ name: rule, when }) => ({ name: rule, when })),
    rules: rules.map(({ name: rule, severity, when, check, use }) => ({
      name: rule,
      severity,
      when,
      check: check ?? use?.name ?? '',
    })),
    hooks: { after_commit: namesOf(hooks.afterCommit), after_step: namesOf(hooks.afterStep) },
  };
}

function namesOf(calls: readonly FunctionCall[]): readonly string[] {
  return calls.map(({ name }) => name);
}

function rowRules(mapped: TableMapping): readonly string[] {
  const { match, adopt, unmatched, leave, prefer, parent, set, whenEmpty, skipWhen, skipWhenBlank, onePrimary } =
    mapped;
  return [
    ...match.map((key) => `else found by ${key.join(', ')}`),
    ...(adopt === null ? [] : [`takes over a local row with the same ${adopt.by}`]),
    ...(unmatched === 'insert' ? [] : [`without a row: ${unmatched}`]),
    ...(leave.length === 0 ? [] : [`left alone where ${valuesText(leave)}`]),
    ...(prefer.length === 0
      ? []
      : [`of several records the one with the best ${prefer.map(({ column }) => column.name).join(', ')}`]),
    ...(parent === null ? [] : [`rows of ${parent.table}`]),
    ...(set === 'replace' ? [`rows that are no longer named go${whenEmpty === 'clear' ? ', also the last' : ''}`] : []),
    ...(skipWhen === null ? [] : [`no row where ${skipWhen.text}`]),
    ...(skipWhenBlank === null ? [] : [`no row without ${skipWhenBlank}`]),
    ...(onePrimary === null ? [] : [`one ${onePrimary}`]),
  ];
}

function columnView(table: TableMapping, column: ColumnMapping, index: number): ColumnView {
  const entries =
    table.role === 'child' && table.each.length > 0
      ? table.each.flatMap(({ columns }) => columns[index] ?? [])
      : [column];
  return { column: column.column.name, from: entries.map(inputText), rules: rulesOf(column) };
}

function rulesOf(column: ColumnMapping): string[] {
  const { transforms, map, link, required, format, check, onNull, onUnknown, onInvalid, onConflict, nowWhen } = column;
  return [
    ...transforms.map(transformText),
    ...(map === null ? [] : [`map ${map.name}`]),
    ...(format === null ? [] : [`format ${format}`]),
    ...(check === null ? [] : [`check ${check.name}`]),
    ...(required ? ['required'] : []),
    ...(onNull === 'write' ? [] : [`on_null ${onNull}`]),
    ...(map === null || onUnknown === 'quarantine' ? [] : [`on_unknown ${onUnknown}`]),
    ...(onInvalid === 'quarantine' ? [] : [`on_invalid ${onInvalid}`]),
    ...(onConflict === 'write' ? [] : [`on_conflict ${onConflict}`]),
    ...(column.write === 'always' ? [] : [`write ${column.write}`]),
    ...(nowWhen === null ? [] : [`now when it becomes ${valuesText(nowWhen.becomes)}`]),
    ...(link === null ? [] : [linkText(link)]),
    ...(column.column.pii ? ['personal'] : []),
  ];
}

function valuesText(values: readonly ColumnValue[]): string {
  return values.map(({ column, value }) => `${column.name} = ${value ?? 'null'}`).join(' and ');
}
