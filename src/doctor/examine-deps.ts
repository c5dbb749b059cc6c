import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import type { LoadedPlugin } from '../plugin/loaded-plugin.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import type { OrgView } from './mapping-checks.ts';

/** Where the examination looks. */
export interface ExamineDeps {
  /** Throws what is wrong with the configuration. */
  readonly project: () => Promise<Project>;
  /** Throws when records in quarantine are to be encrypted, and the key for it is not here. */
  readonly requireKey: () => Promise<void>;
  readonly plugins: () => Promise<readonly LoadedPlugin[]>;
  readonly database: () => Promise<Database>;
  readonly salesforce: () => Promise<Salesforce>;
  /** What the org says about the objects that these mappings read. */
  readonly orgView: (mappings: readonly Mapping[], org: Salesforce) => Promise<OrgView>;
  /** Why a load would fail in the tables as they are, one text each. */
  readonly tableErrors: (database: Database) => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly nodeVersion: string;
  /** Whether there is such a file, and we may read it. */
  readonly isReadable: (path: string) => Promise<boolean>;
  /** Free bytes on the disk that holds a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly signal: AbortSignal;
}
