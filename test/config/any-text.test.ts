import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { loadProject } from '../../src/config/load-project.ts';
import { lintProject } from '../../src/lint/lint-project.ts';
import { projectFolder, SOUND } from '../support/project-folder.ts';

const FILES = Object.keys(SOUND);

/** A piece of YAML, or what only looks like it, put in place of some characters of a file. */
const mutation = fc.record({
  file: fc.constantFrom(...FILES),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 30 }),
  insert: fc.oneof(
    fc.constantFrom(
      '{',
      '[',
      '- ',
      ': ',
      '? ',
      '&a ',
      '*a ',
      '!!set ',
      '<<: ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '\t',
      '\n---\n',
      '%YAML 1.1\n',
      '\u0000',
      '\ufeff',
      '${',
      '${A:-',
      '~',
      '.nan',
      '0x1f',
      '__proto__: ',
      'constructor',
      '[[[[',
      '\ud800',
    ),
    fc.string({ maxLength: 20 }),
  ),
});

describe('a project of any text', () => {
  it('is loaded or refused with problems that have a place, and never throws', async () => {
    const path = projectFolder(SOUND);

    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const files: Record<string, string> = { ...SOUND };
        for (const { file, at, remove, insert } of mutations) {
          const text = files[file] ?? '';
          const start = Math.floor(at * text.length);
          files[file] = text.slice(0, start) + insert + text.slice(start + remove);
        }
        for (const [file, text] of Object.entries(files)) writeFileSync(join(dirname(path), file), text);

        const { project, problems } = await loadProject({ file: path, environment: {} });
        const linted = await lintProject({ file: path, environment: {} });

        expect(project === null).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const { line, column, message } of linted.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  it('is refused when it is nested without end', async () => {
    const path = projectFolder({ ...SOUND, 'sync.config.yaml': '['.repeat(100_000) });

    const { project } = await loadProject({ file: path, environment: {} });

    expect(project).toBeNull();
  });
});
