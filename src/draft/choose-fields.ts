import { didYouMean } from '../config/nearest.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { FieldDescription, ObjectDescription } from '../salesforce/describe.ts';

/** Which of the object's fields are wanted. */
export type Wanted =
  /** Those that say something about the record, not about its life in the org. */
  { readonly kind: 'usual' } | { readonly kind: 'all' } | { readonly kind: 'named'; readonly names: readonly string[] };

export interface LeftOut {
  readonly field: string;
  readonly reason: string;
}

export interface ChosenFields {
  /** In the org's order; Id and what tells the time of a change are not among them. */
  readonly fields: readonly FieldDescription[];
  readonly leftOut: readonly LeftOut[];
}

/** How the org keeps its own house: who made the record when, who has looked at it, what was merged into it. */
const HOUSEKEEPING = new Set(
  (
    'isdeleted createddate createdbyid lastmodifieddate lastmodifiedbyid systemmodstamp lastactivitydate ' +
    'lastvieweddate lastreferenceddate ownerid masterrecordid userrecordaccessid photourl jigsaw jigsawcompanyid ' +
    'jigsawcontactid cleanstatus dandbcompanyid individualid'
  ).split(' '),
);

/** @throws SyncError ORG_FIELD_MISSING for a name that the org does not give this user */
export function chooseFields(description: ObjectDescription, wanted: Wanted): ChosenFields {
  // These two are read whatever is chosen.
  const candidates = description.fields.filter(
    ({ name }) => name !== 'Id' && (wanted.kind === 'all' || name !== 'SystemModstamp'),
  );
  const asked = wanted.kind === 'named' ? named(description, wanted.names) : candidates;
  const fields: FieldDescription[] = [];
  const leftOut: LeftOut[] = [];
  for (const field of asked) {
    const reason = impossible(field, description) ?? (wanted.kind === 'usual' ? unusual(field) : null);
    if (reason === null) fields.push(field);
    else leftOut.push({ field: field.name, reason });
  }
  return { fields, leftOut };
}

/** The fields that the person has named, in the org's order. */
function named({ name: object, fields }: ObjectDescription, names: readonly string[]): readonly FieldDescription[] {
  const known = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  for (const name of names) {
    if (known.has(name.toLowerCase())) continue;
    const hint = didYouMean(
      name,
      fields.map((field) => field.name),
    );
    const rights = 'A field that is not told is often a missing read permission: ask an administrator of the org.';
    throw new SyncError('ORG_FIELD_MISSING', `${object} has no field "${name}" that this user can read.`, {
      actions: hint === null ? [rights] : [hint, rights],
    });
  }
  const asked = new Set(names.map((name) => name.toLowerCase()));
  return fields.filter(({ name }) => asked.has(name.toLowerCase()) && name !== 'Id');
}

/** Types whose values are no plain value. Reasons stand behind "left out as". */
const UNREADABLE: Readonly<Record<string, string>> = {
  base64: 'a file and not a value',
  encryptedstring: 'encrypted (the org would give a mask)',
  anyType: 'of no one type',
  complexvalue: 'of no one type',
  json: 'of no one type',
};

function impossible(field: FieldDescription, { fields }: ObjectDescription): string | null {
  const parts = fields.filter((one) => one.compoundFieldName === field.name && one.name !== field.name);
  const isCompound = field.type === 'address' || field.type === 'location';
  // The name of a business account can be written; that of a person is made of its parts.
  if (isCompound || (parts.length > 0 && !field.createable)) {
    return 'made of parts that are fields, too';
  }
  return UNREADABLE[field.type] ?? null;
}

function unusual({ name }: FieldDescription): string | null {
  return HOUSEKEEPING.has(name.toLowerCase()) || name.endsWith('GeocodeAccuracy') ? 'housekeeping of the org' : null;
}
