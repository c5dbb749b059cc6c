import { checkExpressions } from './check-expressions.ts';
import { reportKeyLinks } from './check-key-links.ts';
import { freezeDeep } from './freeze-deep.ts';
import type { LoadedFunctions } from './functions.ts';
import { durationSeconds } from './duration.ts';
import type { Mapping, ValueMap } from './mapping.ts';
import { mappingParts, versionOf } from './mapping-version.ts';
import { didYouMean } from './nearest.ts';
import type { Filler, MappingContext } from './resolve-context.ts';
import { resolveDeletes } from './resolve-deletes.ts';
import { reportLimit, resolveIncremental, withCursor } from './resolve-incremental.ts';
import { resolvePhases, withLinkPhases, type PhaseDefaults } from './resolve-phases.ts';
import { resolveHooks, resolveLookups, resolveRules, resolveSkipRules } from './resolve-records.ts';
import { resolveSource } from './resolve-source.ts';
import { resolveTableMappings } from './resolve-table-mappings.ts';
import type { ProblemSink } from './rules.ts';
import type { IncrementalDefaults } from './schema/keeping-up.ts';
import type { Table } from './table.ts';
import { looksLikeField, writtenFields } from './written-fields.ts';
import type { WrittenFile } from './written-mapping.ts';

export interface MappingSurroundings {
  readonly defaults: PhaseDefaults & { readonly incremental: IncrementalDefaults };
  readonly tables: ReadonlyMap<string, Table>;
  readonly maps: ReadonlyMap<string, ValueMap>;
  readonly fillers: ReadonlyMap<string, readonly Filler[]>;
  readonly functions: LoadedFunctions;
  /** Of all mappings, and of those with several sources. */
  readonly names: readonly string[];
}

/** One mapping file, or one of its sources, to a mapping; null when something in it is wrong, which is reported. */
export function resolveMapping(
  file: WrittenFile,
  { defaults, tables, maps, fillers, functions, names }: MappingSurroundings,
  parentSink: ProblemSink,
): Mapping | null {
  const { yaml, value } = file;
  let failed = false;
  const sink: ProblemSink = {
    report: (rule, ...rest) => {
      failed = true;
      parentSink.report(rule, ...rest);
    },
  };
  const source = resolveSource(file, writtenFields(value, looksLikeField), sink);
  const context: MappingContext = { file, source, tables, maps, fillers, functions, expressions: [], sink };
  const mapped = resolveTableMappings(context);
  const records = {
    lookups: resolveLookups(context),
    skipWhen: resolveSkipRules(context),
    rules: resolveRules(context),
    hooks: resolveHooks(context),
  };
  const incremental = resolveIncremental(file, defaults.incremental, sink);
  const deletes = resolveDeletes(mapped, context);
  const phases = resolvePhases(file, defaults, sink);
  for (const { phase, after } of phases) {
    for (const [index, name] of after.entries()) {
      const position = yaml.at(['phases', phase, 'after', index]);
      if (!names.includes(name))
        sink.report('unknown-mapping', position, `There is no mapping "${name}".`, didYouMean(name, names));
    }
  }
  if (source === null) return null;
  if (incremental !== null) reportLimit(file, sink);
  const parts = { source, tables: withLinkPhases(mapped, phases), ...records };
  checkExpressions(context, parts);
  reportKeyLinks(parts.tables, sink);
  if (failed) return null;
  const hashes = mappingParts(parts, functions.catalogue);
  return freezeDeep({
    name: value.mapping,
    group: file.group,
    description: value.description ?? '',
    tags: value.tags,
    file: yaml.file,
    version: versionOf(hashes),
    parts: hashes,
    phases,
    ...parts,
    source: withCursor(source, incremental),
    incremental,
    refreshFormulas: value.refresh_formulas === undefined ? null : durationSeconds(value.refresh_formulas),
    deletes,
    giveUpAfter: value.give_up === undefined ? null : durationSeconds(value.give_up),
  });
}
