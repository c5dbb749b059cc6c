import { freezeDeep } from './freeze-deep.ts';
import type { ColumnMapping, Mapping, TableMapping, ValueMap } from './mapping.ts';
import { mappingVersion } from './mapping-version.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import { resolveChild } from './resolve-child.ts';
import { COLUMN_DEFAULTS, resolveColumn } from './resolve-column.ts';
import type { Filler, MappingContext } from './resolve-context.ts';
import { resolvePhases, withLinkPhases, type PhaseDefaults } from './resolve-phases.ts';
import { resolveSource } from './resolve-source.ts';
import type { CheckedFile } from './resolve-table.ts';
import type { ProblemSink } from './rules.ts';
import type { MappingFile, MappingFileTable } from './schema/mapping.ts';
import type { Table } from './table.ts';
import { looksLikeField, writtenFields } from './written-fields.ts';

export interface MappingSurroundings {
  readonly defaults: PhaseDefaults;
  readonly tables: ReadonlyMap<string, Table>;
  readonly maps: ReadonlyMap<string, ValueMap>;
  readonly fillers: ReadonlyMap<string, readonly Filler[]>;
  readonly names: readonly string[];
}

/** One mapping file to a mapping; null when something in it is wrong, which is reported. */
export function resolveMapping(
  file: CheckedFile<MappingFile>,
  { defaults, tables, maps, fillers, names }: MappingSurroundings,
  parentSink: ProblemSink & { readonly problems: readonly unknown[] },
): Mapping | null {
  const { yaml, value } = file;
  let failed = false;
  const sink: ProblemSink = {
    report: (rule, ...rest) => {
      failed ||= rule !== 'not-yet-used';
      parentSink.report(rule, ...rest);
    },
  };
  if (value.deletes !== undefined) {
    sink.report(
      'not-yet-used',
      yaml.keyAt(['deletes']),
      'This version does not act on deletes in the org yet: rows stay.',
    );
  }
  if (value.rules.length > 0) {
    sink.report(
      'not-yet-used',
      yaml.keyAt(['rules']),
      'This version does not check rules yet: no record is held against them.',
    );
  }
  const used = writtenFields(value, looksLikeField).map(({ field }) => field);
  const source = resolveSource(file, used, sink);
  const context: MappingContext = { file, source, tables, maps, fillers, sink };
  const mapped = resolveTableMappings(context);
  const phases = resolvePhases(file, mapped, defaults, sink);
  for (const { phase, after } of phases) {
    for (const [index, name] of after.entries()) {
      const position = yaml.at(['phases', phase, 'after', index]);
      if (!names.includes(name))
        sink.report('unknown-mapping', position, `There is no mapping "${name}".`, didYouMean(name, names));
    }
  }
  if (failed || source === null) return null;
  const parts = {
    source,
    tables: withLinkPhases(mapped, phases),
    rules: value.rules.map(({ name, when, check, severity }, index) => ({
      name,
      when: when ?? null,
      check,
      severity,
      position: yaml.at(['rules', index]),
    })),
  };
  return freezeDeep({
    name: value.mapping,
    description: value.description ?? '',
    tags: value.tags,
    file: yaml.file,
    version: mappingVersion(parts),
    phases,
    ...parts,
  });
}

interface NamedTable {
  readonly table: Table;
  readonly written: MappingFileTable;
}

function resolveTableMappings(context: MappingContext): readonly TableMapping[] {
  const { file, tables, sink } = context;
  const named = namedEntries(file.value.tables).flatMap(([name, written]): NamedTable[] => {
    const table = tables.get(name);
    if (table !== undefined) return [{ table, written }];
    sink.report(
      'unknown-table',
      file.yaml.keyAt(['tables', name]),
      `There is no table "${name}".`,
      didYouMean(name, tables.keys()),
    );
    return [];
  });
  const children = named.filter(({ written }) => isChild(written));
  const family = inOrderOfExtension(
    named.filter(({ written }) => !isChild(written)),
    context,
  );
  const parents = family.map(({ table }) => table);
  return [
    ...family.map((entry, index) => resolveRecordTable(entry, index === 0 ? 'root' : 'extension', context)),
    ...children.flatMap(({ table, written }) => resolveChild(table, written, parents, context) ?? []),
  ];
}

