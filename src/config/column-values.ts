import { namedEntries } from './named-entries.ts';
import { reportUnknownColumn } from './find-column.ts';
import type { MappingContext } from './resolve-context.ts';
import type { ColumnValue, Table } from './table.ts';
import { misfit } from './value-fits.ts';
import type { YamlPath } from './yaml-file.ts';

/** A map from columns of a table to constants; each must fit its column. */
export function columnValues(
  written: Readonly<Record<string, string | number | boolean | null>> | undefined,
  table: Table,
  path: YamlPath,
  context: MappingContext,
): readonly ColumnValue[] {
  const { file, sink } = context;
  return namedEntries(written ?? {}).flatMap(([name, value]): ColumnValue[] => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) {
      reportUnknownColumn(table, name, file.yaml.keyAt([...path, name]), context);
      return [];
    }
    const text = value === null ? null : String(value);
    const reason = text === null ? (column.required ? 'cannot be null' : null) : misfit(text, column);
    if (reason !== null) {
      sink.report('value-misfit', file.yaml.at([...path, name]), `The value of "${name}" ${reason}.`);
    }
    return [{ column, value: text }];
  });
}
