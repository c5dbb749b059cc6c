import type { ColumnMapping } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** Entries of `each` that would overwrite each other. */
export function childProblems({ mapping, file }: LintedMapping): readonly Problem[] {
  return mapping.tables.flatMap(({ table, role, key, columns, parent, each }) => {
    if (role !== 'child') return [];
    const places = key
      .filter((name) => name !== parent?.column)
      .map((name) => columns.findIndex(({ column }) => column.name === name));
    const keys = each.map((entry) => keyText(places.map((place) => entry.columns[place])));
    return keys.flatMap((text, index) => {
      const first = keys.indexOf(text);
      if (text === null || first === index) return [];
      const said = `This entry has the same key (${key.join(', ')}) as entry ${first + 1}: it would overwrite it.`;
      return [
        finding(
          'each-collision',
          file.yaml.at(['tables', table.name, 'each', index]),
          said,
          'Give it another value in a key column, or extend `key`.',
        ),
      ];
    });
  });
}

/** The same text for entries whose key is always the same; null where only the record can tell. */
function keyText(columns: readonly (ColumnMapping | undefined)[]): string | null {
  const values = columns.flatMap((column) =>
    column?.input.kind === 'constant' && column.split.length === 0 ? [column.input.value] : [],
  );
  return values.length === columns.length ? JSON.stringify(values) : null;
}
