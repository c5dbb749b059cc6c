import type { Files } from './project-folder.ts';

export interface Village {
  readonly name: string;
  readonly phases: string;
  /** Mappings that this one links to, each by a column of its own. */
  readonly links?: readonly string[];
  readonly onMissing?: 'wait' | 'null' | 'quarantine';
  readonly tags?: string;
}

/** A project with a mapping and a table for each name. */
export function village(phases: string, mappings: readonly Village[]): Files {
  const files: Record<string, string> = { 'sync.config.yaml': `version: 1\nproject: village\nphases: [${phases}]\n` };
  for (const { name, phases: own, links = [], tags = '', onMissing = 'wait' } of mappings) {
    files[`mappings/${name}.yaml`] = `version: 1
mapping: ${name}
tags: [${tags}]
source: { object: Thing__c }
phases: ${own}
tables:
  ${name}:
    key: salesforce_id
    columns:
      salesforce_id: Id
${links.map((link) => `      ${link}_id: { from: Parent__c, link: ${link}, on_missing: ${onMissing} }`).join('\n')}
`;
    files[`mappings/tables/${name}.yaml`] = `table: ${name}
columns:
  salesforce_id: { type: string(18), unique: true }
${links.map((link) => `  ${link}_id: { type: integer, references: ${link}.id }`).join('\n')}
`;
  }
  return files;
}
