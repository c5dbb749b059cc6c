import type { FieldDescription, ObjectDescription } from '../salesforce/describe.ts';
import type { LeftOut } from './choose-fields.ts';
import type { DraftColumn } from './draft-field.ts';
import { LINK_REMARK } from './draft-lookup.ts';
import type { DraftNames } from './draft-names.ts';
import { commentLines, entryLines, wrapped } from './entry-lines.ts';

export interface MappingDraft {
  readonly description: ObjectDescription;
  readonly names: DraftNames;
  readonly fields: readonly FieldDescription[];
  readonly columns: readonly DraftColumn[];
  readonly leftOut: readonly LeftOut[];
  readonly aboutPeople: boolean;
}

/** `mappings/NAME.yaml` of a draft. */
export function mappingText(draft: MappingDraft): string {
  const { description, names, columns, leftOut } = draft;
  return [
    '# yaml-language-server: $schema=../schemas/mapping.schema.json',
    ...commentLines(aboutText(draft), ''),
    'version: 1',
    `mapping: ${names.mapping}`,
    ...entryLines('description', `${description.name} of the org, a row for each record.`, ''),
    'source:',
    '  soql: |',
    ...soqlLines(draft),
    'phases:',
    `  ${names.phase}:`,
    ...keepingUpLines(draft),
    'tables:',
    `  ${names.table}:`,
    '    key: salesforce_id',
    '    columns:',
    '      salesforce_id: Id',
    ...columns.flatMap((column, index) => [
      ...(column.remark === '' || isRepeated(columns, index) ? [] : commentLines(column.remark, '      ')),
      ...columnLines(column),
    ]),
    ...leftOutLines(leftOut),
    '',
  ].join('\n');
}

function columnLines({ name, mapped, calculated }: DraftColumn): string[] {
  const [first = '', ...others] = entryLines(name, mapped, '      ');
  return [calculated ? `${first} # calculated` : first, ...others];
}

/** Settings that a run needs to see every change, where the usual ones do not show it. */
function keepingUpLines({ description: { fields }, columns }: MappingDraft): string[] {
  const has = (name: string): boolean => fields.some((field) => field.name === name);
  const refresh = columns.some(({ calculated }) => calculated) ? ['refresh_formulas: 1d'] : [];
  if (has('SystemModstamp')) return refresh;
  // No field moves with every change: every run reads everything.
  return has('LastModifiedDate') ? ['incremental: { cursor: LastModifiedDate }', ...refresh] : ['incremental: false'];
}

/** What is said of the first link holds for all. */
function isRepeated(columns: readonly DraftColumn[], index: number): boolean {
  return columns[index]?.remark === LINK_REMARK && columns.findIndex(({ remark }) => remark === LINK_REMARK) < index;
}

function aboutText({ description: { name }, columns, aboutPeople }: MappingDraft): string {
  const maps = columns.some(({ mapped }) => typeof mapped === 'object' && 'map' in mapped);
  return [
    `Drafted from what the org says about ${name} (sluice mapping new ${name}). It is yours now: drop what nobody`,
    'needs, from the SELECT and here, and from the table file.',
    ...(maps
      ? ['A picklist value that its map does not know leaves the column blank and is counted as a warning.']
      : []),
    ...(columns.some(({ calculated }) => calculated)
      ? [
          'What is marked as calculated the org works out by itself, and changes without a new stamp: see refresh_formulas.',
        ]
      : []),
    ...(aboutPeople ? ['These records are about people: look through `pii: true` in the table file.'] : []),
  ].join(' ');
}

/** A SELECT that breaks where a person would. */
function soqlLines({ description: { name, fields: all }, fields }: MappingDraft): string[] {
  const stamp = all.some((field) => field.name === 'SystemModstamp') ? ['SystemModstamp'] : [];
  const selected = new Set(['Id', ...fields.map((field) => field.name), ...stamp]);
  const [first = '', ...others] = wrapped([...selected].join(', '), 105);
  return [`    SELECT ${first}`, ...others.map((line) => `           ${line}`), `    FROM ${name}`];
}

/** What is not imported and why, at the end, where it disturbs nobody. */
function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  const groups = reasons.map((reason) => {
    const fields = leftOut.filter((one) => one.reason === reason).map(({ field }) => field);
    return `Left out as ${reason}: ${fields.join(', ')}.`;
  });
  return groups.flatMap((text) => commentLines(text, ''));
}
