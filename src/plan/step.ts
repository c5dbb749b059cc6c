import type { Mapping, MappingPhase } from '../config/mapping.ts';
import type { Reason, Strength } from './need.ts';

/** One mapping in one phase. */
export interface Step {
  /** 1 for the first step of the plan. */
  readonly ordinal: number;
  readonly phase: string;
  readonly mapping: Mapping;
  /**
   * - `read`: reads the source and writes rows; the first phase of a mapping.
   * - `link`: resolves links that an earlier step left waiting; needs no call to the org.
   */
  readonly kind: 'read' | 'link';
  /** `table.column` of the links that this step resolves; for `read`, those that no later phase is named for. */
  readonly links: readonly string[];
  /** Sizes of this phase. */
  readonly settings: MappingPhase;
  /** Everything in this plan that the step builds on, in the order of its steps. */
  readonly needs: readonly StepNeed[];
}

export interface StepNeed {
  /**
   * Ordinal of the step that it builds on. Mostly an earlier one, and then it says why this step stands where it does;
   * its own where rows refer to rows of the same mapping; a later one where the phases, or a circle, leave no better
   * order: see {@link RunPlan.heals}.
   */
  readonly step: number;
  readonly reason: Reason;
  readonly strength: Strength;
}

/** The steps of a run, in order. */
export interface RunPlan {
  readonly steps: readonly Step[];
  /**
   * Links that a step of this plan leaves waiting although their parents come in it, with a later step. In the order in
   * which they can be done; whoever carries out the plan does each right after the step that it names.
   */
  readonly heals: readonly Heal[];
}

export interface Heal {
  /** Ordinal of the last step that fills a table in which the links look. */
  readonly after: number;
  /** Ordinal of the earlier step whose rows wait. */
  readonly step: number;
  /** `table.column`; all of them links of that step. */
  readonly links: readonly string[];
}
