/**
 * The floor of mappings/affiliations.yaml. COPY itself drops what no volunteer's can be, which is most of the file. Of
 * several records of one pair the best is taken whole, where Sluice keeps a date that the better one lacks.
 */
import type { Floor } from './floor.ts';

const FIELDS: readonly (readonly [name: string, type: string])[] = [
  ['id', 'text'],
  ['organization', 'text'],
  ['contact', 'text'],
  ['contact_type', 'text'],
  ['role', 'text'],
  ['is_primary', 'boolean'],
  ['status', 'text'],
  ['start_date', 'timestamp'],
  ['end_date', 'timestamp'],
  ['modified', 'timestamptz'],
];

const STATUS = `CASE lower(btrim(status)) WHEN 'former' THEN 'Past' WHEN 'past' THEN 'Past' WHEN 'current' THEN 'Current'
    WHEN 'pending' THEN 'Pending' ELSE left(nullif(btrim(status), ''), 50) END`;

const RANK = `CASE a.status WHEN 'Current' THEN 0 WHEN 'Pending' THEN 1 WHEN 'Past' THEN 2 ELSE 3 END`;

const stubs = (table: string, id: string, type: string): string => `
INSERT INTO organization (salesforce_id, name, type)
SELECT p.${id}, p.name, '${type}' FROM ${table} p JOIN (SELECT DISTINCT organization FROM staging) s ON s.organization = p.${id}
ON CONFLICT (salesforce_id) DO NOTHING;`;

export const AFFILIATIONS: Floor = {
  mapping: 'affiliations',
  createStaging: `CREATE TEMPORARY TABLE staging (${FIELDS.map(([name, type]) => `${name} ${type}`).join(', ')});`,
  columns: FIELDS.map(([name]) => name),
  takes: `contact IS NOT NULL AND contact_type IS DISTINCT FROM 'Student' AND contact_type IS DISTINCT FROM 'Teacher'`,
  load: `
BEGIN;${stubs('school', 'id', 'School')}${stubs('district', 'salesforce_id', 'District')}
INSERT INTO volunteer_organization (volunteer_id, organization_id, salesforce_volunteer_id, salesforce_org_id, role,
  is_primary, status, start_date, end_date, date_source)
SELECT DISTINCT ON (v.id, o.id) v.id, o.id, a.contact, a.organization, a.role, coalesce(a.is_primary, false),
  coalesce(a.status, 'Current'), CASE WHEN coalesce(a.status, 'Current') = 'Current' THEN coalesce(a.start_date, now()) ELSE a.start_date END,
  a.end_date, 'salesforce'
FROM (SELECT id, organization, contact, role, is_primary, ${STATUS} AS status, start_date, end_date, modified FROM staging) a
JOIN contact c ON c.salesforce_individual_id = a.contact
JOIN volunteer v ON v.id = c.id
JOIN organization o ON o.salesforce_id = a.organization
ORDER BY v.id, o.id, ${RANK}, a.start_date DESC NULLS LAST, a.modified DESC NULLS LAST, a.id;
COMMIT;`,
};
