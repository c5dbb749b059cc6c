import type { ObjectDescription } from '../salesforce/describe.ts';
import type { DraftColumn } from './draft-field.ts';
import { entryLines } from './entry-lines.ts';

/** `mappings/tables/NAME.yaml` of a draft. */
export function tableText({ name, label }: ObjectDescription, table: string, columns: readonly DraftColumn[]): string {
  const told = label === '' || label === name ? name : `${label} (${name})`;
  return [
    '# yaml-language-server: $schema=../../schemas/table.schema.json',
    `table: ${table}`,
    ...entryLines('description', `${told} as the org has it.`, ''),
    'columns:',
    '  id: { type: integer, generated: true }',
    '  salesforce_id: { type: string(18), required: true, unique: true }',
    ...columns.flatMap(({ name: column, column: attributes }) => entryLines(column, attributes, '  ')),
    '  created_at: { type: timestamp, required: true, default: now, touch: insert }',
    '  updated_at: { type: timestamp, required: true, default: now, touch: change }',
    '',
  ].join('\n');
}
