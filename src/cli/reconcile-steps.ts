import type { Reconciled } from '../app/reconcile.ts';
import { differs, type MappingComparison } from '../reconcile/report.ts';

/** What to do after a comparison, as commands to type. */
export function reconcileSteps({ mappings, values, repair }: Reconciled): string[] {
  const now = repair?.after ?? mappings;
  const wrong = now.filter(differs);
  const noticed = now.some((one) => one.noticed > 0) ? [DELETES_LIST] : [];
  const stays = now.some((one) => one.extra > 0 && !one.extra_may_go) ? [DETECT] : [];
  if (repair !== null) return [...stays, ...noticed];
  const [back, others] = [wrong.filter((one) => one.set_back > 0), wrong.filter((one) => one.set_back === 0)];
  return [
    ...(back.length > 0 ? [fullRefresh(back)] : []),
    ...(others.length > 0 ? [`sluice reconcile ${names(others)} --fix    read again what differs`] : []),
    ...(wrong.length > 0 ? [`sluice reconcile ${names(wrong)} --format csv    which records they are`] : []),
    ...(wrong.length === 0 && (values?.differences.length ?? 0) + (values?.missing_rows.length ?? 0) > 0
      ? ['sluice run --full-refresh    write what the mappings make of the org today']
      : []),
    ...stays,
    ...noticed,
    ...(mappings.some((one) => one.new + one.changed + one.gone > 0)
      ? ['sluice run    reads what has changed since the last one']
      : []),
  ];
}

/** `reconcile --fix` does the same for them. */
function fullRefresh(mappings: readonly MappingComparison[]): string {
  const select = mappings.map(({ mapping }) => mapping).join(',');
  return `sluice run --full-refresh --select ${select}    the org was set back there: what it says now counts, older or not`;
}

const DETECT = 'deletes: { detect: [reconcile] } in a mapping    lets --fix deal with extra records';
const DELETES_LIST = 'sluice deletes list    records that are gone, and what becomes of their rows';

function names(mappings: readonly MappingComparison[]): string {
  return mappings.map(({ mapping }) => mapping).join(' ');
}