function isChild({ each, parent }: MappingFileTable): boolean {
  return each !== undefined || parent !== undefined;
}

/** The root, then what extends it, a base before what is derived from it. */
function inOrderOfExtension(family: readonly NamedTable[], { file, sink }: MappingContext): readonly NamedTable[] {
  const ordered: NamedTable[] = [];
  for (let rest = [...family]; rest.length > 0;) {
    const next = rest.find(({ table }) =>
      ordered.length === 0 ? table.extends === null : ordered.some((before) => before.table.name === table.extends),
    );
    if (next === undefined) {
      for (const { table } of rest) {
        const [said, hint] =
          table.extends === null
            ? [
                `"${table.name}" is a second root beside "${ordered[0]?.table.name ?? ''}".`,
                'A child table needs `parent`; an unrelated table a mapping of its own.',
              ]
            : [
                `"${table.name}" extends "${table.extends}", which this mapping does not fill.`,
                `Add the table "${table.extends}" to the mapping.`,
              ];
        sink.report('table-roles', file.yaml.keyAt(['tables', table.name]), said, hint);
      }
      return ordered;
    }
    ordered.push(next);
    rest = rest.filter((entry) => entry !== next);
  }
  if (ordered.length === 0)
    sink.report(
      'table-roles',
      file.yaml.keyAt(['tables']),
      'No table here can be the root: one without `parent` and `extends`.',
    );
  return ordered;
}

function resolveRecordTable(
  { table, written }: NamedTable,
  role: 'root' | 'extension',
  context: MappingContext,
): TableMapping {
  const { file, sink } = context;
  const path = ['tables', table.name] as const;
  const columns = namedEntries(written.columns).flatMap(([name, column]): ColumnMapping[] => {
    const long = typeof column === 'string' ? { ...COLUMN_DEFAULTS, from: column } : column;
    const resolved = resolveColumn(
      { table, name, written: long, path: [...path, 'columns', name], inputElsewhere: false },
      context,
    );
    return resolved === null ? [] : [resolved];
  });
  for (const key of ['skip_when_blank', 'one_primary'] as const) {
    if (written[key] !== undefined)
      sink.report(
        'each-entry',
        file.yaml.keyAt([...path, key]),
        `\`${key}\` is for child tables, which have \`parent\`.`,
      );
  }
  return {
    table,
    role,
    key: recordKey(table, written, role, columns, context),
    columns,
    parent: null,
    each: [],
    skipWhenBlank: null,
    onePrimary: null,
  };
}

function recordKey(
  table: Table,
  written: MappingFileTable,
  role: 'root' | 'extension',
  columns: readonly ColumnMapping[],
  { file, sink }: MappingContext,
): readonly string[] {
  const path = ['tables', table.name];
  const key = [written.key ?? []].flat();
  if (role === 'extension') {
    if (key.length > 0)
      sink.report(
        'table-roles',
        file.yaml.keyAt([...path, 'key']),
        `"${table.name}" extends "${table.extends ?? ''}" and is found by its key: leave \`key\` out.`,
      );
    return [table.primaryKey];
  }
  if (key.length === 0) {
    sink.report(
      'key-missing',
      file.yaml.keyAt(path),
      `"${table.name}" has no \`key\` by which its rows are found again.`,
      'Name the column that holds the Salesforce id.',
    );
  }
  for (const [index, name] of key.entries()) {
    if (columns.some(({ column }) => column.name === name)) continue;
    const place = typeof written.key === 'string' ? [...path, 'key'] : [...path, 'key', index];
    const suggestion = didYouMean(
      name,
      columns.map(({ column }) => column.name),
    );
    sink.report(
      'key-unmapped',
      file.yaml.at(place),
      `The key column "${name}" is not filled by this mapping.`,
      suggestion,
    );
  }
  return key;
}
