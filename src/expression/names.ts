import type { Value } from './kinds.ts';
import type { Compiled, Compiling, Run } from './compiled.ts';
import { ExpressionFailure, ExpressionProblem } from './problem.ts';
import { READ_TEXT, type ReadText } from './read-value.ts';
import type { Node, NodeOf } from './tree.ts';

/** A name as written, with its place: `source.Account.Name` is a path of three. */
interface Path {
  readonly parts: readonly string[];
  readonly start: number;
  readonly end: number;
}

/**
 * A column, a field of the source, an item of a list that is gone through, or `today`.
 * @throws ExpressionProblem for a name that stands for nothing here
 */
export function compileName(node: NodeOf<'name' | 'member'>, compiling: Compiling): Compiled {
  const path = pathOf(node);
  const [first = '', ...rest] = path.parts;
  const local = compiling.locals.get(first);
  if (local !== undefined) return compileLocal(local, path);
  if (rest.length > 0 && first === 'source') return compileField(rest.join('.'), path, compiling);
  if (rest.length > 0 && first === 'row') return compileColumn(rest.join('.'), path, compiling);
  if (rest.length === 0 && first === 'today') {
    return { type: 'date', run: (values) => values.today, constant: false };
  }
  return compileColumn(path.parts.join('.'), path, compiling);
}

/** The names that a new name may not hide. */
export function isTaken(name: string, { scope, locals }: Compiling): boolean {
  return Object.hasOwn(scope.columns, name) || locals.has(name) || ['today', 'source', 'row'].includes(name);
}

function pathOf(node: Node): Path {
  if (node.kind === 'name') return { parts: [node.name], start: node.start, end: node.end };
  if (node.kind !== 'member') {
    throw new ExpressionProblem('only names have parts: source.Account.Name, contact.type', node.start);
  }
  const { parts, start } = pathOf(node.of);
  return { parts: [...parts, node.name], start, end: node.end };
}

function compileLocal(local: { readonly slot: number; readonly type: Compiled['type'] }, path: Path): Compiled {
  if (path.parts.length > 1) throw new ExpressionProblem('an item of a list has no parts', path.start);
  const { slot, type } = local;
  return { type, run: (_values, locals) => locals[slot] ?? null, constant: false };
}

function compileField(written: string, path: Path, compiling: Compiling): Compiled {
  const { fields } = compiling.scope;
  const known = fields === 'any' ? written : sameField(written, fields);
  if (known === undefined) {
    throw new ExpressionProblem(`the source has no field ${written} here`, path.start, {
      length: path.end - path.start,
      unknown: { name: written, known: fields === 'any' ? [] : fields },
    });
  }
  const place = placeIn(compiling.fields, known);
  return { type: 'text', run: (values) => emptyAsNull(values.field(known, place)), constant: false };
}

/** As written; else in another case, as Salesforce reads names. */
function sameField(written: string, fields: readonly string[]): string | undefined {
  if (fields.includes(written)) return written;
  return fields.find((field) => field.toLowerCase() === written.toLowerCase());
}

function compileColumn(name: string, path: Path, compiling: Compiling): Compiled {
  const { columns } = compiling.scope;
  const kind = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (kind === undefined) throw unknownColumn(name, path, compiling);
  return { type: kind, run: columnReader(name, placeIn(compiling.columns, name), READ_TEXT[kind]), constant: false };
}

function columnReader(name: string, place: number, read: ReadText): Run {
  return (values): Value => {
    const text = values.column(name, place);
    if (text === null || text === '') return null;
    const value = read(text);
    if (value === undefined) throw new ExpressionFailure(`the value of ${name} is not of the column's type`);
    return value;
  };
}

function emptyAsNull(text: string | null): string | null {
  return text === '' ? null : text;
}

/** Where the name is listed, listing it when it is new. */
function placeIn(names: string[], name: string): number {
  const place = names.indexOf(name);
  return place < 0 ? names.push(name) - 1 : place;
}

function unknownColumn(name: string, { parts, start, end }: Path, compiling: Compiling): ExpressionProblem {
  const { columns, fields } = compiling.scope;
  const known = [...Object.keys(columns), ...compiling.locals.keys(), 'today'];
  const suggestion = meantBy(name, parts, { columns: known, fields: fields === 'any' ? [] : fields });
  return new ExpressionProblem(messageFor(name, parts), start, {
    length: end - start,
    unknown: { name, known },
    ...(suggestion === null ? {} : { suggestion }),
  });
}

function messageFor(name: string, parts: readonly string[]): string {
  if (name === 'source') return 'source is the whole record: name a field of it, as in source.Email';
  if (name === 'row') return 'row is the whole row: name a column of it, as in row.type';
  return `there is no column ${parts[0] === 'row' ? parts.slice(1).join('.') : name} here`;
}

function meantBy(
  name: string,
  parts: readonly string[],
  known: { readonly columns: readonly string[]; readonly fields: readonly string[] },
): string | null {
  const inTables = known.columns.filter((column) => column.endsWith(`.${name}`));
  if (inTables.length > 0) return `Several tables have it: write ${inTables.join(' or ')}.`;
  const last = parts.at(-1) ?? '';
  if (parts.length > 1 && parts[0] !== 'row' && known.columns.includes(last)) return `Write ${last}.`;
  const field = sameField(name, known.fields);
  return field === undefined ? null : `Write source.${field} for the field of the source.`;
}
