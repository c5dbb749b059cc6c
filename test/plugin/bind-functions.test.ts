import { describe, expect, it } from '@jest/globals';
import { bindFunctions, type BoundFunctions } from '../../src/plugin/bind-functions.ts';
import type { HookContext } from '../../src/plugin/define-plugin.ts';
import { type Fault, FunctionFailed } from '../../src/plugin/fault.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import { loadFiles } from '../support/plugins.ts';

const SECRET = 'Ada Lovelace';

/** Functions of a plugin whose text this is, and what was told of their failures. */
async function bound(text: string): Promise<{ functions: BoundFunctions; faults: Fault[] }> {
  const { plugins, problems } = await loadFiles({
    'plugins/school.mjs': `export default {\n name: 'school',\n ${text} };`,
  });
  expect(problems).toEqual([]);
  const faults: Fault[] = [];
  return { functions: bindFunctions(plugins, { onFault: (fault) => void faults.push(fault) }), faults };
}

function call(name: string, args: Record<string, unknown> = {}) {
  return { name: `school.${name}`, args };
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a transform', () => {
  it('is called with the value and the arguments, defaults included', async () => {
    const { functions } = await bound(`transforms: { pad: { what: 'Pads.',
      args: { type: 'object', properties: { to: { type: 'integer' }, with: { type: 'string', default: '0' } } },
      run: (value, args) => value === null ? null : value.padStart(args.to, args.with) } }`);

    const pad = functions.transform(call('pad', { to: 4 }));

    expect([pad('7'), pad(null)]).toEqual(['0007', null]);
    expect(functions.transform(call('pad', { to: 3, with: '*' }))('7')).toBe('**7');
  });

  it('that throws is told by plugin, function and line, never by what it said', async () => {
    const { functions, faults } = await bound(`transforms: { fail: { what: 'Fails.',
      run: (value) => { throw new RangeError('cannot take ' + value); } } }`);
    const fail = functions.transform(call('fail'));

    const error = thrownBy(() => fail(SECRET));

    expect(error).toBeInstanceOf(FunctionFailed);
    expect(String(error)).toContain('school.fail threw RangeError at ./plugins/school.mjs:4:');
    expect(JSON.stringify([error, faults]) + String(error)).not.toContain(SECRET);
  });

  it('is told of once for each place, whatever the number of records', async () => {
    const { functions, faults } = await bound(`transforms: { fail: { what: 'Fails.',
      run: (value) => { throw new Error(value); } } }`);
    const fail = functions.transform(call('fail'));
    for (const value of ['a', 'b', 'c']) thrownBy(() => fail(value));

    expect(faults).toEqual([
      { function: 'school.fail', file: './plugins/school.mjs', what: expect.stringContaining('threw Error at') },
    ]);
  });

  it.each([
    ['undefined', 'nothing'],
    ['7', 'a number'],
    ['[]', 'a list'],
    ['{}', 'an object'],
    ['Promise.resolve(value)', 'a promise'],
  ])('must give back text or null, not %s', async (given, told) => {
    const { functions } = await bound(`transforms: { bad: { what: 'Bad.', run: (value) => (${given}) } }`);

    const error = thrownBy(() => functions.transform(call('bad'))('x'));

    expect(String(error)).toContain(`school.bad gave back ${told} in place of text or null`);
  });

  it('that throws something that is no error is told all the same', async () => {
    const { functions } = await bound(`transforms: { bad: { what: 'Bad.', run: (value) => { throw value; } } }`);

    expect(String(thrownBy(() => functions.transform(call('bad'))(SECRET)))).toMatch(
      /threw a string that is no error$/,
    );
  });
});

describe('a check', () => {
  it('gives true or a reason', async () => {
    const { functions } = await bound(`
      checks: { even: { what: 'Even.', run: (value) => Number(value) % 2 === 0 || 'is odd' } },
      recordChecks: { same: { what: 'Same.', run: (record) => record.column('a') === record.field('B') || 'differ' } }`);
    const same = functions.recordCheck(call('same'));

    expect(functions.check(call('even'))('2')).toBe(true);
    expect(functions.check(call('even'))('3')).toBe('is odd');
    expect(same({ column: () => 'x', field: () => 'x' })).toBe(true);
    expect(same({ column: () => 'x', field: () => null })).toBe('differ');
  });

  it('that answers false has forgotten the reason, which is a fault of its own', async () => {
    const { functions } = await bound(`checks: { even: { what: 'Even.', run: () => false } }`);

    expect(String(thrownBy(() => functions.check(call('even'))('3')))).toContain(
      'school.even gave back a boolean in place of true or a reason',
    );
  });
});

