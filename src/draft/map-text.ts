import type { DraftMap } from './value-map.ts';
import { entryLines } from './entry-lines.ts';

/** `mappings/maps/NAME.yaml` of a draft. */
export function mapText({ name, description, ignoreCase, values }: DraftMap): string {
  return [
    '# yaml-language-server: $schema=../../schemas/map.schema.json',
    `map: ${name}`,
    ...entryLines('description', description, ''),
    ...(ignoreCase ? ['ignore_case: true'] : []),
    'values:',
    ...values.flatMap(([theirs, ours]) => entryLines(theirs, ours, '  ')),
    '',
  ].join('\n');
}
