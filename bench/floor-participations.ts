/**
 * The floor of mappings/student-participants.yaml. Of several records of one student in one event the last changed is
 * taken; those whose event or student is not here are dropped, where Sluice keeps them in mind.
 */
import type { Floor } from './floor.ts';

const FIELDS: readonly (readonly [name: string, type: string])[] = [
  ['id', 'text'],
  ['contact', 'text'],
  ['session', 'text'],
  ['status', 'text'],
  ['hours', 'double precision'],
  ['age_group', 'text'],
  ['modified', 'timestamptz'],
];

export const PARTICIPATIONS: Floor = {
  mapping: 'student-participants',
  createStaging: `CREATE TEMPORARY TABLE staging (${FIELDS.map(([name, type]) => `${name} ${type}`).join(', ')});`,
  columns: FIELDS.map(([name]) => name),
  load: `
INSERT INTO event_student_participation (salesforce_id, event_id, student_id, status, delivery_hours, age_group)
SELECT DISTINCT ON (e.id, t.id) s.id, e.id, t.id, btrim(s.status), CASE WHEN s.hours > 0 THEN s.hours END, btrim(s.age_group)
FROM staging s
-- Named in full: the embedded user has a schema of its own name, in which Sluice keeps events of runs.
JOIN public.event e ON e.salesforce_id = s.session
JOIN contact c ON c.salesforce_individual_id = s.contact
JOIN student t ON t.id = c.id
ORDER BY e.id, t.id, s.modified DESC NULLS LAST, s.id;`,
};
