/** One step of a run, by the run's own report. */
export interface StepTime {
  /** `phase/mapping`. */
  readonly step: string;
  readonly read: number;
  /** In all of its tables. */
  readonly rowsWritten: number;
  readonly seconds: number;
}

/** The part of `sluice run --json` that is asked for here. */
interface Report {
  readonly result: {
    readonly steps: readonly {
      readonly phase: string;
      readonly mapping: string;
      readonly duration_ms: number;
      readonly counts: { readonly read: number };
      readonly tables: Readonly<
        Record<string, { readonly inserted: number; readonly updated: number; readonly deleted: number }>
      >;
    }[];
  };
}

/** @param stdout  of `sluice run --json` */
export function stepTimes(stdout: string): StepTime[] {
  const { result } = JSON.parse(stdout) as Report;
  return result.steps.map(({ phase, mapping, duration_ms: ms, counts, tables }) => ({
    step: `${phase}/${mapping}`,
    read: counts.read,
    rowsWritten: Object.values(tables).reduce(
      (sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted,
      0,
    ),
    seconds: ms / 1000,
  }));
}
