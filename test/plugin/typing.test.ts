import { describe, expect, it } from '@jest/globals';
import { definePlugin, type Plugin } from '../../src/plugin/define-plugin.ts';

/** What matters here is that it compiles: each `@ts-expect-error` is a test. */
const SCHOOL = definePlugin({
  name: 'school',
  transforms: {
    part: {
      what: 'A part of a line.',
      args: { type: 'object', required: ['part'], properties: { part: { enum: ['street', 'city'] } } },
      run(value, args) {
        const part: 'street' | 'city' = args.part;
        return value === null ? null : `${part} of ${value}`;
      },
    },
    padded: {
      what: 'As many digits as asked for.',
      args: {
        type: 'object',
        additionalProperties: false,
        properties: { digits: { type: 'integer', default: 4 }, sign: { type: 'string' } },
      },
      run: (value, args) => {
        // A default is always there; what has none may be missing.
        const digits: number = args.digits;
        const sign: string | undefined = args.sign;
        // @ts-expect-error no such argument
        void args.length;
        return value === null ? null : `${sign ?? ''}${value.padStart(digits, '0')}`;
      },
    },
    plain: {
      what: 'Takes no arguments.',
      run: (value, args) => {
        // @ts-expect-error there are none
        const digits: string = args['digits'];
        return value ?? digits;
      },
    },
  },
  resolvers: {
    owner: {
      what: 'Asks for the owners.',
      run: async (inputs, { query }) => {
        const rows = await query('SELECT Id, OwnerId FROM Account WHERE Id IN :ids', inputs.flat());
        const owners = new Map(rows.map((row) => [row['Id'], row['OwnerId'] ?? null]));
        return inputs.map(([id]) => owners.get(id ?? null) ?? null);
      },
    },
  },
  hooks: {
    tidy: {
      what: 'Tidies up.',
      args: { type: 'object', required: ['days'], properties: { days: { type: 'integer' } } },
      run: async ({ args, query, table }) => {
        const { rowCount } = await query(`DELETE FROM ${table('note')} WHERE age > $1`, [args.days]);
        return { note: { deleted: rowCount } };
      },
    },
  },
});

describe('definePlugin', () => {
  it('types the arguments by their schema, and gives back what it is given', () => {
    const plugin: Plugin = SCHOOL;

    expect(plugin.name).toBe('school');
    expect(SCHOOL.transforms?.part.run('Main St', { part: 'city' })).toBe('city of Main St');
  });

  it('is not needed: a plain object is a plugin too', () => {
    const plain: Plugin = {
      name: 'plain',
      transforms: { shout: { what: 'Louder.', run: (value) => value?.toUpperCase() ?? null } },
    };

    expect(Object.keys(plain)).toEqual(['name', 'transforms']);
  });
});
