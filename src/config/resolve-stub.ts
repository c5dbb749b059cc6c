import { comparable } from './check-references.ts';
import type { LinkingColumn } from './linking-column.ts';
import { typeText } from './column-type.ts';
import { columnValues } from './column-values.ts';
import { reportUnknownColumn } from './find-column.ts';
import type { LinkLookup, StubCopy, StubParent } from './link.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { MappingFileStub } from './schema/link.ts';
import type { Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

/** How the row of a parent that is not here is made: every column that it needs must come from somewhere. */
export function resolveStub(
  { written, pathOf }: LinkingColumn,
  lookup: LinkLookup,
  context: MappingContext,
): StubParent | null {
  const { file, sink, tables } = context;
  const parent = tables.get(lookup.table);
  if (parent === undefined) return null;
  const stub: MappingFileStub = written.create ?? {};
  const path = pathOf('create');
  const place = written.create === undefined ? file.yaml.at(pathOf('on_missing')) : file.yaml.keyAt(path);
  if (parent.extends !== null || lookup.byTable !== parent.name) {
    const said = `A row of "${parent.name}" is more than one row: it extends "${parent.extends ?? ''}" and cannot be made from a reference.`;
    sink.report('stub-columns', place, said, 'Link to the base table, or choose another `on_missing`.');
    return null;
  }
  const values = columnValues(stub.values, parent, [...path, 'values'], context);
  const copy = (stub.copy ?? []).map((entry, index) =>
    resolveCopy(entry, { parent, path: [...path, 'copy', index] }, context),
  );
  const makings = copy.length === 0 ? [values.map(({ column }) => column.name)] : copy.map(namesOf);
  for (const [index, names] of makings.entries()) {
    const missing = unfilled(parent, [lookup.by, ...names]);
    const at = copy.length === 0 ? place : file.yaml.at([...path, 'copy', index]);
    if (missing.length === 0) continue;
    const said = `A row of "${parent.name}" that is made here lacks ${missing.join(', ')}, which it needs.`;
    sink.report('stub-columns', at, said, `Add values, or a default in ${parent.file}.`);
  }
  if (copy.length > 0 && stub.values !== undefined) {
    const said = 'These values are for a row that is made without `copy`: nothing would use them.';
    sink.report('column-setting', file.yaml.keyAt([...path, 'values']), said, 'Write them in the entries of `copy`.');
  }
  return { copy, values, otherwise: stub.else === undefined ? 'quarantine' : (stub.else ?? 'null') };
}

function resolveCopy(
  { table: name, by, columns = {}, values }: NonNullable<MappingFileStub['copy']>[number],
  { parent, path }: { readonly parent: Table; readonly path: YamlPath },
  context: MappingContext,
): StubCopy {
  const { file, sink, tables } = context;
  const table = tables.get(name);
  if (table === undefined) {
    const said = `There is no table "${name}" to copy from.`;
    sink.report('unknown-table', file.yaml.at([...path, 'table']), said, didYouMean(name, tables.keys()));
  } else if (!table.columns.some((column) => column.name === by)) {
    reportUnknownColumn(table, by, file.yaml.at([...path, 'by']), context);
  }
  return {
    table: name,
    by,
    columns: namedEntries(columns).flatMap(([written, from]): StubCopy['columns'][number][] => {
      const at = [...path, 'columns', written];
      const to = parent.columns.find((column) => column.name === written);
      const source = table?.columns.find((column) => column.name === from);
      if (to === undefined) reportUnknownColumn(parent, written, file.yaml.keyAt(at), context);
      if (table !== undefined && source === undefined) reportUnknownColumn(table, from, file.yaml.at(at), context);
      if (to !== undefined && source !== undefined && !comparable(to.type.kind, source.type.kind)) {
        const said = `"${written}" is ${typeText(to.type)}, but "${name}.${from}" is ${typeText(source.type)}.`;
        sink.report('stub-columns', file.yaml.at(at), said);
      }
      return to === undefined ? [] : [{ to, from }];
    }),
    values: columnValues(values, parent, [...path, 'values'], context),
  };
}

function namesOf({ columns, values }: StubCopy): readonly string[] {
  return [...columns.map(({ to }) => to.name), ...values.map(({ column }) => column.name)];
}

/** Columns without which a row would be refused. */
function unfilled({ columns }: Table, filled: readonly string[]): readonly string[] {
  return columns
    .filter(
      ({ required, default: fallback, generated, touch }) =>
        required && fallback === null && !generated && touch === null,
    )
    .map(({ name }) => name)
    .filter((name) => !filled.includes(name));
}
