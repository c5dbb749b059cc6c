import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import { describeNeeded } from '../extract/extract.ts';
import type { DriftNote } from '../flow/drift-note.ts';
import type { RunRequest } from '../flow/run-request.ts';
import { findDrift } from '../drift/drift.ts';
import { byName, type Objects, parentsIn, undescribed } from '../drift/find-field.ts';
import type { UnknownValues } from '../drift/new-values.ts';
import { usedFields } from '../drift/used-fields.ts';
import type { RunPlan } from '../plan/step.ts';
import { holdOrg } from '../state/org.ts';
import { knownObjects } from '../state/source-objects.ts';
import type { CommitScope } from './commit-scope.ts';
import { estimateSteps } from './estimate-steps.ts';
import type { Org } from './step-deps.ts';

/** What is known of the org before any data moves. */
export interface Survey {
  /** Why the steps of a mapping are not begun, by its name. */
  readonly refusals: ReadonlyMap<string, SyncError>;
  readonly drift: readonly DriftNote[];
  /** The objects that the mappings read, as they are now. */
  readonly objects: Objects;
  /** What COUNT() said of a mapping's reading, by its name. */
  readonly counted: ReadonlyMap<string, number>;
  /** The same, and those of jobs that are gone on with. */
  readonly records: ReadonlyMap<string, number>;
  /** What one reading of a mapping costs, with this look at the org before it, in API calls, by its name. */
  readonly costs: ReadonlyMap<string, number>;
  /** API calls that the run will have made in the end, those of the survey among them; null when nobody could tell. */
  readonly estimated: number | null;
  /** API calls that it may make; null when nothing limits them. */
  readonly allowed: number | null;
}

export const NO_SURVEY: Survey = {
  refusals: new Map(),
  drift: [],
  objects: new Map(),
  counted: new Map(),
  records: new Map(),
  costs: new Map(),
  estimated: null,
  allowed: null,
};

const NOTHING: Objects = new Map();

export interface SurveyDeps {
  readonly project: string;
  readonly scope: CommitScope;
  readonly salesforce: () => Promise<Org>;
  readonly request: RunRequest;
  readonly signal: AbortSignal;
}

/**
 * Looks at the org before the first step: whether it is the one that the rows come from, whether what the mappings need
 * is there, what has changed about it since the last run, and what the run will cost. One call for the descriptions, and
 * those COUNT()s that the steps would ask anyway.
 * @returns NO_SURVEY for a plan that does not read from an org
 * @throws SyncError ORG_CHANGED; what is wrong with the login, the network or the budget
 */
export async function surveyOrg(plan: RunPlan, deps: SurveyDeps): Promise<Survey> {
  const steps = plan.steps.filter(({ kind, mapping }) => kind === 'read' && mapping.source.file === null);
  if (steps.length === 0 || deps.request.only?.kind === 'quarantine') return NO_SURVEY;
  const org = await deps.salesforce();
  const before = org.usage().calls;
  await holdOrg(deps.scope, deps.project, org.identity);
  const mappings = steps.map(({ mapping }) => mapping);
  const known = byName(await knownObjects(deps.scope));
  const fields = mappings.flatMap(usedFields);
  // Where the paths led in the last run, they lead now as well: their ends are asked for in the same call.
  const { objects: described, failures } = await describeNeeded(
    [...undescribed(fields, NOTHING), ...parentsIn(fields, known)],
    (found) => undescribed(fields, byName(found)),
    { salesforce: org, signal: deps.signal },
  );
  const objects = byName(described);
  const drift = await findDrift(mappings, { now: objects, before: known }, async (unknown) =>
    countValues(unknown, org, deps.signal),
  );
  const refusals = refusalsOf(mappings, drift, failures);
  const open = steps.filter(({ mapping }) => !refusals.has(mapping.name));
  const { counted, records, costs } = await estimateSteps(open, org, deps);
  const { calls: total, left } = org.usage();
  const used = total - before;
  return {
    refusals,
    drift: [...objectNotes(mappings, failures), ...drift],
    objects,
    counted,
    records,
    costs: new Map([...costs].map(([name, calls]) => [name, used + calls])),
    estimated: [...costs.values()].reduce((sum, calls) => sum + calls, used),
    allowed: left === null ? null : used + left,
  };
}

/** Records with each of these values; null where the org does not say: what has changed is told all the same. */
async function countValues(
  { count, path }: UnknownValues,
  org: Org,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number> | null> {
  if (count === null) return null;
  const counts = new Map<string, number>();
  const name = path.split('.').at(-1) ?? path;
  try {
    for await (const { records } of org.restQuery({ soql: count }, signal)) {
      for (const record of records) counts.set(String(record[name]), Number(record['expr0']));
    }
    return counts;
  } catch (error) {
    if (error instanceof SyncError && error.spec.exit === 2) return null;
    throw error;
  }
}

function refusalsOf(
  mappings: readonly Mapping[],
  drift: readonly DriftNote[],
  failures: ReadonlyMap<string, SyncError>,
): ReadonlyMap<string, SyncError> {
  const refusals = new Map<string, SyncError>();
  for (const { name, source } of mappings) {
    const failure = failures.get(source.object.toLowerCase());
    const notes = drift.filter((note) => note.severity === 'error' && note.mappings.includes(name));
    const [first] = notes;
    if (failure !== undefined) refusals.set(name, failure);
    else if (first !== undefined) {
      const code = first.kind === 'cursor' ? 'CURSOR_MISSING' : 'ORG_FIELD_MISSING';
      refusals.set(name, new SyncError(code, notes.map(({ message }) => message).join(' ')));
    }
  }
  return refusals;
}

function objectNotes(mappings: readonly Mapping[], failures: ReadonlyMap<string, SyncError>): readonly DriftNote[] {
  return [...failures].flatMap(([object, { message }]): DriftNote[] => {
    const reading = mappings.filter(({ source }) => source.object.toLowerCase() === object);
    const [first] = reading;
    if (first === undefined) return [];
    return [
      {
        object: first.source.object,
        field: null,
        kind: 'object_missing',
        message,
        severity: 'error',
        records: null,
        mappings: reading.map(({ name }) => name),
      },
    ];
  });
}
