import type { TableMapping } from './mapping.ts';
import type { ProblemSink } from './rules.ts';

/** A row is found by its key before anything of it is written, so the links in a key cannot come later. */
export function reportKeyLinks(tables: readonly TableMapping[], sink: ProblemSink): void {
  for (const { role, table, key, match, columns } of tables) {
    if (role !== 'root') continue;
    for (const { column, link, position } of columns) {
      if (link === null || ![...key, ...match.flat()].includes(column.name)) continue;
      if (link.phase !== null) {
        const said = `"${table.name}.${column.name}" finds the row, so its link cannot be left to the phase "${link.phase}".`;
        sink.report('link-policy', position, said);
      } else if (link.onMissing === 'wait' && !column.required && key.includes(column.name)) {
        const said = `Without its parent, a row has no "${column.name}" by which it would be found again.`;
        const hint = `Mark it \`required: true\` in ${table.file}, or write on_missing: skip or quarantine.`;
        sink.report('link-policy', position, said, hint);
      }
    }
  }
}
