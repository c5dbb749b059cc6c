import { rootTable } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { classifyDatabaseError } from '../database/database-error.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Counts, TableCounts } from '../flow/counts.ts';
import { isContested, openRemover } from '../load/load.ts';
import {
  countOpen,
  type DeletionStatus,
  lockOpen,
  type OpenCounts,
  type OpenDeletion,
  openDeletions,
  setStatus,
} from '../state/deletions.ts';
import { mappingIds } from '../state/mappings.ts';
import { saveSlice } from '../state/steps.ts';
import { type DeletedRecords, deleteRecords, type DeletionPlace, rowsOf } from './delete-records.ts';
import { linkContext, type StepDeps } from './step-deps.ts';

/** So few need no person, whatever share they are. */
const ALWAYS_ALLOWED = 10;

/** Records of one transaction, where nobody has said. */
const IGNORED_AT_ONCE = 5_000;

/** The reasons under which records that are gone are counted as skipped. */
const SKIPPED = { ignored: 'deleted in the org', left: 'left' } as const;

export interface DeletionWork {
  readonly mappingId: number;
  /** Records of one transaction. */
  readonly commitSize: number;
  /** Of the slice that the deletions are: one that the step has not used. Null at the end of a run, when no step is open. */
  readonly ordinal: number | null;
}

type DeletionDeps = Pick<StepDeps, 'scope' | 'project' | 'tally' | 'signal' | 'log' | 'onProgress'> &
  Partial<Pick<StepDeps, 'stepId'>>;

/** What a step is to do about the deletions that were noticed. */
export interface DeletionPlan {
  readonly statuses: readonly DeletionStatus[];
  /** How many there are of these. */
  readonly total: number;
  /** DELETES_LIMIT, for the end of the step; null when nothing is in the way. */
  readonly tooMany: SyncError | null;
}

/**
 * Decides what is carried out. What a person has confirmed, and what the database has refused before, is, whatever the
 * limit; of the rest nothing is, where it is more.
 * @returns null when nothing is open
 */
export async function planDeletions(
  mapping: Mapping,
  mappingId: number,
  deps: Pick<DeletionDeps, 'scope' | 'project'>,
): Promise<DeletionPlan | null> {
  if (mapping.deletes === null) return null;
  const open = await countOpen(deps.scope, mappingId);
  const agreed = open.confirmed + open.refused;
  if (open.unconfirmed + agreed === 0) return null;
  const most = mapping.deletes.action === 'ignore' ? null : mostAllowed(open, deps);
  if (most !== null && open.unconfirmed > most) {
    return { statuses: ['confirmed', 'refused'], total: agreed, tooMany: tooMany(mapping, open, most) };
  }
  return { statuses: ['confirmed', 'refused', 'pending'], total: open.unconfirmed + agreed, tooMany: null };
}

/** Carries out the deletions that were noticed, commit by commit. */
export async function carryOutDeletions(
  mapping: Mapping,
  { statuses, total }: DeletionPlan,
  work: DeletionWork,
  deps: DeletionDeps,
): Promise<void> {
  const all = { ...work, statuses, total };
  await (mapping.deletes?.action === 'ignore' ? ignoreAll(all, deps) : carryOut(mapping, all, deps));
}

/** Carries out what was put aside, or refused because something referred to it, now that all steps are done. */
export async function carryOutRefused(mapping: Mapping, work: DeletionWork, deps: DeletionDeps): Promise<void> {
  await carryOut(mapping, { ...work, statuses: ['refused'], total: 0 }, deps);
}

function mostAllowed({ known }: OpenCounts, { project }: Pick<DeletionDeps, 'project'>): number | null {
  const share = project.limits.deletes;
  return share === null ? null : Math.max(ALWAYS_ALLOWED, Math.floor(share * known));
}

function tooMany({ name }: Mapping, { unconfirmed, known }: OpenCounts, most: number): SyncError {
  return new SyncError(
    'DELETES_LIMIT',
    `${name}: ${unconfirmed} of ${known} records are gone from the org, more than the limit of ${most}; none of them was deleted here.`,
    {
      details: { mapping: name, gone: unconfirmed, of: known, limit: most },
      actions: [
        `Look at them with \`sluice deletes list --select ${name}\`. A lost permission looks the same as a mass deletion.`,
        `If they are right, say so with \`sluice deletes confirm --all --select ${name}\`, and run again.`,
        `If their rows are to stay, say \`sluice deletes discard --all --select ${name}\`.`,
      ],
    },
  );
}

/** The rows stay: each record is counted once. */
async function ignoreAll(work: Carrying, deps: DeletionDeps): Promise<void> {
  const { scope } = deps;
  const { statuses } = work;
  for (;;) {
    deps.signal.throwIfAborted();
    const part = await openDeletions(scope, work.mappingId, { statuses, after: '', count: IGNORED_AT_ONCE });
    if (part.length === 0) return;
    const ignore: PartWork = async (tx, open) => {
      const { length } = open;
      await setStatus(tx, work.mappingId, idsOf(open), 'ignored');
      return { counts: { read: length, skipped: length }, skipped: SKIPPED.ignored, tables: {} };
    };
    await commit(part, work, { ...deps, carryOut: ignore });
  }
}

interface Carrying extends DeletionWork {
  readonly statuses: readonly DeletionStatus[];
  /** How many there are in all. */
  readonly total: number;
}

