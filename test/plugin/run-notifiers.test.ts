import { describe, expect, it } from '@jest/globals';
import type { RunReport } from '../../src/flow/run-events.ts';
import type { Fault } from '../../src/plugin/fault.ts';
import { runNotifiers } from '../../src/plugin/run-notifiers.ts';
import { loadFiles } from '../support/plugins.ts';

const REPORT: RunReport = {
  run_id: 'r1',
  status: 'failed',
  started_at: '2026-01-02T03:04:05.000Z',
  finished_at: '2026-01-02T03:05:05.000Z',
  duration_ms: 60_000,
  api_calls: 3,
  api_calls_estimated: null,
  api_calls_allowed: null,
  drift: [],
  sum: { read: 0, accounted_for: 0, holds: true },
  peak_rss_bytes: 0,
  steps: [],
  error: null,
};

/** Runs the notifiers of a plugin with this text; `log.info` keeps what they say. */
async function notified(text: string): Promise<{ said: string[]; faults: Fault[] }> {
  const { plugins } = await loadFiles({
    'plugins/mail.mjs': `export default { name: 'mail', notifiers: { ${text} } };`,
  });
  const said: string[] = [];
  const faults: Fault[] = [];
  const log = { debug: () => undefined, warn: () => undefined, info: (line: string) => void said.push(line) };
  await runNotifiers(plugins, REPORT, {
    log: log as Parameters<typeof runNotifiers>[2]['log'],
    onFault: (fault) => void faults.push(fault),
    patienceMs: 20,
  });
  return { said, faults };
}

describe('notifiers', () => {
  it('are told how the run ended, one after another, each with a report of its own', async () => {
    const { said, faults } = await notified(`
      first: { what: 'First.', run: async (report, { log }) => { log.info(report.status); report.status = 'succeeded'; } },
      second: { what: 'Second.', run: (report, { log }) => { log.info(report.status); } }`);

    expect(said).toEqual(['failed', 'failed']);
    expect(faults).toEqual([]);
  });

  it('that fail or never end are told of, and keep no other from its turn', async () => {
    const { said, faults } = await notified(`
      broken: { what: 'Broken.', run: async () => { throw new TypeError('no route'); } },
      stuck: { what: 'Stuck.', run: (_, { signal }) => new Promise(() => {}) },
      last: { what: 'Last.', run: (report, { log }) => { log.info(report.run_id); } }`);

    expect(said).toEqual(['r1']);
    expect(faults).toMatchObject([
      { function: 'mail.broken', what: expect.stringContaining('threw TypeError at ./plugins/mail.mjs:') },
      { function: 'mail.stuck', what: 'took longer than 0.02 s' },
    ]);
  });
});
