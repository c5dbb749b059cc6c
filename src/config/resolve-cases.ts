import type { CheckedFile } from './checked-file.ts';
import type { CaseFile, MappingCase } from './mapping-case.ts';
import type { Mapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { CaseSources } from './read-cases.ts';
import { type CaseContext, resolveExpected } from './resolve-expected.ts';
import { problemList, type ProblemSink } from './rules.ts';
import type { CasesFile, WrittenCase } from './schema/cases.ts';

export interface ResolvedCases {
  /** Those whose mapping could be resolved. */
  readonly files: readonly CaseFile[];
  /** Of the files as read, and of the names in them. */
  readonly problems: readonly Problem[];
}

/**
 * Holds cases against their mappings.
 * @param names  of all mappings that are written, also of those that could not be resolved: nothing is said of these
 */
export function resolveCases(
  sources: CaseSources,
  mappings: readonly Mapping[],
  names: readonly string[],
): ResolvedCases {
  const sink = problemList();
  const files = sources.checked.flatMap((file): CaseFile[] => {
    const mapping = mappingOf(file, mappings, names, sink);
    if (mapping === null) return [];
    const { today, cases } = file.value;
    return [
      {
        file: file.yaml.file,
        mapping,
        today,
        cases: cases.map((written, index) => resolveCase(written, { file, mapping, index, sink })),
      },
    ];
  });
  return { files, problems: [...sources.problems, ...sink.problems] };
}

function mappingOf(
  { yaml, value }: CheckedFile<CasesFile>,
  mappings: readonly Mapping[],
  names: readonly string[],
  sink: ProblemSink,
): Mapping | null {
  const { mapping: written, source } = value;
  const name = source === undefined ? written : `${written}.${source}`;
  const found = mappings.find((mapping) => mapping.name === name);
  if (found !== undefined || names.includes(name)) return found ?? null;
  const sources = names.flatMap((other) => (other.startsWith(`${written}.`) ? [other.slice(written.length + 1)] : []));
  if (sources.length > 0) {
    const at = source === undefined ? yaml.at(['mapping']) : yaml.at(['source']);
    const said = source === undefined ? 'several sources: say which' : `no source "${source}"`;
    sink.report('unknown-mapping', at, `The mapping "${written}" has ${said}.`, `\`source\`: ${sources.join(', ')}.`);
  } else if (source !== undefined && names.includes(written)) {
    sink.report('unknown-mapping', yaml.keyAt(['source']), `The mapping "${written}" has one source: leave this out.`);
  } else {
    const known = names.map((other) => other.split('.')[0] ?? other);
    sink.report(
      'unknown-mapping',
      yaml.at(['mapping']),
      `There is no mapping "${written}".`,
      didYouMean(written, new Set(known)),
    );
  }
  return null;
}

function resolveCase(written: WrittenCase, context: CaseContext): MappingCase {
  const path = ['cases', context.index];
  return {
    name: written.name,
    position: context.file.yaml.at([...path, 'name']),
    record: resolveRecord(written, context),
    answers: resolveAnswers(written, context),
    expected: resolveExpected(written, context),
  };
}

function resolveRecord({ record }: WrittenCase, { file, mapping, index, sink }: CaseContext): MappingCase['record'] {
  const { fields, file: ofFile, object } = mapping.source;
  const same = (field: string, name: string): boolean =>
    ofFile === null ? field.toLowerCase() === name.toLowerCase() : field === name;
  const values = new Map<string, string | null>();
  for (const [name, value] of Object.entries(record)) {
    const field = fields.find((one) => same(one, name)) ?? ofFile?.id.find((one) => one === name);
    if (field === undefined) {
      sink.report(
        'case-field',
        file.yaml.keyAt(['cases', index, 'record', name]),
        `The mapping reads no field "${name}" of ${object}.`,
        didYouMean(name, fields),
      );
    } else values.set(field, value === null ? null : String(value));
  }
  return values;
}

function resolveAnswers({ answers = {} }: WrittenCase, context: CaseContext): MappingCase['answers'] {
  const { file, mapping, index, sink } = context;
  const asked = askedBy(mapping);
  return new Map(
    Object.entries(answers).map(([name, given]) => {
      if (!asked.includes(name)) {
        sink.report(
          'case-answer',
          file.yaml.keyAt(['cases', index, 'answers', name]),
          `The mapping asks no lookup and no resolver "${name}".`,
          didYouMean(name, asked),
        );
      }
      const values = Object.entries(given).map(
        ([input, value]) => [input, value === null ? null : String(value)] as const,
      );
      return [name, new Map(values)];
    }),
  );
}

/** Lookups and resolvers that a mapping asks, each once. */
function askedBy(mapping: Mapping): readonly string[] {
  const inputs = mapping.tables.flatMap((table) => [
    ...table.columns.map(({ input }) => input),
    ...table.each.flatMap((entry) => entry.columns.map(({ input }) => input)),
  ]);
  const single = inputs.flatMap((input) =>
    input.kind === 'first_of' ? input.alternatives.map((alternative) => alternative.input) : [input],
  );
  const names = single.flatMap((input) =>
    input.kind !== 'resolved'
      ? []
      : [input.resolver.kind === 'lookup' ? input.resolver.name : input.resolver.call.name],
  );
  return [...new Set(names)];
}
