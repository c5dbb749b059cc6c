import { describe, expect, it } from '@jest/globals';
import { summaryText } from '../../src/cli/run-summary.ts';
import { NO_COUNTS } from '../../src/flow/counts.ts';
import { run, step } from './reports.ts';

const STUDENTS = step('succeeded_with_warnings', {
  duration_ms: 2000,
  counts: { ...NO_COUNTS, read: 1000, inserted: 940, quarantined: 10, skipped: 50, warnings: 3 },
  quarantined: { 'MISSING_REQUIRED_FIELD contact.first_name': 10 },
  skipped: { lead: 20, 'contact_id not here': 30 },
  warnings: { 'RULE_FAILED plausible-age': 3 },
});
const SCHOOLS = step('succeeded', {
  phase: 'reference',
  mapping: 'schools',
  duration_ms: 1000,
  counts: { ...NO_COUNTS, read: 200, unchanged: 200 },
});

describe('a plan that was stopped', () => {
  it('is no run', () => {
    expect(summaryText(run('stopped', step('stopped')), 'plan')).toMatch(/^Plan r: stopped, /u);
  });
});

describe('a run that could not begin', () => {
  it('says why, where no step could', () => {
    const error = { code: 'ORG_CHANGED', message: 'Another org.', actions: ['Take another database.'] };

    expect(summaryText({ ...run('failed'), error })).toContain('ORG_CHANGED: Another org.');
  });
});

describe('the summary of a run', () => {
  const summary = summaryText(run('succeeded_with_warnings', SCHOOLS, STUDENTS));

  it('adds the steps up, in numbers and time', () => {
    expect(summary).toMatch(/^total +2 steps +1,200 +940 +0 +200 +10 +50 +3 +3\.0 s +400\/s$/m);
  });

  it('proves of each step and of all together that no record is lost', () => {
    expect(summary).toContain(`\
Every record accounted for:
  reference  schools   read 200 = unchanged 200
  people     students  read 1,000 = inserted 940 + quarantined 10 + skipped 50
  total      2 steps   read 1,200 = inserted 940 + unchanged 200 + quarantined 10 + skipped 50
`);
  });

  it('says why records were put aside, left out or changed, most frequent first', () => {
    expect(summary).toContain(`\
remark       mapping   why                                        records
quarantined  students  MISSING_REQUIRED_FIELD contact.first_name       10
warning      students  RULE_FAILED plausible-age                        3
skipped      students  contact_id not here                             30
skipped      students  lead                                            20
`);
  });

  it('names a step whose records are not all accounted for', () => {
    const lost = step('failed', { counts: { ...NO_COUNTS, read: 5, inserted: 4 } });

    expect(summaryText(run('failed', lost))).toContain('NOT every record is accounted for in students.');
  });

  it('says at its end what stopped a step, and not once more for the run', () => {
    const error = { code: 'DELETES_LIMIT', message: '30 of 997 records are gone.', actions: [] };
    const stopped = { ...run('stopped', SCHOOLS, step('stopped', { error })), error };

    expect(summaryText(stopped)).toMatch(/\npeople students: DELETES_LIMIT\n  30 of 997 records are gone\.\n$/);
  });

  it('lists the tables in which there was something to look at', () => {
    const tables = {
      student: { inserted: 0, updated: 1, unchanged: 0, deleted: 0 },
      email: { inserted: 0, updated: 0, unchanged: 0, deleted: 0 },
    };

    expect(summaryText(run('succeeded', step('succeeded', { tables })))).toContain(
      'rows in table  inserted  updated  unchanged  deleted\nstudent               0        1          0        0\n',
    );
    expect(summaryText(run('succeeded', step('succeeded', { tables })))).not.toContain('email');
  });

  it('counts the imports of a usual night, and names those that read everything', () => {
    const at = { from: '2026-05-01T00:00:00.000Z', to: null, resumed_job: null };
    const usual = { ...at, kind: 'window' as const, reason: 'what has changed since the last run' };
    const all = { ...at, kind: 'full' as const, reason: 'never read to its end before' };
    const many = Array.from({ length: 9 }, (_, index) => step('succeeded', { mapping: `m${index}`, reading: usual }));
    const few = many.slice(0, 2);
    const whole = step('succeeded', { mapping: 'new', reading: all });

    expect(summaryText(run('succeeded', ...many, whole))).toContain(
      'Read what has changed since the last run: 9 imports\nRead everything (never read to its end before): new\n',
    );
    expect(summaryText(run('succeeded', ...few))).toContain('Read what has changed since the last run: m0, m1\n');
  });

  it('says of a step that nothing was to be read', () => {
    expect(summaryText(run('succeeded', step('succeeded')))).toContain('  people  students  read 0\n');
  });

  it('needs no total for one step', () => {
    expect(summaryText(run('succeeded', SCHOOLS))).not.toContain('total');
  });
});
