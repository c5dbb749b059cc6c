import type { Problem } from '../config/problem.ts';
import type { Table } from '../config/table.ts';
import { unstampedConditions } from './check-unstamped.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** What `deletes` would do to other rows, or could not do. */
export function deleteProblems(linted: LintedMapping, tables: ReadonlyMap<string, Table>): readonly Problem[] {
  const { deletes } = linted.mapping;
  if (deletes === null) return [];
  return [...overwrittenMark(linted), ...(deletes.action === 'hard' ? reach(linted, tables) : []), ...unseen(linted)];
}

/** A mark that the mapping fills from the record cannot be told from what the org says. */
function overwrittenMark({ mapping: { tables, deletes }, file }: LintedMapping): readonly Problem[] {
  const mark = deletes?.mark;
  const column = tables
    .find(({ table }) => table.name === mark?.table)
    ?.columns.find((candidate) => candidate.column.name === mark?.column.name);
  if (mark === undefined || mark === null || column === undefined || column.input.kind === 'constant') return [];
  const said = `The mapping fills "${mark.table}.${mark.column.name}" from the record: a mark cannot be told from that, and is written over.`;
  const hint = 'Mark rows in a column of their own, which may be `owner: local`.';
  return [finding('mark-overwritten', file.yaml.at(['deletes', 'column']), said, hint)];
}

/** Tables of others that refer to rows which are deleted. */
function reach({ mapping, file }: LintedMapping, tables: ReadonlyMap<string, Table>): readonly Problem[] {
  const own = new Set(mapping.tables.map(({ table }) => table.name));
  const referring = [...tables.values()]
    .filter(({ name }) => !own.has(name))
    .flatMap(({ name, columns }) =>
      columns.flatMap(({ references }) =>
        references !== null && own.has(references.table) ? [{ name, onDelete: references.onDelete }] : [],
      ),
    );
  const named = (wanted: string): string =>
    [...new Set(referring.filter(({ onDelete }) => onDelete === wanted).map(({ name }) => name))].join(', ');
  const [keeping, going] = [named('restrict'), named('cascade')];
  const place = file.yaml.at(['deletes', 'action']);
  const hint = 'Mark the rows instead (`action: soft`), or change `on_delete` in the table files.';
  return [
    ...(keeping === ''
      ? []
      : [finding('delete-reach', place, `A row cannot be deleted while rows of these refer to it: ${keeping}.`, hint)]),
    ...(going === ''
      ? []
      : [finding('delete-reach', place, `With a row, rows of other imports go that refer to it: ${going}.`, hint)]),
  ];
}

function unseen(linted: LintedMapping): readonly Problem[] {
  const { deletes } = linted.mapping;
  const [first] = unstampedConditions(linted);
  if (first === undefined || deletes?.leftFilter !== 'delete' || deletes.reconcile) return [];
  const said = `A record leaves the condition with ${first.what}, without a new stamp: only \`reconcile\` finds that.`;
  const hint = 'Add reconcile to `detect`, or write `left_filter: keep`.';
  return [finding('leavers-unseen', linted.file.yaml.at(['deletes', 'detect']), said, hint)];
}
