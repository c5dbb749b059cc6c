import type { Logger } from 'pino';
import type { SyncError } from '../errors/sync-error.ts';
import type { RunCall } from '../flow/run-request.ts';
import type { RunPlan, Step } from '../plan/step.ts';
import { addEvent } from '../state/events.ts';
import { asSyncError } from './as-sync-error.ts';
import type { Org } from './step-deps.ts';
import { NO_SURVEY, type Survey, type SurveyDeps, surveyOrg } from './survey-org.ts';

/** The org as one run uses it: what others in this process have asked it before is not counted. */
export class OrgOfRun {
  readonly #connect: () => Promise<Org>;
  #used: { readonly org: Org; readonly before: number } | null = null;

  /** @param connect  connects when first asked for */
  constructor(connect: () => Promise<Org>) {
    this.#connect = connect;
  }

  readonly connect = async (): Promise<Org> => {
    const org = await this.#connect();
    this.#used ??= { org, before: org.usage().calls };
    return org;
  };

  /** What it has told of its calls; null while nobody has asked it anything. */
  usage(): ReturnType<Org['usage']> | null {
    return this.#used?.org.usage() ?? null;
  }

  /** API calls of the run so far. */
  calls(): number {
    return this.#used === null ? 0 : this.#used.org.usage().calls - this.#used.before;
  }
}

/** A run's survey, or why there is none. */
export interface RunSurvey {
  readonly survey: Survey;
  readonly trouble: SyncError | null;
}

/** Looks at the org before the first step, and tells who listens to the run. */
export async function surveyRun(
  plan: RunPlan,
  call: RunCall,
  deps: Pick<SurveyDeps, 'project' | 'scope' | 'salesforce'> & { readonly runId: string; readonly log: Logger },
): Promise<RunSurvey> {
  const { request, signal, onEvent } = call;
  try {
    const survey = await surveyOrg(plan, { ...deps, request, signal });
    const { estimated, allowed, drift, records } = survey;
    if (estimated !== null) {
      onEvent({ type: 'surveyed', estimated, allowed, drift });
      const data = { estimated, allowed, drift, records: Object.fromEntries(records) };
      await addEvent(deps.scope, { runId: deps.runId, kind: 'surveyed', data });
    }
    const changes = drift.map(({ object, field, kind }) => `${object}.${field ?? ''} ${kind}`);
    deps.log.info({ estimated, allowed, changes }, 'org surveyed');
    return { survey, trouble: null };
  } catch (thrown) {
    return { survey: NO_SURVEY, trouble: asSyncError(thrown, signal) };
  }
}

/** Why nothing at all is begun: records of another org must not be mixed with these. All else is a step's to tell. */
export function stopOf({ trouble }: RunSurvey): SyncError | null {
  return trouble?.code === 'ORG_CHANGED' ? trouble : null;
}

/** Why a step is not begun: what it needs is not in the org, or nobody could look. */
export function refusalOf({ kind, mapping }: Step, { survey, trouble }: RunSurvey): SyncError | null {
  if (kind !== 'read' || mapping.source.file !== null) return null;
  return trouble ?? survey.refusals.get(mapping.name) ?? null;
}
