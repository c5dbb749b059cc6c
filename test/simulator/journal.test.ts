import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, signIn } from './org-client.ts';

let folder: string;
let keep: string;
let org: Org | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-journal-'));
  keep = path.join(folder, 'changes.jsonl');
});
afterEach(async () => {
  await org?.close();
  rmSync(folder, { recursive: true });
});

async function start(seed = 1): Promise<Org> {
  await org?.close();
  org = undefined;
  org = await startOrg({ students: 10, schools: 1, seed, keep });
  return org;
}

describe('an org that keeps its changes', () => {
  it('has all of them, with ids and stamps, when it is started again', async () => {
    const first = await start();
    const client = await signIn(first);
    const [loser, winner] = ['Loser', 'Winner'].map((LastName) => first.records.insert('Contact', { LastName }));
    const posted = await client.send('POST', `${API}/sobjects/Contact`, { LastName: 'By REST' });
    const { id } = (await posted.json()) as { id: string };
    first.records.merge('Contact', winner ?? '', [loser ?? '']);
    first.records.update('Contact', id, { FirstName: 'Late' }, { stamp: '2026-01-01T00:00:00Z' });
    const session = first.records.insert('Session__c', { Name: 'Gone' });
    const detail = first.records.insert('Session_Participant__c', { Session__c: session });
    await client.send('DELETE', `${API}/sobjects/Session__c/${session}`);
    first.schema.rename('Contact', 'Class__c', 'Room__c');
    first.records.update('Contact', id, { Room__c: null });
    first.schema.hide('Contact.Email');
    const all = (one: Org): unknown[] =>
      [loser, winner, id].map((contact) => one.records.get('Contact', contact ?? ''));
    const before = all(first);
    const second = await start();

    expect(all(second)).toEqual(before);
    expect(second.records.get('Session_Participant__c', detail)).toMatchObject({ IsDeleted: true });
    expect(second.records.table('Contact').schema.fields.map(({ name }) => name)).not.toContain('Email');
    second.records.undelete('Session__c', session);
    expect(second.records.get('Session_Participant__c', detail)).toMatchObject({ IsDeleted: false });
    expect(second.id).toBe(first.id);
  });

  it('drops a line that was not written to its end, and goes on behind the last whole one', async () => {
    const id = (await start()).records.insert('Contact', { LastName: 'Whole' });
    appendFileSync(keep, '{"kind":"insert","obj');
    (await start()).records.update('Contact', id, { FirstName: 'Later' });

    expect((await start()).records.get('Contact', id)).toMatchObject({ LastName: 'Whole', FirstName: 'Later' });
    expect(readFileSync(keep, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  it('keeps nothing that was undone by a reset', async () => {
    const first = await start();
    const id = first.records.insert('Contact', { LastName: 'Undone' });
    first.reset();

    expect((await start()).records.get('Contact', id)).toBeNull();
  });

  it('refuses the changes of another org', async () => {
    await start();

    await expect(start(2)).rejects.toThrow('another seed or size');
  });
});
