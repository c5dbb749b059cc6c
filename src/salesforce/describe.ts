import type { DescribeGlobalResult, DescribeSObjectResult } from 'jsforce/lib/types/index.js';

/** What the org says about an object, as much as we use. */
export interface ObjectDescription {
  readonly name: string;
  readonly label: string;
  readonly queryable: boolean;
  readonly fields: readonly FieldDescription[];
}

export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  /** Salesforce's own word: `string`, `reference`, `double`, `datetime`, ... */
  readonly type: string;
  /** In characters; stored values can be longer when the field was shortened. */
  readonly length: number;
  readonly nillable: boolean;
  readonly filterable: boolean;
  /** Set on the parts of a compound field: `MailingCity` belongs to `MailingAddress`. */
  readonly compoundFieldName: string | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  /** Values of a picklist that are in use. */
  readonly picklist: readonly string[];
}

export interface OrgObject {
  readonly name: string;
  readonly label: string;
  readonly queryable: boolean;
}

export function readDescription(told: DescribeSObjectResult): ObjectDescription {
  return {
    name: told.name,
    label: told.label,
    queryable: told.queryable,
    fields: told.fields.map((field) => ({
      name: field.name,
      label: field.label,
      type: field.type,
      length: field.length,
      nillable: field.nillable,
      filterable: field.filterable,
      compoundFieldName: field.compoundFieldName ?? null,
      referenceTo: field.referenceTo ?? [],
      relationshipName: field.relationshipName ?? null,
      picklist: (field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => String(value)),
    })),
  };
}

export function readObjects(told: DescribeGlobalResult): OrgObject[] {
  return told.sobjects.map(({ name, label, queryable }) => ({ name, label, queryable }));
}
