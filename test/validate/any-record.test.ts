import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import { bindFunctions, type BoundFunctions } from '../../src/plugin/bind-functions.ts';
import { loadPlugins } from '../../src/plugin/load-plugins.ts';
import { compileQuestions, compileTransform } from '../../src/transform/transform.ts';
import { compileValidation } from '../../src/validate/validate.ts';
import { repositoryProject } from '../support/project.ts';
import { sourceBatch } from '../support/records.ts';

const TODAY = '2026-01-15';

let project: Project;
let functions: BoundFunctions;

beforeAll(async () => {
  project = await repositoryProject();
  const position = { file: '', line: 1, column: 1 };
  const { plugins } = await loadPlugins(
    project.folder,
    project.plugins.map((file) => ({ file, position })),
  );
  functions = bindFunctions(plugins, { onFault: () => undefined });
});

/** What fields hold: often nothing or something like it should be, sometimes anything. */
const VALUES = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'true',
    'false',
    '0',
    '-1',
    '9.0',
    '2025-03-05',
    '2025-03-05T14:15:00.000+0000',
    'K',
    'null',
  ),
  fc.constantFrom(
    'a@x.example',
    'A;B,C',
    '003000000000001AAA',
    '00QA0000006Vm9r',
    'Current',
    'Work',
    '<a href="x">y</a>',
  ),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
);

/** Sends records of any values down the path. @throws when one of them does not end once */
function everyRecordEnds(mapping: Mapping): void {
  const transform = compileTransform(mapping, { functions, today: TODAY });
  const validate = compileValidation(mapping, { functions, today: TODAY });
  const ask = compileQuestions(mapping);
  const record = fc.tuple(fc.constantFrom('', '003000000000001AAA'), fc.array(VALUES, { maxLength: 12 }), fc.nat(60));
  fc.assert(
    fc.property(record, ([id, values, shift]) => {
      const { fields } = mapping.source;
      const given = fields.map((field, place) => [field, values[(place + shift) % 13] ?? ''] as const);
      const batch = sourceBatch(mapping, [{ ...Object.fromEntries(given), Id: id }]);
      const answers = ask?.(batch.records).map(({ inputs }) => new Map(inputs.map(({ key }) => [key, key] as const)));

      const { records, rejections, skipped } = validate(transform(batch, answers));

      const left = [...skipped.values()].reduce((sum, times) => sum + times, 0);
      return records.length + rejections.length + left === 1;
    }),
    { numRuns: 200 },
  );
}

describe('a record of any values', () => {
  it('ends in exactly one way, in every mapping of the repository', () => {
    for (const mapping of project.mappings) expect(() => everyRecordEnds(mapping)).not.toThrow();
  });
});
