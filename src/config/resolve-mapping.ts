import { checkExpressions } from './check-expressions.ts';
import { reportKeyLinks } from './check-key-links.ts';
import { freezeDeep } from './freeze-deep.ts';
import type { LoadedFunctions } from './functions.ts';
import type { Mapping, ValueMap } from './mapping.ts';
import { mappingVersion } from './mapping-version.ts';
import { didYouMean } from './nearest.ts';
import type { Filler, MappingContext } from './resolve-context.ts';
import { resolvePhases, withLinkPhases, type PhaseDefaults } from './resolve-phases.ts';
import { resolveHooks, resolveLookups, resolveRules, resolveSkipRules } from './resolve-records.ts';
import { resolveSource } from './resolve-source.ts';
import { resolveTableMappings } from './resolve-table-mappings.ts';
import type { ProblemSink } from './rules.ts';
import type { Table } from './table.ts';
import { looksLikeField, writtenFields } from './written-fields.ts';
import type { WrittenFile } from './written-mapping.ts';

export interface MappingSurroundings {
  readonly defaults: PhaseDefaults;
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
      failed ||= rule !== 'not-yet-used';
      parentSink.report(rule, ...rest);
    },
  };
  if (value.deletes !== undefined) {
    sink.report(
      'not-yet-used',
      yaml.keyAt(['deletes']),
      'This version does not act on deletes in the org yet: rows stay.',
    );
  }
  const source = resolveSource(file, writtenFields(value, looksLikeField), sink);
  const context: MappingContext = { file, source, tables, maps, fillers, functions, expressions: [], sink };
  const mapped = resolveTableMappings(context);
  const records = {
    lookups: resolveLookups(context),
    skipWhen: resolveSkipRules(context),
    rules: resolveRules(context),
    hooks: resolveHooks(context),
  };
  const phases = resolvePhases(file, defaults, sink);
  for (const { phase, after } of phases) {
    for (const [index, name] of after.entries()) {
      const position = yaml.at(['phases', phase, 'after', index]);
      if (!names.includes(name))
        sink.report('unknown-mapping', position, `There is no mapping "${name}".`, didYouMean(name, names));
    }
  }
  if (source === null) return null;
  const parts = { source, tables: withLinkPhases(mapped, phases), ...records };
  checkExpressions(context, parts);
  reportKeyLinks(parts.tables, sink);
  if (failed) return null;
  return freezeDeep({
    name: value.mapping,
    group: file.group,
    description: value.description ?? '',
    tags: value.tags,
    file: yaml.file,
    version: mappingVersion(parts, functions.catalogue),
    phases,
    ...parts,
    incremental: null,
    refreshFormulas: null,
    deletes: null,
    giveUpAfter: null,
  });
}
