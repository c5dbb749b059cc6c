import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import type { Stage, StageLink } from '../flow/stage.ts';
import type { LoadResult } from '../load/load.ts';
import { forgetResolved, noteLaterLinks, noteMissingParents } from '../state/waiting-links.ts';
import type { CommitDeps } from './commit-deps.ts';

/** Keeps what waits for its parent, and forgets what no longer does. Returns the links written. */
export async function noteLinks(tx: Tx, result: LoadResult, deps: CommitDeps): Promise<number> {
  const { known } = deps;
  const { mappingId } = known;
  let linked = 0;
  for (const link of result.stage.links) {
    if (known.waiting && !link.later) await forgetResolved(tx, mappingId, result.stage, link);
    if (link.later) {
      await noteLaterLinks(tx, mappingId, result, link);
      continue;
    }
    if (waitsFor(link, deps.mapping)) {
      const noted = await noteMissingParents(tx, mappingId, result.stage, link);
      // The same record may come once more, with another parent. In a first load, whoever comes twice is looked at anyway.
      known.waiting ||= known.records && noted > 0;
    }
    linked += result.inserted === 0 ? 0 : await countLinked(tx, result.stage, link);
  }
  return linked;
}

function waitsFor({ link, required }: StageLink, mapping: Mapping): boolean {
  const policy = mapping.tables
    .flatMap(({ table, columns }) => columns.map((column) => ({ name: `${table.name}.${column.column.name}`, column })))
    .find(({ name }) => name === link)?.column.link;
  if (policy == null) return false;
  const { onMissing, create } = policy;
  return !required && (onMissing === 'wait' || (onMissing === 'create' && create?.otherwise === 'wait'));
}

async function countLinked(tx: Tx, stage: Stage, link: StageLink): Promise<number> {
  const { rows } = await tx.query<{ linked: number }>(
    `SELECT count(*)::int AS linked FROM ${stage.name} s
     WHERE s.fresh AND ${link.reference} IS NOT NULL AND ${isLinked(link)}`,
  );
  return rows[0]?.linked ?? 0;
}

/** SQL that is true for a staged record whose row has the link. */
function isLinked({ child, own, reference, required, valueOf }: StageLink): string {
  // A parent that came with the same load was not here yet when the row was written.
  if (own && child.key !== null) {
    return `EXISTS (SELECT 1 FROM ${child.table} t WHERE t.${child.key} = s.id AND t.${child.column} IS NOT NULL)`;
  }
  // Whoever lacks such a parent is not staged any more.
  return required ? 'true' : `${valueOf(reference)} IS NOT NULL`;
}
