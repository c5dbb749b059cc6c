import type { DescribeGlobalResult, DescribeSObjectResult } from 'jsforce/lib/types/index.js';
import { SyncError } from '../errors/sync-error.ts';
import { isMap } from '../config/is-record.ts';

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
  /** What the org tells those who fill it in; null for nothing. */
  readonly helpText: string | null;
  /** In characters; stored values can be longer when the field was shortened. */
  readonly length: number;
  /** Digits of a number, those after the point included. */
  readonly precision: number;
  /** Digits after the point. */
  readonly scale: number;
  readonly nillable: boolean;
  /** The org fills it in when a new record gives nothing: true of every checkbox. */
  readonly defaulted: boolean;
  readonly filterable: boolean;
  /** May stand after GROUP BY. */
  readonly groupable: boolean;
  /** False for what the org makes itself, and for what this user may not write. */
  readonly createable: boolean;
  /** A formula or a roll-up: it changes without a new SystemModstamp. */
  readonly calculated: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly html: boolean;
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

/** @throws SyncError ORG_UNEXPECTED_ANSWER when the answer is none: jsforce gives a text that is no JSON as it is */
export function readDescription(told: DescribeSObjectResult): ObjectDescription {
  if (!isMap(told) || !Array.isArray(told.fields)) throw noAnswer('the description of an object holds no fields');
  return {
    name: told.name,
    label: told.label,
    queryable: told.queryable,
    fields: told.fields.map((field) => ({
      name: field.name,
      label: field.label,
      type: field.type,
      helpText: field.inlineHelpText ?? null,
      length: field.length,
      precision: field.precision ?? 0,
      scale: field.scale ?? 0,
      nillable: field.nillable,
      defaulted: field.defaultedOnCreate,
      filterable: field.filterable,
      groupable: field.groupable,
      createable: field.createable,
      calculated: field.calculated,
      unique: field.unique,
      externalId: field.externalId,
      html: field.htmlFormatted,
      compoundFieldName: field.compoundFieldName ?? null,
      referenceTo: field.referenceTo ?? [],
      relationshipName: field.relationshipName ?? null,
      picklist: (field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => String(value)),
    })),
  };
}

/** @throws SyncError ORG_UNEXPECTED_ANSWER */
export function readObjects(told: DescribeGlobalResult): OrgObject[] {
  if (!isMap(told) || !Array.isArray(told.sobjects)) throw noAnswer('the list of objects holds none');
  return told.sobjects.map(({ name, label, queryable }) => ({ name, label, queryable }));
}

function noAnswer(why: string): SyncError {
  return new SyncError('ORG_UNEXPECTED_ANSWER', why);
}
