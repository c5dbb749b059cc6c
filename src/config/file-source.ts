import type { Source } from './source.ts';
import type { ProblemSink } from './rules.ts';
import type { MappingFileSource } from './schema/source.ts';
import type { FieldUse } from './written-fields.ts';
import type { WrittenFile } from './written-mapping.ts';

/** A CSV file as source: its fields are the headers that the mapping uses. Null without an id, which is reported. */
export function fileSource(
  { yaml }: WrittenFile,
  written: MappingFileSource & { readonly file: string },
  used: readonly FieldUse[],
  sink: ProblemSink,
): Source | null {
  const { file, id, delimiter, optional, api } = written;
  for (const key of ['object', 'soql', 'where'] as const) {
    if (written[key] === undefined) continue;
    const said = `A source is a \`file\` or has \`${key}\`: keep one.`;
    sink.report('wrong-value', yaml.keyAt(['source', key]), said);
  }
  if (id === undefined) {
    const said = 'A file needs `id`: the header of the column that tells its records apart.';
    sink.report('missing-key', yaml.keyAt(['source']), said);
    return null;
  }
  const ids = [id].flat();
  return {
    object: file,
    soql: '',
    fields: [...new Set([...ids, ...used.map(({ field }) => field)])],
    api,
    file: { path: file, id: ids, delimiter: delimiter ?? ',', optional: optional ?? false },
  };
}
