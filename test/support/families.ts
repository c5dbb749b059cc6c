/** Parents, and children that are kept back without theirs in each of the ways that there are. */
export const FAMILIES = {
  'sync.config.yaml': 'version: 1\nproject: families\n',
  'mappings/tables/parent.yaml':
    'table: parent\nprimary_key: id\ncolumns:\n  id: { type: string(18), required: true }\n  name: { type: string(255) }\n',
  ...kept('required', 'wait'),
  ...kept('left-out', 'skip'),
  ...kept('refused', 'quarantine'),
  'mappings/parents.yaml': `version: 1
mapping: parents
source: { object: Account }
tables:
  parent: { key: id, columns: { id: Id, name: Name } }
`,
};

/** One of them. @param policy  of the link, where the parent is missing */
export function kept(mapping: string, policy: string): Record<string, string> {
  const table = `child_${mapping.replace('-', '_')}`;
  return {
    [`mappings/tables/${table}.yaml`]: `table: ${table}
primary_key: id
columns:
  id: { type: string(18), required: true }
  parent_id: { type: string(18), required: true, references: parent.id }
`,
    [`mappings/${mapping}.yaml`]: `version: 1
mapping: ${mapping}
source: { object: Contact, where: "LastName = 'Child'" }
tables:
  ${table}:
    key: id
    columns:
      id: Id
      parent_id: { from: AccountId, link: parent, on_missing: ${policy} }
`,
  };
}
