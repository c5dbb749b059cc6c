/** A record as the quarantine has kept it. */
export interface KeptRecord {
  /** As the source named it, never ''. */
  readonly sourceId: string;
  /** Its values by field; null where they are not kept any more, cannot be opened, or are not what the source had. */
  readonly record: Readonly<Record<string, string>> | null;
}
