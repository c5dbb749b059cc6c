/** The days a date literal covers: [from, until), in milliseconds, UTC. */
export interface DayRange {
  readonly from: number;
  readonly until: number;
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

const DAY = 86_400_000;

/**
 * @param name such as TODAY, THIS_MONTH, LAST_N_DAYS; fiscal years are calendar years in this org
 * @param count the number behind the colon
 */
export function relativeDateRange(name: string, count: number | null, now: Date): DayRange {
  const plain = name.replace('FISCAL_', '');
  const n = count ?? 0;
  switch (plain) {
    case 'TODAY':
      return units('DAY', now, 0, 1);
    case 'YESTERDAY':
      return units('DAY', now, -1, 0);
    case 'TOMORROW':
      return units('DAY', now, 1, 2);
    case 'LAST_90_DAYS':
      return units('DAY', now, -90, 1);
    case 'NEXT_90_DAYS':
      return units('DAY', now, 1, 91);
    default:
      break;
  }
  const unit = unitOf(plain);
  if (plain.startsWith('THIS_')) return units(unit, now, 0, 1);
  // Salesforce counts today among the last n days, but not this month among the last n months.
  if (plain.startsWith('LAST_N_')) return units(unit, now, -n, unit === 'DAY' ? 1 : 0);
  if (plain.startsWith('NEXT_N_')) return units(unit, now, 1, n + 1);
  if (plain.startsWith('LAST_')) return units(unit, now, -1, 0);
  if (plain.startsWith('NEXT_')) return units(unit, now, 1, 2);
  return units(unit, now, -n, -n + 1);
}

function unitOf(name: string): Unit {
  return (['WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const).find((unit) => name.includes(unit)) ?? 'DAY';
}

/** From the start of the unit `first` away from now to the start of the unit `last` away. */
function units(unit: Unit, now: Date, first: number, last: number): DayRange {
  return { from: startOf(unit, now, first), until: startOf(unit, now, last) };
}

function startOf(unit: Unit, now: Date, away: number): number {
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth();
  const today = Date.UTC(year, month, now.getUTCDate());
  switch (unit) {
    case 'DAY':
      return today + away * DAY;
    case 'WEEK':
      return today - now.getUTCDay() * DAY + away * 7 * DAY;
    case 'MONTH':
      return Date.UTC(year, month + away, 1);
    case 'QUARTER':
      return Date.UTC(year, month - (month % 3) + away * 3, 1);
    case 'YEAR':
      break;
  }
  return Date.UTC(year + away, 0, 1);
}
