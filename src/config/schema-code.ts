import { createHash } from 'node:crypto';
import type { Ajv2020, Options } from 'ajv/dist/2020.js';
import { compactSchema } from './schema/compact.ts';
import { SCHEMAS } from './schema/schemas.ts';

/** Ajv for our own schemas. */
export async function schemaCompiler(options: Options = {}): Promise<Ajv2020> {
  const ajv = await import('ajv/dist/2020.js');
  // The schemas are ours and held against the standard by a test: to do that at every start would only cost time.
  const checks = { strict: false, validateSchema: false, meta: false } as const;
  return new ajv.Ajv2020({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    // Parts that several places share are functions of their own: in place, they would be megabytes of code.
    inlineRefs: false,
    // Making the generated code shorter takes longer than a few dozen files gain by it.
    code: { optimize: false },
    ...checks,
    ...options,
  });
}

/** Changes with a schema. */
export function schemaDigest(schema: object): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex');
}

/**
 * A module with a compiled validator for each schema, by its name, and `digests` of the schemas that they were made of.
 * Compiling takes a third of a second at every start, reading this a fiftieth.
 */
export async function schemaCode(): Promise<string> {
  const { default: standalone } = await import('ajv/dist/standalone/index.js');
  const ajv = await schemaCompiler({ code: { source: true, esm: true, optimize: true } });
  const schemas = Object.entries(SCHEMAS);
  for (const [name, schema] of schemas) ajv.addSchema(compactSchema(schema), name);
  const code = standalone.default(ajv, Object.fromEntries(schemas.map(([name]) => [name, name])));
  const digests = Object.fromEntries(schemas.map(([name, schema]) => [name, schemaDigest(schema)]));
  return `${withImports(code)}\nexport const digests = ${JSON.stringify(digests)};\n`;
}

/** Ajv writes `require` also where it is told to write a module. */
function withImports(code: string): string {
  return code.replaceAll(
    /const (\w+) = require\("(ajv\/dist\/runtime\/\w+)"\)\.default/gu,
    (_all, name: string, from: string) =>
      `import ${name}Module from "${from}.js";const ${name} = ${name}Module.default`,
  );
}
