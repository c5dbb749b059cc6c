import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isRecord } from '../../src/config/is-record.ts';
import { MAP_SCHEMA } from '../../src/config/schema/map.ts';
import { MAPPING_SCHEMA } from '../../src/config/schema/mapping.ts';
import { PROJECT_SCHEMA } from '../../src/config/schema/project.ts';
import { publishedSchema } from '../../src/config/schema/published.ts';
import { TABLE_SCHEMA } from '../../src/config/schema/table.ts';
import { TRANSFORM_NAMES } from '../../src/config/transform-names.ts';
import { TRANSFORMS } from '../../src/transform/transforms.ts';

describe.each([
  ['project', PROJECT_SCHEMA],
  ['mapping', MAPPING_SCHEMA],
  ['table', TABLE_SCHEMA],
  ['map', MAP_SCHEMA],
])('the schema for %s', (name, schema) => {
  it('is sound by the standard', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

    expect(ajv.validateSchema(publishedSchema(schema))).toBe(true);
  });

  it('is published as it is in the code', () => {
    const published: unknown = JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));

    expect(published).toEqual(publishedSchema(schema));
  });

  it('says of every part what it is, for problems and editors', () => {
    expect(untitled(schema, name)).toEqual([]);
  });
});

/** Parts of a schema that a problem could not name. */
function untitled(schema: object, path: string): string[] {
  return Object.entries(schema).flatMap(([key, part]: [string, unknown]) => {
    if (!isRecord(part)) return [];
    if (key === 'properties')
      return Object.entries(part).flatMap(([name, value]) =>
        isRecord(value) ? untitledPart(value, `${path}.${name}`) : [],
      );
    return key === 'items' || key === 'additionalProperties' ? untitledPart(part, `${path}.${key}`) : [];
  });
}

function untitledPart(part: object, path: string): string[] {
  return ['title' in part ? [] : [path], untitled(part, path)].flat();
}

describe('the transforms', () => {
  it('that a mapping may name are those that are built in', () => {
    expect(Object.keys(TRANSFORM_NAMES)).toEqual(Object.keys(TRANSFORMS));
  });
});
