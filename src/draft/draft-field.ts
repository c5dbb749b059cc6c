import type { FieldDescription } from '../salesforce/describe.ts';
import type { NameBook } from './names.ts';
import type { ParentTable } from './parents.ts';
import type { DraftMap } from './value-map.ts';
import type { Attribute, Attributes } from './entry-lines.ts';

/** One column as it stands in the table file and in the mapping. */
export interface DraftColumn {
  readonly name: string;
  readonly column: Attributes;
  readonly mapped: Attribute;
  /** Said above the column in the mapping; blank for nothing. */
  readonly remark: string;
  /** The org works it out by itself. */
  readonly calculated: boolean;
}

export interface DraftField {
  readonly columns: readonly DraftColumn[];
  readonly map: DraftMap | null;
  /** Table that the field is linked to. */
  readonly link: string | null;
}

export interface FieldContext {
  readonly table: string;
  readonly names: NameBook;
  readonly mapNames: NameBook;
  readonly isPersonal: (field: FieldDescription) => boolean;
  /** The tables that are filled from an object, the drafted one among them. */
  readonly parents: (object: string) => readonly ParentTable[];
}

/** The label and the help text, where they tell more than the name. */
export function described({ label, helpText }: FieldDescription, name: string): Attributes {
  const parts = [
    ...(plain(label) === plain(name) || label === '' ? [] : [label]),
    ...(helpText === null || helpText.trim() === '' ? [] : [helpText.trim()]),
  ];
  return parts.length === 0 ? {} : { description: inOneLine(parts.join(': ')) };
}

function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
