import { describe, expect, it } from '@jest/globals';
import { leftOutTest } from '../../src/transform/transform.ts';
import { readers, type Sketch } from '../support/readers.ts';

const ID = 'a00000000000001AAA';

/** Whether a record is left out, from the fields that the test asks for. */
async function leavesOut(sketch: Sketch, record: Readonly<Record<string, string>>) {
  const test = leftOutTest(await readers(sketch), { functions: null, today: '2026-01-15' });
  const values = (test?.fields ?? []).map((field) => record[field] ?? '');
  return { fields: test?.fields, out: test?.leavesOut({ id: ID, hash: '', stamp: '', values }) };
}

describe('telling who is left out by skip_when', () => {
  it('needs nothing where no rule leaves anybody out', async () => {
    expect(await leavesOut({ reader: 'name: Name' }, {})).toEqual({ fields: undefined, out: undefined });
  });

  it('needs only the fields that the rules ask for', async () => {
    const more =
      'skip_when: [{ name: a, when: "source.Mood__c == \'sad\'" }, { name: b, when: blank(source.Nick__c) }]';
    const sketch = { reader: 'name: Name', more };

    expect(await leavesOut(sketch, { Mood__c: 'sad', Nick__c: 'x' })).toEqual({
      fields: ['Mood__c', 'Nick__c'],
      out: true,
    });
    expect((await leavesOut(sketch, { Mood__c: 'glad', Nick__c: 'x' })).out).toBe(false);
    expect((await leavesOut(sketch, { Mood__c: 'glad' })).out).toBe(true);
  });

  it('reads the whole record where a rule asks for a column', async () => {
    const sketch = {
      reader: 'name: { from: Name, transform: [upper] }',
      more: 'skip_when: [{ name: a, when: name == "ADA" }]',
    };

    const { fields, out } = await leavesOut(sketch, { Id: ID, Name: 'Ada' });

    expect(fields).toContain('Books__c');
    expect(out).toBe(true);
    expect((await leavesOut(sketch, { Id: ID, Name: 'Ben' })).out).toBe(false);
  });

  it('leaves nobody out by a rule that cannot be computed: such a record is in quarantine', async () => {
    const sketch = { reader: 'name: Name', more: 'skip_when: [{ name: a, when: "integer(source.Count__c) > 3" }]' };

    expect((await leavesOut(sketch, { Count__c: 'many' })).out).toBe(false);
  });
});
