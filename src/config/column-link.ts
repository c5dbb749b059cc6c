import type { ColumnMapping, Input } from './mapping.ts';
import type { Link, LinkLookup } from './link.ts';
import type { MappingContext } from './resolve-context.ts';
import { resolveLookup } from './resolve-link.ts';
import type { LinkingColumn } from './linking-column.ts';
import { resolveStub } from './resolve-stub.ts';
import type { MappingFileLink } from './schema/link.ts';
import { soleKey } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

type Linked = Pick<ColumnMapping, 'input' | 'link' | 'lookup'>;

/** The link of a column, and the input again with each alternative knowing how it is looked up. */
export function columnLink(linking: LinkingColumn, input: Input, context: MappingContext): Linked {
  const places = writtenLinks(linking);
  if (!places.some((place) => place !== null)) return { input, link: null, lookup: 0 };
  if (places.includes(null)) {
    const said = 'Some of these ways have a `link`, some have none.';
    const hint = 'Give each its link, or one to the column.';
    context.sink.report('column-setting', context.file.yaml.at(linking.pathOf('first_of')), said, hint);
  }
  const creates = linking.written.on_missing === 'create';
  const { column, table } = linking;
  const found = places.map((place) =>
    place === null ? null : resolveLookup({ column, table, ...place, creates }, context),
  );
  reportPolicy(linking, context);
  const lookups = distinct(found.filter((lookup) => lookup !== null));
  const [first] = lookups;
  if (first === undefined) return { input, link: null, lookup: 0 };
  const link: Link = {
    lookups,
    candidates: lookups.length > 1 || hasCandidates(input),
    onMissing: policy(linking),
    create: creates ? resolveStub(linking, first, context) : null,
    phase: null,
  };
  return { input: withLookups(input, found, lookups), link, lookup: 0 };
}

/** The columns that the entries of a child give for one column, all with one link between them. */
export function withSharedLink(columns: readonly ColumnMapping[], { sink }: MappingContext): readonly ColumnMapping[] {
  const links = columns.flatMap(({ link }) => link ?? []);
  const lookups = distinct(links.flatMap((link) => link.lookups));
  const [first] = links;
  if (first === undefined) return columns;
  for (const { column, link, position } of columns) {
    if (link === null) {
      const said = `"${column.name}" is a link in another entry, and here it is none.`;
      sink.report('each-entry', position, said, 'Give the link to the column, under `columns`.');
    } else if (JSON.stringify([link.onMissing, link.create]) !== JSON.stringify([first.onMissing, first.create])) {
      const said = `The entries do not agree on what happens to "${column.name}" when its parent is not here.`;
      sink.report('each-entry', position, said, 'Write `on_missing` and `create` once, under `columns`.');
    }
  }
  const candidates = lookups.length > 1 || links.some((link) => link.candidates);
  const shared: Link = { ...first, lookups, candidates };
  return columns.map((column): ColumnMapping => {
    const own = column.link?.lookups ?? [];
    const moved = (index: number): number => indexOf(lookups, own[index] ?? null);
    const { input } = column;
    return {
      ...column,
      input:
        input.kind === 'first_of'
          ? {
              ...input,
              alternatives: input.alternatives.map((way) => ({ ...way, lookup: moved(way.lookup) })),
            }
          : input,
      link: shared,
      lookup: moved(column.lookup),
    };
  });
}

/** The links of a column in the order of its ways to a value; null for a way without one. */
function writtenLinks({
  written,
  pathOf,
}: LinkingColumn): readonly ({ link: MappingFileLink; path: YamlPath } | null)[] {
  const own = written.link === undefined ? null : { link: written.link, path: pathOf('link') };
  if (written.first_of === undefined) return [own];
  return written.first_of.map(({ link }, index) =>
    link === undefined ? own : { link, path: [...pathOf('first_of'), index, 'link'] },
  );
}

function hasCandidates(input: Input): boolean {
  if (input.kind !== 'first_of') return false;
  return input.alternatives.length > 1 || input.alternatives.some(({ split }) => split.length > 0);
}

function withLookups(input: Input, found: readonly (LinkLookup | null)[], lookups: readonly LinkLookup[]): Input {
  if (input.kind !== 'first_of') return input;
  const alternatives = input.alternatives.map((way, place) => ({
    ...way,
    lookup: indexOf(lookups, found[place] ?? null),
  }));
  return { ...input, alternatives };
}

function policy({ written, role }: LinkingColumn): Link['onMissing'] {
  if (written.on_missing === undefined) return role === 'child' ? 'skip' : 'wait';
  return written.on_missing ?? 'null';
}

/** What a link whose parent is not here may not do at this place. */
function reportPolicy(linking: LinkingColumn, { file, sink }: MappingContext): void {
  const { column, table, role, written, pathOf } = linking;
  const policyNow = policy(linking);
  const otherwise = policyNow === 'create' ? (written.create?.else ?? null) : null;
  const place = written.on_missing === undefined ? file.yaml.at(linking.path) : file.yaml.at(pathOf('on_missing'));
  if (role === 'child' && (policyNow === 'wait' || policyNow === 'fail' || otherwise === 'wait')) {
    const said = `A row of a child table is written with its record or not at all: its link takes no \`${otherwise ?? policyNow}\`.`;
    sink.report('link-policy', place, said, 'Write skip, create, "null" or quarantine.');
  }
  const waits = policyNow === 'wait' || otherwise === 'wait';
  if (role === 'record' && waits && !column.required && soleKey(table) === null) {
    const said = `"${table.name}" has a primary key of several columns: a link that waits could not be found again.`;
    sink.report('link-policy', place, said, 'Write skip, "null" or quarantine, or require the column.');
  }
}

function distinct(lookups: readonly LinkLookup[]): readonly LinkLookup[] {
  return [...new Map(lookups.map((lookup) => [JSON.stringify(lookup), lookup])).values()];
}

function indexOf(lookups: readonly LinkLookup[], wanted: LinkLookup | null): number {
  const text = JSON.stringify(wanted);
  return Math.max(
    0,
    lookups.findIndex((lookup) => JSON.stringify(lookup) === text),
  );
}
