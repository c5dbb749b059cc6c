import { typeText } from './column-type.ts';
import type { Link } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import { comparable, isUnique } from './check-references.ts';
import type { MappingFileColumn } from './schema/column-mapping.ts';
import { type Column, soleKey, type Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

export interface WrittenLink {
  readonly column: Column;
  readonly table: Table;
  readonly written: MappingFileColumn;
  readonly path: YamlPath;
}

/** The link of a column: the parent table, the column to compare with, the column whose value is written. */
export function resolveLink({ column, table, written, path }: WrittenLink, context: MappingContext): Link | null {
  const { file, tables, fillers, sink } = context;
  const link = written.link ?? '';
  const name = typeof link === 'string' ? link : link.table;
  const place = file.yaml.at(typeof link === 'string' ? [...path, 'link'] : [...path, 'link', 'table']);
  const parent = tables.get(name);
  if (parent === undefined) {
    sink.report('unknown-table', place, `There is no table "${name}" to link to.`, didYouMean(name, tables.keys()));
    return null;
  }
  // The parents of a joined table are found in its base, too: a student is a contact.
  const filler = fillers.get(name)?.[0];
  if (filler === undefined) {
    sink.report(
      'unknown-link',
      place,
      `No mapping fills the table "${name}", so this link could never be resolved.`,
      didYouMean(name, fillers.keys()),
    );
    return null;
  }
  const by = typeof link === 'string' ? defaultBy(parent, filler) : (link.by ?? defaultBy(parent, filler));
  // A mapping without a sound key is told so itself, and not by everything that links to it.
  if (by === null && filler.role === 'root' && filler.key.length < 2) return null;
  if (by === null) {
    sink.report(
      'link-key',
      place,
      `The mapping "${filler.mapping}" finds no row of "${name}" by one column of its own.`,
      'Name the column: link: { table, by }.',
    );
    return null;
  }
  if (!parent.columns.some((candidate) => candidate.name === by)) {
    const suggestion = didYouMean(
      by,
      parent.columns.map((other) => other.name),
    );
    sink.report(
      'link-key',
      file.yaml.at([...path, 'link', 'by']),
      `The table "${name}" has no column "${by}".`,
      suggestion,
    );
    return null;
  }
  if (!isUnique(parent, by)) {
    sink.report(
      'link-key',
      place,
      `"${name}.${by}" is not unique, so a value of it may stand for several rows.`,
      'Mark the column `unique: true` in its table file.',
    );
  }
  if (written.on_missing === 'create') {
    sink.report(
      'not-yet',
      file.yaml.at([...path, 'on_missing']),
      'This version does not have `on_missing: create` yet.',
      'Use wait.',
    );
  }
  const value = column.references?.table === name ? column.references.column : (soleKey(parent) ?? '');
  const valueColumn = parent.columns.find((candidate) => candidate.name === value);
  if (valueColumn !== undefined && !comparable(column.type.kind, valueColumn.type.kind)) {
    const said = `"${table.name}.${column.name}" is ${typeText(column.type)}, but the link writes "${name}.${value}", which is ${typeText(valueColumn.type)}.`;
    sink.report('link-key', place, said, `Add \`references: ${name}.COLUMN\` to the column in its table file.`);
  }
  const onMissing = written.on_missing ?? 'null';
  return {
    lookups: [
      {
        table: name,
        by,
        byTable: name,
        value,
        valueTable: name,
        unique: true,
        ignoreCase: false,
        aliases: null,
        mappings: (fillers.get(name) ?? []).map(({ mapping }) => mapping),
      },
    ],
    candidates: false,
    onMissing: onMissing === 'create' ? 'wait' : onMissing,
    create: null,
    phase: null,
  };
}

function defaultBy(parent: Table, filler: { readonly key: readonly string[] }): string | null {
  const [key, ...more] = filler.key;
  return key !== undefined && more.length === 0 && parent.columns.some(({ name }) => name === key) ? key : null;
}