describe('a resolver', () => {
  const context = {
    query: async () => [{ Id: '1', Name: 'One' }],
    signal: new AbortController().signal,
    mapping: 'history',
    fields: ['WhoId', 'WhatId'],
  };

  it('answers a batch at once, and may ask the org', async () => {
    const { functions } = await bound(`resolvers: { name: { what: 'Name.', run: async (inputs, { query }) => {
      const rows = await query('SELECT Id, Name FROM Account WHERE Id IN :ids', inputs.flat());
      return inputs.map(([id]) => rows.find((row) => row.Id === id)?.Name ?? null); } } }`);

    expect(await functions.resolver(call('name'))([['1'], ['2']], context)).toEqual(['One', null]);
  });

  it('that fails stops the step, by plugin, function, mapping and fields', async () => {
    const { functions } = await bound(
      `resolvers: { name: { what: 'Name.', run: async ([[id]]) => { throw new Error(id); } } }`,
    );

    const failing = functions.resolver(call('name'))([[SECRET]], context);

    await expect(failing).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringMatching(
        /^school\.name \(\.\/plugins\/school\.mjs\) threw Error at .*:3:\d+ in mapping history, for WhoId, WhatId\.$/,
      ),
    });
  });

  it.each([
    ['[]', 'a list'],
    ['[7]', 'a list'],
    ['undefined', 'nothing'],
  ])('must answer each input, not with %s', async (given, told) => {
    const { functions } = await bound(`resolvers: { name: { what: 'Name.', run: async () => ${given} } }`);

    await expect(functions.resolver(call('name'))([['1']], context)).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringContaining(`gave back ${told} in place of a list of 1 texts or nulls`),
    });
  });

  it('lets trouble of the org, and the end of a run, through as they are', async () => {
    const { functions } = await bound(
      `resolvers: { name: { what: 'Name.', run: async (_, { query }) => query('x') } }`,
    );
    const resolve = functions.resolver(call('name'));
    const spent = new SyncError('API_BUDGET_SPENT', 'no calls left');
    const controller = new AbortController();
    controller.abort();

    await expect(resolve([['1']], { ...context, query: () => Promise.reject(spent) })).rejects.toBe(spent);
    await expect(
      resolve([['1']], {
        ...context,
        signal: controller.signal,
        query: () => Promise.reject(controller.signal.reason as Error),
      }),
    ).rejects.toBe(controller.signal.reason);
  });
});

const never = (): boolean => false;

describe('a hook', () => {
  const context = { mapping: 'events', phase: 'activity', signal: new AbortController().signal } as Omit<
    HookContext<unknown>,
    'args'
  >;

  it('says how many rows it changed, by table', async () => {
    const { functions } = await bound(`hooks: { tidy: { what: 'Tidies.',
      args: { type: 'object', properties: { rows: { type: 'integer' } } },
      run: async ({ args }) => ({ note: { deleted: args.rows } }) } }`);

    expect(await functions.hook(call('tidy', { rows: 3 }))(context, never)).toEqual({ note: { deleted: 3 } });
  });

  it.each([
    'undefined',
    '3',
    '{ note: 3 }',
    '{ note: { changed: 3 } }',
    '{ note: { deleted: -1 } }',
    '{ note: { deleted: 0.5 } }',
  ])('must say so: %s is no count', async (given) => {
    const { functions } = await bound(`hooks: { tidy: { what: 'Tidies.', run: async () => (${given}) } }`);

    await expect(functions.hook(call('tidy'))(context, never)).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringContaining(
        'in place of the rows that it changed, by table in mapping events, phase activity.',
      ),
    });
  });

  it('that fails is told with the code of what it met; what is not its fault goes through', async () => {
    const { functions } = await bound(`hooks: { tidy: { what: 'Tidies.', run: async () => {
      throw Object.assign(new Error('${SECRET}'), { sqlState: '40001' }); } } }`);
    const tidy = functions.hook(call('tidy'));

    await expect(tidy(context, never)).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringMatching(
        /^school\.tidy .* threw Error \(40001\) at .* in mapping events, phase activity\.$/,
      ),
    });
    await expect(tidy(context, () => true)).rejects.toMatchObject({ sqlState: '40001' });
  });
});
