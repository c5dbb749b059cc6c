import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { isRecord } from '../../src/config/is-record.ts';
import { schemaCompiler, schemaDigest } from '../../src/config/schema-code.ts';
import { compactSchema } from '../../src/config/schema/compact.ts';
import { publishedSchema } from '../../src/config/schema/published.ts';
import { type SchemaName, SCHEMAS } from '../../src/config/schema/schemas.ts';

/** Where packages are found, as from the built files. */
const CACHE = 'node_modules/.cache';
let folder = '';
type Built = Record<SchemaName, ValidateFunction> & { readonly digests: Record<string, string> };
let built: Built;

beforeAll(async () => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'compiled-'));
  const file = join(folder, 'compiled.js');
  execFileSync(process.execPath, ['scripts/compile-schemas.ts', file]);
  built = (await import(pathToFileURL(file).href)) as Built;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DOCUMENTS: readonly (readonly [SchemaName, string, unknown])[] = [
  ['project', 'the least', { version: 1, project: 'a' }],
  ['project', 'what is missing', {}],
  ['project', 'what is misspelt', { version: 2, project: 'a', limits: { quarantien: '5%', deletes: 5 }, 'x-own': 1 }],
  ['project', 'a switch', { version: 1, project: 'a', defaults: { incremental: true }, history: { keep: '0d' } }],
  ['table', 'the least', { table: 'a', columns: { b: { type: 'text' } } }],
  ['table', 'what does not fit', { table: '', columns: { 'a.b': { type: 5, pii: 'no' } } }],
  ['mapping', 'the least', { version: 1, mapping: 'a', source: {}, tables: { a: { columns: { b: 'C' } } } }],
  [
    'mapping',
    'what does not fit',
    {
      version: 1,
      mapping: 'Ä',
      sources: { x: { tables: { a: { columns: { b: { from: 5, on_null: 'maybe' } } } }, deletes: {} } },
      tables: { a: { key: [], columns: { b: { first_of: [{ from: 'C', transform: [1] }], link: { by: 'x' } } } } },
      rules: [{ nam: 'x' }],
      tags: ['a', 'a'],
    },
  ],
  ['map', 'the least', { map: 'a', values: { B: 'c' } }],
  ['map', 'what does not fit', { map: 'a', values: { B: [] }, ignore_case: 'yes' }],
  ['cases', 'what does not fit', { mapping: 'a', cases: [{ name: 1, record: [] }] }],
];

/** As problems are made of them. */
function told(errors: readonly ErrorObject[] | null | undefined): unknown {
  return (errors ?? []).map(({ keyword, instancePath, params, parentSchema, propertyName }) => {
    const part: unknown = parentSchema;
    const { title, properties } = isRecord(part) ? part : {};
    const keys = isRecord(properties) ? Object.keys(properties) : [];
    return { keyword, instancePath, params, propertyName, title, keys };
  });
}

function size(schema: object): number {
  return JSON.stringify(schema).length;
}

describe('the compiled schemas', () => {
  it.each(DOCUMENTS)('judge and fill in as the published ones do: %s, %s', async (name, _what, document) => {
    const ajv = await schemaCompiler({ inlineRefs: true });
    const published = ajv.compile(publishedSchema(SCHEMAS[name]));
    const [expected, found] = [structuredClone(document), structuredClone(document)];

    const isValid = published(expected);

    expect(built[name](found)).toBe(isValid);
    expect(found).toEqual(expected);
    expect(told(built[name].errors)).toEqual(told(published.errors));
  });

  it('know which schemas they were made of', () => {
    for (const [name, schema] of Object.entries(SCHEMAS)) expect(built.digests[name]).toBe(schemaDigest(schema));
  });

  it('have each part once', () => {
    expect(size(compactSchema(SCHEMAS.mapping))).toBeLessThan(size(publishedSchema(SCHEMAS.mapping)) / 3);
  });
});
