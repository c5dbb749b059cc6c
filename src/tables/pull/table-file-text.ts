import { flowText, scalarText } from '../../config/yaml-text.ts';
import type { ColumnDraft, TableDraft } from './pulled.ts';

const WIDTH = 120;

/** The text of a table file, as people write it by hand: one line a column while it fits. */
export function tableFileText(draft: TableDraft, schemaPath: string): string {
  const { primaryKey, unique, indexes } = draft;
  const head: [string, unknown][] = [
    ['table', draft.table],
    ['description', draft.description === '' ? null : draft.description],
    ['extends', draft.extends],
    ['on_delete', draft.onDelete],
    ['primary_key', primaryKey?.length === 1 ? primaryKey[0] : primaryKey],
    ...Object.entries(draft.free),
  ];
  return [
    `# yaml-language-server: $schema=${schemaPath}`,
    ...head.filter(([, value]) => value !== null).map(([key, value]) => `${scalarText(key)}: ${flowText(value)}`),
    ...(draft.columns.length === 0 ? ['columns: {}'] : ['columns:']),
    ...draft.columns.flatMap((column) => columnLines(column)),
    ...setLines('unique', unique),
    ...setLines('indexes', indexes),
    '',
  ].join('\n');
}

function setLines(key: string, sets: readonly (readonly string[])[]): string[] {
  return sets.length === 0 ? [] : [`${key}:`, ...sets.map((set) => `  - ${flowText(set)}`)];
}

function columnLines(column: ColumnDraft): string[] {
  const parts = columnParts(column);
  const line = `  ${scalarText(column.name)}: ${flowText(Object.fromEntries(parts))}`;
  const note = column.notes.join('; ');
  if (line.length > WIDTH) {
    return [
      ...noteLines(note),
      `  ${scalarText(column.name)}:`,
      ...parts.flatMap(([key, value]) => partLines(key, value)),
    ];
  }
  if (note === '') return [line];
  const noted = `${line} # ${note}`;
  return noted.length <= WIDTH ? [noted] : [...noteLines(note), line];
}

function noteLines(note: string): string[] {
  return note === '' ? [] : [`  # ${note}`];
}

function partLines(key: string, value: unknown): string[] {
  const line = `    ${scalarText(key)}: ${flowText(value)}`;
  if (line.length <= WIDTH || !Array.isArray(value)) return [line];
  return [`    ${scalarText(key)}:`, ...value.map((item: unknown) => `      - ${flowText(item)}`)];
}

function columnParts(column: ColumnDraft): [string, unknown][] {
  const parts: [string, unknown][] = [
    ['type', column.type],
    ['values', column.values],
    ['db_type', column.dbType],
    ['generated', column.generated || null],
    ['required', column.required || null],
    ['unique', column.unique || null],
    ['default', column.default],
    ['db_default', column.dbDefault],
    ['references', column.references],
    ['on_delete', column.onDelete],
    ['index', column.index || null],
    ['check', column.check],
    ['owner', column.owner === 'local' ? 'local' : null],
    ['touch', column.touch],
    ['pii', column.pii || null],
    ['description', column.description === '' ? null : column.description],
    ...Object.entries(column.free),
  ];
  return parts.filter(([, value]) => value !== null);
}
