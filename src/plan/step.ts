import type { Mapping, MappingPhase } from '../config/mapping.ts';

/** One mapping in one phase. */
export interface Step {
  /** 1 for the first step of the plan. */
  readonly ordinal: number;
  readonly phase: string;
  readonly mapping: Mapping;
  /**
   * - `read`: reads the org and writes rows; the first phase of a mapping.
   * - `link`: resolves links that an earlier step left waiting; needs no call to the org.
   */
  readonly kind: 'read' | 'link';
  /** `table.column` of the links that this step resolves; for `read`, those that no later phase is named for. */
  readonly links: readonly string[];
  /** Sizes of this phase. */
  readonly settings: MappingPhase;
  /** Ordinals of earlier steps in this plan that this one builds on. */
  readonly needs: readonly number[];
}

/** The steps of a run, in order. */
export interface RunPlan {
  readonly steps: readonly Step[];
}
