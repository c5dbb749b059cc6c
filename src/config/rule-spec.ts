/** One thing that can be wrong in the YAML. The docs page of rules is made from this. */
export interface RuleSpec {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  /** Why it matters and what to do. */
  readonly fix: string;
}
