/** Writes schemas/*.json for editors, and the reference pages of the YAML and of what `sluice lint` finds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { RuleSpec } from '../src/config/rule-spec.ts';
import { publishedSchema } from '../src/config/schema/published.ts';
import { SCHEMAS } from '../src/config/schema/schemas.ts';
import { RULES } from '../src/lint/rules.ts';
import { TRANSFORM_NAMES, type TransformSpec } from '../src/config/transform-names.ts';

interface Schema {
  /** Another place of the same file whose keys may stand here, too: they are listed there. */
  readonly $comment?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** A file of this repository for each schema. */
const EXAMPLES: Readonly<Record<string, string>> = {
  project: 'sync.config.yaml',
  mapping: 'mappings/students.yaml',
  table: 'mappings/tables/student.yaml',
  map: 'mappings/maps/gender.yaml',
  cases: 'mappings/tests/students.yaml',
};
const FILES: readonly (readonly [name: string, schema: Schema, example: string])[] = Object.entries(SCHEMAS).map(
  ([name, schema]) => [name, schema, EXAMPLES[name] ?? ''],
);

const GENERATED =
  '<!-- Written by scripts/generate-config-docs.ts from the schemas: change those and run `npm run docs`. -->';

mkdirSync('schemas', { recursive: true });
mkdirSync('docs', { recursive: true });
for (const [name, schema] of FILES) await write(`schemas/${name}.schema.json`, JSON.stringify(publishedSchema(schema)));
await write('docs/configuration.md', configurationPage());
await write('docs/lint-rules.md', rulesPage());

function configurationPage(): string {
  const sections = FILES.map(([name, schema, example]) =>
    [
      `## ${schema.title ?? name}`,
      `In this repository: [${example}](../${example}). For editors: [schemas/${name}.schema.json](../schemas/${name}.schema.json).`,
      table(['key', 'takes', 'default', 'what it is'], keysOf(schema, '')),
    ].join('\n\n'),
  );
  return [
    '# Configuration reference',
    GENERATED,
    `Every key that the YAML of a project may hold. Unknown keys are errors, told with the nearest known one; keys that
begin with \`x-\` are free. \`*\` stands for a name that you choose, \`[]\` for each entry of a list, **bold** for keys that
must be there. What the words mean is in [concepts](concepts.md), each part of a mapping
by example in [the mapping language](mapping-language.md); what lint says about them in [lint rules](lint-rules.md).

In \`sync.config.yaml\`, a value may be \`\${NAME}\` or \`\${NAME:-default}\`, filled from the environment.`,
    ...sections,
    '## Transforms',
    'What `transform:` of a column may name, in the order in which they are to work: `transform: [trim, { truncate: { length: 50 } }]`.',
    table(['transform', 'arguments', 'what it does'], transformRows()),
  ].join('\n\n');
}

function keysOf(schema: Schema, prefix: string): string[][] {
  if (schema.$comment !== undefined) return [];
  const named = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => {
    const path = `${prefix}${key}`;
    const name = schema.required?.includes(key) ? `**\`${path}\`**` : `\`${path}\``;
    return [[name, takes(part), defaultOf(part), said(part)], ...keysOf(part, `${path}.`)];
  });
  const open = schema.additionalProperties;
  const free = typeof open === 'object' ? freeKeys(open, `${prefix}*`) : [];
  const entries = schema.items === undefined ? [] : keysOf(schema.items, `${prefix.replace(/\.$/, '')}[].`);
  return [...named, ...free, ...entries];
}

/** What a free key holds; its keys, or where they are listed. */
function freeKeys(schema: Schema, path: string): string[][] {
  if (schema.$comment === undefined) return keysOf(schema, `${path}.`);
  return [[`\`${path}\``, takes(schema), '', said(schema)]];
}

function said({ description = '', $comment }: Schema): string {
  return $comment === undefined ? description : `${description} Keys as in \`${$comment}\`.`.trim();
}

function takes(schema: Schema): string {
  if (schema.enum === undefined) return schema.title ?? '';
  return [...new Set(schema.enum.map((value) => `\`${String(value)}\``))].join(' ');
}

function defaultOf(schema: Schema): string {
  const value = schema.default;
  if (value === undefined || value === null || JSON.stringify(value) === '{}') return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function transformRows(): string[][] {
  return Object.entries<TransformSpec>(TRANSFORM_NAMES).map(([name, { what, args }]) => {
    const list = Object.entries(args).map(
      ([arg, { kind, optional }]) => `\`${arg}\`: ${kind}${optional ? ' (may be left out)' : ''}`,
    );
    return [`\`${name}\``, list.join(', '), what];
  });
}

function rulesPage(): string {
  return [
    '# What `sluice lint` finds',
    GENERATED,
    'Names are stable. An error stops a run before anything is read; a warning does not.',
    table(['rule', 'severity', 'what is wrong', 'what to do'], ruleRows(RULES)),
  ].join('\n\n');
}

function ruleRows(rules: Readonly<Record<string, RuleSpec>>): string[][] {
  return Object.entries(rules).map(([name, { severity, what, fix }]) => [`\`${name}\``, severity, what, fix]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return lines.join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

async function write(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
