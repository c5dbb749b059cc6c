import type { Queryable } from '../database/database.ts';

/** What the last whole reading of a step took. */
export interface StepCost {
  readonly api: 'rest' | 'bulk';
  readonly calls: number;
  readonly records: number;
}

/** Older steps than so many say little, and need not be looked through. */
const STEPS_BACK = 2_000;

/** The key of a step's cost: a window costs otherwise than everything. */
export function costKey(step: { readonly phase: string; readonly mapping: string; readonly kind: string }): string {
  return `${step.phase} ${step.mapping} ${step.kind}`;
}

/** What the last step of each phase, mapping and kind of reading took that ended well, by {@link costKey}. */
export async function stepCosts(database: Queryable): Promise<ReadonlyMap<string, StepCost>> {
  const { rows } = await database.query<CostRow>(
    `SELECT DISTINCT ON (phase, mapping, kind) phase, mapping, reading->>'kind' AS kind, api_calls,
       coalesce((counts->>'read')::float8, 0) AS read,
       EXISTS (SELECT 1 FROM sluice.slice WHERE step_id = s.id AND slice.kind = 'bulk_page') AS bulk
     FROM sluice.step s
     WHERE id > (SELECT coalesce(max(id), 0) - ${STEPS_BACK} FROM sluice.step)
       AND status IN ('succeeded', 'succeeded_with_warnings') AND reading->>'resumed_job' IS NULL AND reading IS NOT NULL
     ORDER BY phase, mapping, kind, id DESC`,
  );
  return new Map(
    rows.map((row) => [costKey(row), { api: row.bulk ? 'bulk' : 'rest', calls: row.api_calls, records: row.read }]),
  );
}

interface CostRow {
  readonly phase: string;
  readonly mapping: string;
  readonly kind: string;
  readonly api_calls: number;
  readonly read: number;
  readonly bulk: boolean;
}
