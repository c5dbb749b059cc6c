import { createHash } from 'node:crypto';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import type { Mapping } from './mapping.ts';

/** What tells an import from another one of the same name; everything else of a mapping may be edited. */
export interface ImportIdentity {
  /** Of the mapping. */
  readonly name: string;
  /** The object that is read; null for a file, which may move. */
  readonly object: string | null;
  /** A short hash: which records of it are meant; of a file, which one it is. */
  readonly filter: string;
  /** All that are written, by name and in that order. */
  readonly tables: readonly string[];
}

export function importIdentity({ name, source, tables }: Pick<Mapping, 'name' | 'source' | 'tables'>): ImportIdentity {
  return {
    name,
    object: source.file === null ? source.object : null,
    filter: shortHash(source.file === null ? meant(source.soql) : source.file.path),
    tables: [...new Set(tables.map(({ table }) => table.name))].toSorted(),
  };
}

/** The query without what it selects, in one spelling. */
function meant(soql: string): string {
  return formatSoql({ ...parseSoql(soql), select: [], orderBy: [] });
}

const DIGITS = 16;

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
