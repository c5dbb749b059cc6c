import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Running, startSluice } from '../support/cli.ts';

let folder: string;
let running: Running[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-org-start-'));
  running = [];
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  rmSync(folder, { recursive: true });
});

/** @returns the process and where it listens */
async function start(...flags: string[]): Promise<{ org: Running; url: string }> {
  const org = startSluice(['org', 'start', '--port', '0', '--students', '20', ...flags]);
  running.push(org);
  await org.shown('Stop it with Ctrl-C');
  return { org, url: org.printed(/http:\S+/) };
}

async function lastNames(url: string): Promise<unknown> {
  const soql = 'SELECT LastName FROM Contact ORDER BY CreatedDate DESC LIMIT 2';
  return (await fetch(`${url}/simulator/query?q=${encodeURIComponent(soql)}`)).json();
}

describe('sluice org start', () => {
  it('serves the same people for a seed, and others for another', async () => {
    const urls = [await start('--seed', '1'), await start('--seed', '1'), await start('--seed', '2')];
    const [first, again, other] = await Promise.all(urls.map(({ url }) => lastNames(url)));

    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('still has what was changed when it is killed and started again with the same file', async () => {
    const keep = path.join(folder, 'changes.jsonl');
    const { org, url } = await start('--keep', keep);
    const change = { kind: 'insert', object: 'Contact', values: { LastName: 'Kept' } };
    await fetch(`${url}/simulator/changes`, { method: 'POST', body: JSON.stringify(change) });
    org.child.kill('SIGKILL');
    await org.ended;

    expect(await lastNames((await start('--keep', keep)).url)).toMatchObject({ records: [{ LastName: 'Kept' }, {}] });
    const other = await startSluice(['org', 'start', '--port', '0', '--students', '21', '--keep', keep]).ended;
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('another seed or size')]);
  });

  it('has the daily limit and the patience that it is told', async () => {
    const { org, url } = await start('--daily-limit', '3', '--timeout-rows', '5');
    const form = { grant_type: 'client_credentials', client_id: 'sluice-demo-client', client_secret: secretOf(org) };
    const token = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: access } = (await token.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${access}` };
    const jobs = `${url}/services/data/v62.0/jobs/query`;
    const body = JSON.stringify({ operation: 'query', query: 'SELECT Id FROM Contact' });
    const created = await fetch(jobs, { method: 'POST', headers, body });
    const { id } = (await created.json()) as { id: string };
    await fetch(`${jobs}/${id}`, { headers });
    const polled = await fetch(`${jobs}/${id}`, { headers });

    expect(created.headers.get('sforce-limit-info')).toBe('api-usage=1/3');
    expect(await polled.json()).toMatchObject({ state: 'Failed', errorMessage: expect.any(String) });
    expect((await fetch(`${jobs}/${id}`, { headers })).status).toBe(403);
  });

  it('tells when its port is taken', async () => {
    const { url } = await start();
    const { exitCode, stderr } = await startSluice(['org', 'start', '--port', new URL(url).port]).ended;

    expect(exitCode).toBe(2);
    expect(stderr).toContain('is taken: name another one after --port');
  });
});

function secretOf(org: Running): string {
  return org.printed(/(?<=SF_CLIENT_SECRET=)\S+/);
}
