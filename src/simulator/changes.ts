import type { GivenValues } from './given-values.ts';
import type { FieldType } from './schema/object-schema.ts';

/** When a change counts as made: milliseconds, or ISO text. The org's clock unless told. */
export interface Stamped {
  readonly stamp?: number | string;
}

/** What happens to children when their parent is deleted; unless told, they stay and point at it. */
export interface RemoveOptions extends Stamped {
  /** Rows that belong to it by master and detail go into the bin too, and theirs. */
  readonly details?: boolean;
  /** All other lookups at it are emptied. */
  readonly clearLookups?: boolean;
}

export interface MergeOptions extends Stamped {
  /** Fields that the winner takes over. */
  readonly values?: GivenValues;
}

/** A change of rows, as it travels: from another process, and in the file that a restarted org reads. */
export type RowChange =
  | ({ readonly kind: 'insert'; readonly object: string; readonly values: GivenValues; readonly id?: string } & Stamped)
  | ({ readonly kind: 'update'; readonly object: string; readonly id: string; readonly values: GivenValues } & Stamped)
  /** A formula comes out otherwise, and no stamp moves. */
  | { readonly kind: 'touchFormula'; readonly object: string; readonly id: string; readonly values: GivenValues }
  | ({ readonly kind: 'remove'; readonly object: string; readonly id: string } & RemoveOptions)
  | ({ readonly kind: 'undelete'; readonly object: string; readonly id: string } & Stamped)
  | ({ readonly kind: 'purge'; readonly object: string; readonly id: string } & Stamped)
  | ({ readonly kind: 'emptyBin'; readonly object?: string } & Stamped)
  | ({
      readonly kind: 'merge';
      readonly object: string;
      readonly winner: string;
      readonly losers: readonly string[];
    } & MergeOptions);

/** A change of what describe tells. */
export type SchemaChange =
  /** `Class__c` or `Contact.Class__c`. */
  | { readonly kind: 'hide' | 'show'; readonly name: string }
  | { readonly kind: 'rename'; readonly object: string; readonly field: string; readonly to: string }
  | { readonly kind: 'retype'; readonly object: string; readonly field: string; readonly type: FieldType }
  | { readonly kind: 'shorten'; readonly object: string; readonly field: string; readonly length: number }
  | { readonly kind: 'addPicklistValue'; readonly object: string; readonly field: string; readonly value: string };

export type Change = RowChange | SchemaChange;
