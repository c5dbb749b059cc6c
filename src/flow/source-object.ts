/** What is remembered of an object of the org from one run to the next. */
export interface SourceObject {
  readonly name: string;
  readonly fields: readonly SourceField[];
}

export interface SourceField {
  readonly name: string;
  readonly label: string;
  /** Salesforce's own word: `string`, `reference`, `double`, `datetime`, ... */
  readonly type: string;
  /** In characters; 0 for what is no text. */
  readonly length: number;
  readonly nillable: boolean;
  /** The org fills it in when nobody does. */
  readonly defaulted: boolean;
  /** A formula or a roll-up. */
  readonly calculated: boolean;
  readonly groupable: boolean;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  /** Values of a picklist that are in use. */
  readonly picklist: readonly string[];
}
