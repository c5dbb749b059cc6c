import { typeText } from './column-type.ts';
import { comparable, isUnique } from './check-references.ts';
import { baseChain, columnInChain, reportUnknownColumn } from './find-column.ts';
import type { Position } from './mapping.ts';
import type { LinkLookup } from './link.ts';
import { didYouMean } from './nearest.ts';
import type { Filler, MappingContext } from './resolve-context.ts';
import type { MappingFileLink } from './schema/link.ts';
import { type Column, soleKey, type Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

export interface WrittenLookup {
  readonly column: Column;
  readonly table: Table;
  readonly link: MappingFileLink;
  readonly path: YamlPath;
  /** True when rows of the parent table are made here, so that no mapping need fill it. */
  readonly creates: boolean;
}

/** How a reference finds its parent; null when it cannot, which is reported. */
export function resolveLookup(written: WrittenLookup, context: MappingContext): LinkLookup | null {
  const { column, table, path } = written;
  const link = typeof written.link === 'string' ? { table: written.link } : written.link;
  const place = context.file.yaml.at(typeof written.link === 'string' ? path : [...path, 'table']);
  const parent = context.tables.get(link.table);
  if (parent === undefined) {
    const said = `There is no table "${link.table}" to link to.`;
    context.sink.report('unknown-table', place, said, didYouMean(link.table, context.tables.keys()));
    return null;
  }
  const fillers = context.fillers.get(link.table) ?? [];
  if (fillers.length === 0 && !written.creates) {
    const said = `No mapping fills the table "${link.table}", so this link could never be resolved.`;
    context.sink.report('unknown-link', place, said, didYouMean(link.table, context.fillers.keys()));
    return null;
  }
  const by = parentColumn(parent, link.by, fillers, { path, place, context });
  if (by === null) return null;
  const value = writtenColumn({ parent, column, table, value: link.value, path }, context);
  if (value === null) return null;
  const unique = isUnique(by.table, by.column.name);
  const wrong = (said: string, hint: string | null = null): void => context.sink.report('link-key', place, said, hint);
  const named = `"${by.table.name}.${by.column.name}"`;
  if (!unique && link.pick === undefined) {
    const hint = `Mark the column \`unique: true\` in ${by.table.file}, or write { table, by, pick: first }.`;
    wrong(`${named} is not unique, so a value of it may stand for several rows.`, hint);
  }
  if (link.ignore_case === true && !isText(by.column)) {
    wrong(`${named} is ${typeText(by.column.type)}: only a text has a case to ignore.`, 'Remove `ignore_case`.');
  }
  return {
    table: parent.name,
    by: by.column.name,
    byTable: by.table.name,
    value: value.column.name,
    valueTable: value.table.name,
    unique,
    ignoreCase: link.ignore_case ?? false,
    aliases: link.aliases === undefined ? null : aliases(link.aliases, column, [...path, 'aliases'], context),
    mappings: [...new Set(fillers.map(({ mapping }) => mapping))],
  };
}

interface Found {
  readonly table: Table;
  readonly column: Column;
}

/** The column that the reference is compared with: as written, else the key by which the parent's mapping finds it. */
function parentColumn(
  parent: Table,
  written: string | undefined,
  fillers: readonly Filler[],
  { path, place, context }: { path: YamlPath; place: Position; context: MappingContext },
): Found | null {
  const { file, tables, sink } = context;
  if (written !== undefined) {
    const found = columnInChain(parent, written, tables);
    if (found === null) reportUnknownParent(parent, written, file.yaml.at([...path, 'by']), context);
    return found;
  }
  for (const { key } of fillers) {
    const [name, ...more] = key;
    const found = name === undefined || more.length > 0 ? null : columnInChain(parent, name, tables);
    if (found !== null) return found;
  }
  // A mapping without a sound key is told so itself, and not by everything that links to it.
  const filler = fillers.find(({ role }) => role !== 'child');
  if (filler !== undefined && filler.key.length < 2) return null;
  const said =
    filler === undefined
      ? `Nothing says by which column a row of "${parent.name}" is found.`
      : `The mapping "${filler.mapping}" finds no row of "${parent.name}" by one column of its own.`;
  sink.report('link-key', place, said, 'Name the column: link: { table, by }.');
  return null;
}

function reportUnknownParent(parent: Table, name: string, position: Position, { sink, tables }: MappingContext): void {
  const known = baseChain(parent, tables).flatMap(({ columns }) => columns.map((other) => other.name));
  sink.report('link-key', position, `The table "${parent.name}" has no column "${name}".`, didYouMean(name, known));
}

/** The column of the parent whose value is written: as named, else what the column refers to, else the primary key. */
function writtenColumn(
  {
    parent,
    column,
    table,
    value,
    path,
  }: { parent: Table; column: Column; table: Table; value: string | undefined; path: YamlPath },
  context: MappingContext,
): Found | null {
  const { file, tables, sink } = context;
  const chain = baseChain(parent, tables).map(({ name }) => name);
  const { references } = column;
  const referred = references !== null && chain.includes(references.table) ? references.column : null;
  const name = value ?? referred ?? soleKey(parent);
  const position = file.yaml.at(value === undefined ? path : [...path, 'value']);
  if (name === null) {
    const said = `"${parent.name}" has a primary key of several columns: nothing says which column is written.`;
    sink.report('link-key', position, said, 'Name the column: link: { table, by, value }.');
    return null;
  }
  const found = columnInChain(parent, name, tables);
  if (found === null) {
    // A reference that leads nowhere is told at its table file.
    if (value !== undefined) reportUnknownParent(parent, name, position, context);
    return null;
  }
  if (!comparable(column.type.kind, found.column.type.kind)) {
    const said = `"${table.name}.${column.name}" is ${typeText(column.type)}, but the link writes "${found.table.name}.${name}", which is ${typeText(found.column.type)}.`;
    const hint = `Add \`references: ${parent.name}.COLUMN\` to the column in its table file.`;
    sink.report('link-key', position, said, hint);
  }
  return found;
}

function aliases(
  { table: name, by, value }: NonNullable<LinkLookup['aliases']>,
  column: Column,
  path: YamlPath,
  context: MappingContext,
): LinkLookup['aliases'] {
  const { file, tables, sink } = context;
  const table = tables.get(name);
  if (table === undefined) {
    const position = file.yaml.at([...path, 'table']);
    sink.report('unknown-table', position, `There is no table "${name}".`, didYouMean(name, tables.keys()));
    return null;
  }
  for (const [key, wanted] of [['by', by] as const, ['value', value] as const]) {
    const found = table.columns.find((candidate) => candidate.name === wanted);
    if (found === undefined) {
      reportUnknownColumn(table, wanted, file.yaml.at([...path, key]), context);
    } else if (key === 'value' && !comparable(column.type.kind, found.type.kind)) {
      const said = `"${column.name}" is ${typeText(column.type)}, but "${name}.${value}" is ${typeText(found.type)}.`;
      sink.report('link-key', file.yaml.at([...path, 'value']), said);
    } else if (key === 'by' && !isUnique(table, by)) {
      const said = `"${name}.${by}" is not unique, so an alias may stand for several rows.`;
      sink.report('link-key', file.yaml.at([...path, 'by']), said, `Mark it \`unique: true\` in ${table.file}.`);
    }
  }
  return { table: name, by, value };
}

function isText({ type }: Column): boolean {
  return type.kind === 'string' || type.kind === 'text' || type.kind === 'enum';
}
