import type { ColumnMapping, Mapping } from '../config/mapping.ts';
import type { Database, Tx } from '../database/database.ts';
import type { MappedRecord } from '../flow/mapped-batch.ts';
import type { StageLink } from '../flow/stage.ts';
import type { Holders } from './contest.ts';
import { PREVIEW_SEQUENCE, previewKey, tableKey } from './draw-key.ts';
import { compilePartEncoder, type EncodedPart } from './encoded-part.ts';
import type { LinkContext } from './link-sql.ts';
import type { LoadResult } from './load-result.ts';
import { stageLayout } from './stage-layout.ts';
import { createListStage, createStage } from './stage-sql.ts';
import { compileStatements } from './statements.ts';
import { writePart } from './write-part.ts';

export type { Holders } from './contest.ts';
export { openRemover, type Removed, type Remover } from './delete-rows.ts';
export { type EncodedPart, joinParts } from './encoded-part.ts';
export type { Fallout, MetLink, MetRecord } from './fallout.ts';
export type { LoadResult, Unresolved } from './load-result.ts';
export { type MarkedRow, unmarkRows } from './mark-rows.ts';
export { isContested } from './stage-layout.ts';
export { type Restored, restoreRows } from './restore-rows.ts';
export { unwatchTables, watchTables } from './row-images.ts';
export { describePresence } from './row-presence.ts';

export interface Loader {
  /** True when several records may meet in one row. */
  readonly contested: boolean;
  /** True when commits must come one after the other, so that each sees what the one before has made of it. */
  readonly inTurn: boolean;
  encode(records: readonly MappedRecord[]): EncodedPart;
  /** Stages and merges records inside the given transaction; the stage stays filled until it ends. */
  write(tx: Tx, part: EncodedPart, holders: Holders): Promise<LoadResult>;
}

export interface LoaderOptions extends LinkContext {
  /** `preview` draws keys from a sequence of its own, so that a plan does not move the table's. */
  readonly keys: 'table' | 'preview';
}

/** The one door of this room: compiles every statement of a mapping once. */
export async function openLoader(
  mapping: Mapping,
  database: Pick<Database, 'query'>,
  options: LoaderOptions,
): Promise<Loader> {
  const isPreview = options.keys === 'preview';
  // A run's stage may still be on the connection, and draws its keys from the table's sequence.
  const layout = stageLayout(mapping, options, isPreview ? '_plan' : '');
  const { table } = layout.root;
  const statements = compileStatements(layout, {
    ...options,
    drawKey: isPreview ? previewKey : () => null,
  });
  const drawn = isPreview ? previewKey(table) : await tableKey(table, options.schema, database);
  const idDefault = layout.idCell >= 0 ? null : drawn;
  const creates = [createStage(layout, idDefault), ...layout.lists.map((list) => createListStage(list))];
  return {
    contested: layout.contested,
    inTurn: layout.contested || mapping.tables.some(({ columns }) => columns.some(isMadeOnce)),
    encode: compilePartEncoder(mapping, layout),
    write: async (tx, part, holders) => {
      if (isPreview) await tx.query(PREVIEW_SEQUENCE);
      for (const sql of creates) await tx.query(sql);
      return writePart(tx, statements, part, { holders, isPreview });
    },
  };
}

/** Two commits that each make a parent whose name differs in case see nothing of each other, and no key stops them. */
function isMadeOnce({ link }: ColumnMapping): boolean {
  return link !== null && link.create !== null && link.lookups.some(({ ignoreCase }) => ignoreCase);
}

/** The links of a mapping's root and extensions, for those who resolve them without a stage. */
export function describeLinks(mapping: Mapping, context: LinkContext): readonly StageLink[] {
  return stageLayout(mapping, context).cells.flatMap(({ link }) => (link === null ? [] : [link]));
}
