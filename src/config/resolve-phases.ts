import type { MappingPhase, TableMapping } from './mapping.ts';
import type { Link } from './link.ts';
import { namedEntries } from './named-entries.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { MappingFilePhase } from './schema/mapping.ts';
import type { MappingFileTable } from './schema/mapping-table.ts';
import type { WrittenFile } from './written-mapping.ts';

export interface PhaseDefaults {
  /** All phases of the project, in order. */
  readonly phases: readonly string[];
  readonly batchSize: number;
  readonly commitSize: number;
}

/** The phases of a mapping in the order of the project; the first one reads. */
export function resolvePhases(
  { yaml, value }: WrittenFile,
  defaults: PhaseDefaults,
  sink: ProblemSink,
): readonly MappingPhase[] {
  const [only, ...others] = defaults.phases;
  if (value.phases === undefined && others.length > 0) {
    sink.report(
      'unknown-phase',
      yaml.at([]),
      'The mapping does not say in which phase it runs.',
      `Add \`phases: { ${only ?? 'main'}: }\`.`,
    );
    return [];
  }
  const written = new Map<string, MappingFilePhase>(namedEntries(value.phases ?? { [only ?? 'main']: null }));
  for (const name of written.keys()) {
    if (!defaults.phases.includes(name)) {
      sink.report(
        'unknown-phase',
        yaml.keyAt(['phases', name]),
        `The project has no phase "${name}".`,
        didYouMean(name, defaults.phases),
      );
    }
  }
  const known = defaults.phases.filter((name) => written.has(name));
  // As written, not as resolved: a link that is wrong is told once, where it stands.
  const links = new Set(
    namedEntries(value.tables).flatMap(([table, mapped]) => linkedColumns(mapped).map((name) => `${table}.${name}`)),
  );
  const taken = new Set<string>();
  return known.map((phase, index): MappingPhase => {
    const { batch_size, commit_size, links: own = [], after = [] } = written.get(phase) ?? {};
    const batchSize = batch_size ?? defaults.batchSize;
    for (const [place, link] of own.entries()) {
      const position = yaml.at(['phases', phase, 'links', place]);
      if (!links.has(link))
        sink.report('phase-links', position, `"${link}" is no link of this mapping.`, didYouMean(link, links));
      else if (taken.has(link))
        sink.report('phase-links', position, `"${link}" is resolved in an earlier phase already.`);
      taken.add(link);
    }
    if (index > 0 && own.length === 0) {
      sink.report(
        'phase-links',
        yaml.keyAt(['phases', phase]),
        `The phase "${phase}" has nothing to do: only the first phase of a mapping reads.`,
        'Add `links: [table.column]`.',
      );
    }
    return {
      phase,
      batchSize,
      commitSize: commit_size ?? Math.min(defaults.commitSize, batchSize),
      links: index === 0 ? [] : own,
      after,
    };
  });
}

/** Links of a root or an extension; those of a child are resolved with their row, or it is left out. */
function linkedColumns({ columns, each, parent }: MappingFileTable): readonly string[] {
  if (each !== undefined || parent !== undefined) return [];
  return namedEntries(columns).flatMap(([name, column]) => {
    if (typeof column === 'string') return [];
    const { link, first_of } = column;
    return link !== undefined || first_of?.some((way) => way.link !== undefined) ? [name] : [];
  });
}

/** The tables again, each link knowing the later phase that resolves it. */
export function withLinkPhases(
  tables: readonly TableMapping[],
  phases: readonly MappingPhase[],
): readonly TableMapping[] {
  const phaseOf = new Map(phases.slice(1).flatMap(({ phase, links }) => links.map((link) => [link, phase] as const)));
  const place = (link: Link | null, name: string): Link | null =>
    link === null ? null : { ...link, phase: phaseOf.get(name) ?? null };
  return tables.map((mapped) => ({
    ...mapped,
    columns: mapped.columns.map((column) => ({
      ...column,
      link: place(column.link, `${mapped.table.name}.${column.column.name}`),
    })),
  }));
}
