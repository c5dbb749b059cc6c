import type { Mapping } from './mapping.ts';
import type { Table } from './table.ts';

/** Everything that the project's YAML says: checked, defaulted, frozen. */
export interface Project {
  /** Absolute folder of sync.config.yaml; all paths are relative to it. */
  readonly folder: string;
  readonly name: string;
  readonly salesforce: SalesforceSettings;
  readonly database: DatabaseSettings;
  /** In order. */
  readonly phases: readonly string[];
  readonly plugins: readonly string[];
  readonly limits: {
    /** Share of the records read, 0 to 1, past which a step stops; null for no limit. */
    readonly quarantine: number | null;
    readonly deletes: number | null;
  };
  readonly privacy: {
    readonly reveal: readonly string[];
    /** What is kept of a quarantined record beside why it is there. */
    readonly quarantine: {
      readonly record: 'keep' | 'encrypt' | 'omit';
      /** Seconds after which the record itself is forgotten; null for never. */
      readonly retention: number | null;
    };
  };
  /** Before-images of the rows that runs change, so that a run can be reverted; null for none. */
  readonly history: { /** Seconds. */ readonly keep: number } | null;
  readonly state: {
    /** Seconds after which runs are forgotten that nothing needs any more; null for never. */
    readonly keepRuns: number | null;
  };
  readonly tables: ReadonlyMap<string, Table>;
  readonly mappings: readonly Mapping[];
}

export type AuthKind = 'demo' | 'client_credentials' | 'jwt' | 'refresh_token' | 'password' | 'access_token' | 'sf_cli';

export interface SalesforceSettings {
  readonly auth: AuthKind;
  readonly loginUrl: string;
  /** For example `62.0`. */
  readonly apiVersion: string;
  readonly apiBudget: {
    /** Calls this run may make: a share of the org's daily quota (0 to 1) or a number of calls; null for no limit. */
    readonly perRun: { readonly share: number } | { readonly calls: number } | null;
    /** Share of the daily quota that is left to others, 0 to 1. */
    readonly keepFree: number;
  };
}

export interface DatabaseSettings {
  /** `embedded`, or a PostgreSQL URL. */
  readonly url: string;
  readonly schema: string;
  /** True: Sluice creates and migrates the tables. False: an app owns them, Sluice only checks. */
  readonly manage: boolean;
}
