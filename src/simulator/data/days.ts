const DAY = 86_400_000;
const texts: string[] = [];

/** The date so many days after 2000-01-01, as its text. */
export function dayText(day: number): string {
  return (texts[day] ??= new Date(Date.UTC(2000, 0, 1) + day * DAY).toISOString().slice(0, 10));
}

/** How many days after 2000-01-01 the first day of a year is. */
export function startOfYear(year: number): number {
  return (Date.UTC(year, 0, 1) - Date.UTC(2000, 0, 1)) / DAY;
}