async function carryOut(mapping: Mapping, work: Carrying, deps: DeletionDeps): Promise<void> {
  const { scope, signal } = deps;
  let place: DeletionPlace | null = null;
  for (let after = ''; ;) {
    signal.throwIfAborted();
    const part = await openDeletions(scope, work.mappingId, { statuses: work.statuses, after, count: work.commitSize });
    const last = part.at(-1);
    if (last === undefined) return;
    after = last.source_id;
    place ??= await openPlace(mapping, work.mappingId, deps);
    if (!place.remover.canFind) deps.log.warn({ mapping: mapping.name }, 'the key does not tell whose row is whose');
    const aside = place.remover.canFind ? putAside(part, place, work) : part;
    await refuse(aside, work, deps);
    await commitPart(
      part.filter((one) => !aside.includes(one)),
      { ...work, place },
      deps,
    );
  }
}

/**
 * A record that only left the filter may be one that another mapping loads into the same row, later in this very run:
 * what becomes of the row is settled at its end.
 */
function putAside(
  part: readonly OpenDeletion[],
  { mapping, neighbours }: DeletionPlace,
  work: Carrying,
): readonly OpenDeletion[] {
  const isAtEnd = work.ordinal === null;
  const others = neighbours.some(({ object }) => object === mapping.source.object);
  return isAtEnd || !others ? [] : part.filter(({ reason }) => reason === 'left_filter');
}

async function openPlace(
  mapping: Mapping,
  mappingId: number,
  { scope, project }: DeletionDeps,
): Promise<DeletionPlace> {
  const ids = await mappingIds(scope);
  const { mappings } = project;
  const root = rootTable(mapping).table.name;
  const neighbours = mappings.flatMap((other) => {
    const id = ids.get(other.name);
    if (other.name === mapping.name || id === undefined || rootTable(other).table.name !== root) return [];
    return [
      {
        mappingId: id,
        mapping: other.name,
        contested: isContested(rootTable(other)),
        object: other.source.object,
        tables: new Set(other.tables.map(({ table }) => table.name)),
      },
    ];
  });
  const remover = await openRemover(mapping, scope, { ...linkContext(project), mappings });
  return { mapping, mappingId, remover, neighbours, mappingIds: ids };
}

type Part = Carrying & { readonly place: DeletionPlace };

/**
 * Commits one part. When the database refuses it for a row's sake, those that something refers to are put aside; when
 * there are none, it is halved until the row is alone.
 */
async function commitPart(part: readonly OpenDeletion[], work: Part, deps: DeletionDeps): Promise<void> {
  if (part.length === 0) return;
  try {
    const remove: PartWork = async (tx, open) => doneOf(open, await deleteRecords(tx, open, work.place));
    await commit(part, work, { ...deps, carryOut: remove });
  } catch (error) {
    const trouble = classifyDatabaseError(error);
    if (trouble?.kind !== 'row') throw error;
    const held = part.length === 1 ? part : await heldOf(part, work.place, deps);
    if (held.length > 0) {
      const { code, constraint, table } = trouble;
      deps.log.warn({ code, constraint, table, records: held.length }, 'rows of deleted records are kept');
    }
    await refuse(held, work, deps);
    const rest = part.filter((one) => !held.includes(one));
    const size = held.length > 0 ? rest.length : Math.ceil(rest.length / 2);
    await commitPart(rest.slice(0, size), work, deps);
    await commitPart(rest.slice(size), work, deps);
  }
}

async function heldOf(
  part: readonly OpenDeletion[],
  place: DeletionPlace,
  { scope }: DeletionDeps,
): Promise<readonly OpenDeletion[]> {
  const rows = await rowsOf(scope, idsOf(part), place);
  const held = await place.remover.held(scope, [...rows.values()]);
  return part.filter(({ source_id: id }) => held.has(rows.get(id) ?? ''));
}

/** The records are gone, the rows stay for the time being. */
async function refuse(part: readonly OpenDeletion[], work: Carrying, deps: DeletionDeps): Promise<void> {
  if (part.length === 0) return;
  const put: PartWork = async (tx, open) => {
    const { length } = open;
    await setStatus(tx, work.mappingId, idsOf(open), 'refused');
    return { counts: { read: length, deferred: length }, skipped: null, tables: {} };
  };
  await commit(part, work, { ...deps, carryOut: put });
}

/** What one transaction did. */
interface Done {
  readonly counts: Partial<Counts>;
  readonly skipped: string | null;
  readonly tables: Readonly<Record<string, TableCounts>>;
}

function doneOf({ length: read }: readonly OpenDeletion[], { deleted, left, tables }: DeletedRecords): Done {
  return { counts: { read, deleted, skipped: left }, skipped: SKIPPED.left, tables };
}

type PartWork = (tx: Tx, open: readonly OpenDeletion[]) => Promise<Done>;

/** What a person has discarded since the part was listed is left alone, and cannot be discarded meanwhile. */
async function commit(
  part: readonly OpenDeletion[],
  { mappingId, ordinal, total, statuses }: Carrying,
  { scope, tally, stepId, onProgress, carryOut: work }: DeletionDeps & { readonly carryOut: PartWork },
): Promise<void> {
  const { counts, skipped, tables } = await scope.transaction(async (tx) => {
    const open = await lockOpen(tx, mappingId, idsOf(part), statuses);
    const done = await work(
      tx,
      part.filter(({ source_id: id }) => open.has(id)),
    );
    if (ordinal !== null && stepId !== undefined) {
      const slice = { kind: 'deletions', ordinal, job: null, locator: null } as const;
      await saveSlice(tx, stepId, slice, { records: done.counts.read ?? 0, counts: done.counts, total });
    }
    return done;
  });
  tally.add(counts);
  tally.addTables(tables);
  const out = counts.skipped ?? 0;
  if (skipped !== null && out > 0) tally.addSkipped(new Map([[skipped, out]]));
  onProgress();
}

function idsOf(part: readonly OpenDeletion[]): readonly string[] {
  return part.map(({ source_id: id }) => id);
}
