import type { ColumnDraft, TableDraft } from './pulled.ts';

const WIDTH = 120;
/** Some reader of YAML or other takes these for something else than text. */
const NO_TEXT = /^(?:true|false|null|yes|no|on|off|y|n)$/iu;
const PLAIN = /^[\p{L}_](?:[\p{L}\p{N}\p{M} _.()/;$-]*[\p{L}\p{N}\p{M}_.();])?$/u;

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
    ...head.filter(([, value]) => value !== null).map(([key, value]) => `${scalar(key)}: ${flow(value)}`),
    ...(draft.columns.length === 0 ? ['columns: {}'] : ['columns:']),
    ...draft.columns.flatMap((column) => columnLines(column)),
    ...setLines('unique', unique),
    ...setLines('indexes', indexes),
    '',
  ].join('\n');
}

function setLines(key: string, sets: readonly (readonly string[])[]): string[] {
  return sets.length === 0 ? [] : [`${key}:`, ...sets.map((set) => `  - ${flow(set)}`)];
}

function columnLines(column: ColumnDraft): string[] {
  const parts = columnParts(column);
  const line = `  ${scalar(column.name)}: ${flow(Object.fromEntries(parts))}`;
  const note = column.notes.join('; ');
  if (line.length > WIDTH) {
    return [...noteLines(note), `  ${scalar(column.name)}:`, ...parts.flatMap(([key, value]) => partLines(key, value))];
  }
  if (note === '') return [line];
  const noted = `${line} # ${note}`;
  return noted.length <= WIDTH ? [noted] : [...noteLines(note), line];
}

function noteLines(note: string): string[] {
  return note === '' ? [] : [`  # ${note}`];
}

function partLines(key: string, value: unknown): string[] {
  const line = `    ${scalar(key)}: ${flow(value)}`;
  if (line.length <= WIDTH || !Array.isArray(value)) return [line];
  return [`    ${scalar(key)}:`, ...value.map((item: unknown) => `      - ${flow(item)}`)];
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

/** Any value in one line. */
function flow(value: unknown): string {
  if (typeof value === 'string') return scalar(value);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => flow(item)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, part]) => `${scalar(key)}: ${flow(part)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A text that every reader of YAML takes for exactly this text. */
function scalar(text: string): string {
  if (PLAIN.test(text) && !NO_TEXT.test(text)) return text;
  // Only double quotes can hold line breaks and other control characters; JSON is YAML.
  if (/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/u.test(text)) return JSON.stringify(text);
  if (text.includes("'") && !/["\\]/u.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "''")}'`;
}
