import { freezeDeep } from './freeze-deep.ts';
import type { Mapping, ValueMap } from './mapping.ts';
import { mappingVersion } from './mapping-version.ts';
import { didYouMean } from './nearest.ts';
import type { Filler, MappingContext } from './resolve-context.ts';
import { resolvePhases, withLinkPhases, type PhaseDefaults } from './resolve-phases.ts';
import { resolveSource } from './resolve-source.ts';
import { resolveTableMappings } from './resolve-table-mappings.ts';
import type { CheckedFile } from './checked-file.ts';
import type { ProblemSink } from './rules.ts';
import type { MappingFile } from './schema/mapping.ts';
import type { Table } from './table.ts';
import { looksLikeField, writtenFields } from './written-fields.ts';

export interface MappingSurroundings {
  readonly defaults: PhaseDefaults;
  readonly tables: ReadonlyMap<string, Table>;
  readonly maps: ReadonlyMap<string, ValueMap>;
  readonly fillers: ReadonlyMap<string, readonly Filler[]>;
  readonly names: readonly string[];
}

/** One mapping file to a mapping; null when something in it is wrong, which is reported. */
export function resolveMapping(
  file: CheckedFile<MappingFile>,
  { defaults, tables, maps, fillers, names }: MappingSurroundings,
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
  if (value.rules.length > 0) {
    sink.report(
      'not-yet-used',
      yaml.keyAt(['rules']),
      'This version does not check rules yet: no record is held against them.',
    );
  }
  const used = writtenFields(value, looksLikeField).map(({ field }) => field);
  const source = resolveSource(file, used, sink);
  const context: MappingContext = { file, source, tables, maps, fillers, sink };
  const mapped = resolveTableMappings(context);
  const phases = resolvePhases(file, defaults, sink);
  for (const { phase, after } of phases) {
    for (const [index, name] of after.entries()) {
      const position = yaml.at(['phases', phase, 'after', index]);
      if (!names.includes(name))
        sink.report('unknown-mapping', position, `There is no mapping "${name}".`, didYouMean(name, names));
    }
  }
  if (failed || source === null) return null;
  const parts = {
    source,
    tables: withLinkPhases(mapped, phases),
    rules: value.rules.map(({ name, when, check, severity }, index) => ({
      name,
      when: when ?? null,
      check,
      use: null,
      severity,
      position: yaml.at(['rules', index]),
    })),
  };
  return freezeDeep({
    name: value.mapping,
    group: null,
    description: value.description ?? '',
    tags: value.tags,
    file: yaml.file,
    version: mappingVersion(parts),
    lookups: [],
    phases,
    skipWhen: [],
    hooks: { afterCommit: [], afterStep: [] },
    ...parts,
  });
}
