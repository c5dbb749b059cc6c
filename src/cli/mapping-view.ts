import type { ColumnMapping, Input, Mapping, TableMapping } from '../config/mapping.ts';

/** A mapping as `mapping show` tells it. */
export interface MappingView {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  readonly tags: readonly string[];
  readonly source: { readonly object: string; readonly soql: string; readonly api: string };
  readonly phases: readonly {
    readonly phase: string;
    readonly batch_size: number;
    readonly commit_size: number;
    readonly links: readonly string[];
  }[];
  readonly tables: readonly {
    readonly table: string;
    readonly role: string;
    readonly key: readonly string[];
    readonly columns: readonly ColumnView[];
  }[];
}

export interface ColumnView {
  readonly column: string;
  /** Fields or the constant that feed it; for rows made from fields, one text for each of `each`. */
  readonly from: readonly string[];
  /** What happens on the way and to bad values, in words. */
  readonly rules: readonly string[];
}

export function viewOf(mapping: Mapping): MappingView {
  const { name, description, file, tags, source, phases, tables } = mapping;
  return {
    name,
    description,
    file,
    tags,
    source: { object: source.object, soql: source.soql, api: source.api },
    phases: phases.map(({ phase, batchSize, commitSize, links }) => ({
      phase,
      batch_size: batchSize,
      commit_size: commitSize,
      links,
    })),
    tables: tables.map((table) => ({
      table: table.table.name,
      role: table.role,
      key: table.key,
      columns: table.columns.map((column, index) => columnView(table, column, index)),
    })),
  };
}

function columnView(table: TableMapping, column: ColumnMapping, index: number): ColumnView {
  const inputs = table.role === 'child' ? table.each.flatMap(({ inputs: all }) => all[index] ?? []) : [column.input];
  return { column: column.column.name, from: inputs.map(inputText), rules: rulesOf(column) };
}

function inputText(input: Input): string {
  return input.kind === 'fields' ? input.paths.join(' or ') : `= ${input.value ?? 'null'}`;
}

function rulesOf(column: ColumnMapping): string[] {
  const { transforms, map, link, required, format, onNull, onInvalid, write } = column;
  return [
    ...transforms.map(({ name }) => name),
    ...(map === null ? [] : [`map ${map.name}`]),
    ...(format === null ? [] : [`format ${format}`]),
    ...(required ? ['required'] : []),
    ...(onNull === 'write' ? [] : [`on_null ${onNull}`]),
    ...(onInvalid === 'quarantine' ? [] : [`on_invalid ${onInvalid}`]),
    ...(write === 'always' ? [] : [`write ${write}`]),
    ...(link === null
      ? []
      : [
          `link ${link.table}.${link.by}, on_missing ${link.onMissing}${link.phase === null ? '' : `, in ${link.phase}`}`,
        ]),
    ...(column.column.pii ? ['personal'] : []),
  ];
}
